package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// metricsText reads metrics as Prometheus does.
func metricsText(m *Metrics) string {
	return do(m.Handler(), httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
}

func everySource() Sources {
	return Sources{
		Index:   fakeIndex{Ready: true, Documents: 7, Pending: 3, LagSeconds: 1.5},
		Feed:    func() FeedStats { return FeedStats{Subscribers: 2, Events: 11, Dropped: 1} },
		Pool:    func() PoolStats { return PoolStats{Open: 4, Busy: 1, Most: 8, Waits: 5} },
		Streams: gqlhttp.NewStreams(),
	}
}

func TestMetricsCountWhatTheServerDoes(t *testing.T) {
	o := fakeOptions()
	o.Metrics = NewMetrics(everySource())
	h := Handler(o)
	query(t, h, "query secretName { hello }")
	query(t, h, "{ hello }")
	query(t, h, "{ nothing }")
	query(t, h, "mutation { change }")
	get(h, "/healthz")
	text := metricsText(o.Metrics)
	for _, want := range []string{
		`jisi_requests_total{code="OK",operation="query"} 2`,
		`jisi_requests_total{code="GRAPHQL_VALIDATION_FAILED",operation="none"} 1`,
		`jisi_requests_total{code="OK",operation="mutation"} 1`,
		`jisi_requests_total{code="200",operation="none"} 1`,
		`jisi_request_duration_seconds_count{operation="query"} 2`,
		"jisi_query_cost_count 3",
		"jisi_index_ready 1", "jisi_index_failing 0", "jisi_index_documents 7", "jisi_feed_pending 3", "jisi_feed_lag_seconds 1.5",
		"jisi_subscribers 2", "jisi_subscription_events_total 11", "jisi_subscribers_dropped_total 1",
		"jisi_database_connections 4", "jisi_database_connections_busy 1", "jisi_database_connections_max 8", "jisi_database_waits_total 5",
		"jisi_streams 0", "go_goroutines ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(text, "secretName") {
		t.Error("an operation's own name is a label")
	}
}

func TestTheDashboardShowsMetricsThatThereAre(t *testing.T) {
	content, err := os.ReadFile("../deploy/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(content, &dashboard); err != nil {
		t.Fatal(err)
	}
	o := fakeOptions()
	o.Metrics = NewMetrics(everySource())
	query(t, Handler(o), "{ hello }")
	text := metricsText(o.Metrics)
	shown := 0
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			for _, name := range regexp.MustCompile(`\b(jisi|go|process)_[a-z_]+`).FindAllString(target.Expr, -1) {
				shown++
				if !strings.Contains(text, "\n"+name) {
					t.Errorf("%s shows %s, which there is not", p.Title, name)
				}
			}
		}
	}
	if shown < 10 {
		t.Errorf("it shows %d metrics", shown)
	}
}
