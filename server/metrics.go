package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// Metrics counts what a server does, for Prometheus. NewMetrics makes one; it is
// safe for concurrent use, and a nil one counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	cost     prometheus.Histogram
	answers  *prometheus.CounterVec
}

// FeedStats are counts of what subscribers were told since the start.
type FeedStats struct {
	Subscribers     int
	Events, Dropped int64
}

// PoolStats are the connections to the database.
type PoolStats struct {
	Open, Busy, Most int
	Waits            int64 // for a connection, since the start
}

// Sources are what is asked when the metrics are read. Those that are nil are
// left out.
type Sources struct {
	Index   Index
	Feed    func() FeedStats
	Pool    func() PoolStats
	Streams *gqlhttp.Streams
}

// NewMetrics makes metrics of this server and its process.
func NewMetrics(s Sources) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jisi_requests_total", Help: "Requests, by what they asked for and how they ended: the code of the first error, OK, or the HTTP status of what is no operation; 499 where the client left before its answer."}, []string{"operation", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "jisi_request_duration_seconds", Help: "Time for an answer, by what was asked for.", Buckets: prometheus.ExponentialBuckets(0.0005, 2, 15)}, []string{"operation"}),
		cost:     prometheus.NewHistogram(prometheus.HistogramOpts{Name: "jisi_query_cost", Help: "Fields that the answers to queries may have.", Buckets: prometheus.ExponentialBuckets(1, 4, 10)}),
	}
	m.answers = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "jisi_answers_total", Help: "Queries, by the way that they were answered: by one statement, by the index and a statement, or by resolvers."}, []string{"way"})
	m.registry.MustRegister(m.requests, m.duration, m.cost, m.answers, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if s.Index != nil {
		m.registry.MustRegister(indexMetrics{s.Index})
	}
	if s.Feed != nil {
		m.follow("jisi_subscribers", "Subscriptions to changes.", func() float64 { return float64(s.Feed().Subscribers) })
		m.total("jisi_subscription_events_total", "Changes told to subscribers.", func() float64 { return float64(s.Feed().Events) })
		m.total("jisi_subscribers_dropped_total", "Subscribers let go for being too slow.", func() float64 { return float64(s.Feed().Dropped) })
	}
	if s.Pool != nil {
		m.follow("jisi_database_connections", "Connections to the database.", func() float64 { return float64(s.Pool().Open) })
		m.follow("jisi_database_connections_busy", "Connections in use.", func() float64 { return float64(s.Pool().Busy) })
		m.follow("jisi_database_connections_max", "Connections at most.", func() float64 { return float64(s.Pool().Most) })
		m.total("jisi_database_waits_total", "Times that a statement waited for a connection.", func() float64 { return float64(s.Pool().Waits) })
	}
	if s.Streams != nil {
		m.follow("jisi_streams", "WebSockets and event streams that are open.", func() float64 { return float64(s.Streams.Open()) })
	}
	return m
}

func (m *Metrics) follow(name, help string, get func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, get))
}

func (m *Metrics) total(name, help string, get func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, get))
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// observe counts a request that has ended. Names of operations are their
// authors' own and without bound, so that only their kind is a label.
func (m *Metrics) observe(op gqlhttp.Operation, status string, took time.Duration) {
	if m == nil {
		return
	}
	operation, code := "none", status
	if op.Kind != "" {
		operation, code = strings.ToLower(op.Kind), "OK"
		m.cost.Observe(float64(op.Cost))
	}
	switch {
	case status == strconv.Itoa(statusGone):
		code = status
	case len(op.Errors) > 0:
		code = op.Errors[0]
	}
	m.requests.WithLabelValues(operation, code).Inc()
	m.duration.WithLabelValues(operation).Observe(took.Seconds())
}

// Answered counts a query by the way that it was answered.
func (m *Metrics) Answered(way string) {
	if m != nil {
		m.answers.WithLabelValues(way).Inc()
	}
}

// indexMetrics tell how the index does, asked for once a reading.
type indexMetrics struct{ index Index }

var (
	indexReady     = prometheus.NewDesc("jisi_index_ready", "1 where the index can be searched.", nil, nil)
	indexFailing   = prometheus.NewDesc("jisi_index_failing", "1 where the index could not follow the last time it tried.", nil, nil)
	indexDocuments = prometheus.NewDesc("jisi_index_documents", "Records that can be found.", nil, nil)
	feedPending    = prometheus.NewDesc("jisi_feed_pending", "Changes that the index has not seen; -1 where not known.", nil, nil)
	feedLag        = prometheus.NewDesc("jisi_feed_lag_seconds", "Age of the oldest of these.", nil, nil)
)

// Describe names the metrics.
func (indexMetrics) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{indexReady, indexFailing, indexDocuments, feedPending, feedLag} {
		c <- d
	}
}

// Collect asks the index.
func (i indexMetrics) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
	defer cancel()
	h := i.index.Health(ctx)
	for _, m := range []struct {
		desc  *prometheus.Desc
		value float64
	}{
		{indexReady, oneIf(h.Ready)},
		{indexFailing, oneIf(h.Failing)},
		{indexDocuments, float64(h.Documents)},
		{feedPending, float64(h.Pending)},
		{feedLag, h.LagSeconds},
	} {
		c <- prometheus.MustNewConstMetric(m.desc, prometheus.GaugeValue, m.value)
	}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
