package e2e

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// withoutAPrimary shows what a server answers while there is a standby only: it reads,
// with a warning and a line on each page, stays at its balancer, and refuses writes at
// once, saying when to come again.
func withoutAPrimary(t *testing.T, s *server, token string) {
	t.Helper()
	send := func(path, body string) (*http.Response, string) {
		t.Helper()
		method := http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Apollo-Require-Preflight", "true")
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+token)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(text)
	}
	eventually(t, "it is known that there is no primary", func() bool {
		r, _ := send("/readyz?for=write", "")
		return r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != ""
	})
	for _, path := range []string{"/readyz", "/readyz?for=read", "/search?q=%E8%93%9D%E8%8E%93", "/cases/e2e-gong-you", "/brands", "/export/cases.jsonl", "/graphql?query=%7Bcases%7BtotalCount%7D%7D"} {
		r, text := send(path, "")
		if r.StatusCode != http.StatusOK || r.Header.Get("Warning") == "" {
			t.Errorf("%s without a primary: status %d, Warning %q", path, r.StatusCode, r.Header.Get("Warning"))
		}
		if page := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"); page != strings.Contains(text, "数据库主库暂时不可用") {
			t.Errorf("%s: whether it is a page, %v, and whether it says that writing has to wait differ", path, page)
		}
	}
	began := time.Now()
	r, text := send("/graphql", `{"query":"mutation { createCase(input: {title: \"写不进\"}) { userErrors { code } } }"}`)
	if !strings.Contains(text, `"UNAVAILABLE"`) || r.Header.Get("Retry-After") == "" || time.Since(began) > 2*time.Second {
		t.Errorf("a write without a primary, after %v: status %d, Retry-After %q, %s", time.Since(began), r.StatusCode, r.Header.Get("Retry-After"), text)
	}
}

// A primary whose replication does not wait takes its last commits with it. A server
// that had them in its index says so and builds the index anew, and what comes in
// their place, under the same numbers, is found.
func TestAnIndexGivesBackWhatTheNewPrimaryLacks(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t, store.Migrate)
	p := newPlace(t)
	p.database = pair.URL()
	s := p.serve(t)
	bring := func(slug, title string) {
		t.Helper()
		p.must(t, strings.NewReader(`{"type":"case","slug":"`+slug+`","title":"`+title+`","committee":"changchun"}`+"\n"), "import", "-")
	}
	finds := func(slug, title string, want bool) {
		t.Helper()
		eventually(t, slug, func() bool { return slices.Contains(s.found(t, title), "case "+slug) == want })
	}
	token := strings.TrimSpace(p.must(t, nil, "token", "create", "-role", "editor", "-committee", "changchun", "-name", "editor").out)
	bring("e2e-gong-you", "蓝莓冷链物流") // after which the standby has the token too
	finds("e2e-gong-you", "蓝莓冷链物流", true)
	conn, err := pgx.Connect(t.Context(), pair.Standby.URL())
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the standby has it", func() bool {
		var there bool
		err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM cases WHERE slug = 'e2e-gong-you')`).Scan(&there)
		return err == nil && there
	})
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	pair.Standby.Kill()
	bring("e2e-diu-shi", "桑黄菌包改良")
	finds("e2e-diu-shi", "桑黄菌包改良", true)
	pair.Primary.Kill()
	pair.Standby.Start()
	withoutAPrimary(t, s, token)
	pair.Standby.Promote()

	finds("e2e-diu-shi", "桑黄菌包改良", false)
	finds("e2e-gong-you", "蓝莓冷链物流", true)
	bring("e2e-hou-lai", "鹿茸检测中心")
	finds("e2e-hou-lai", "鹿茸检测中心", true)
	eventually(t, "it is told", func() bool { return strings.Contains(s.log.String(), "lacks changes that were followed") })
	eventually(t, "the index has followed", func() bool { return pending(t, s) == 0 })
	s.stop(t)
	(&fire{url: pair.Standby.URL(), places: []place{p}}).checkIndexes(t)
}
