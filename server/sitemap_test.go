package server

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// manyRecords are n cases, of which each tenth is withdrawn.
type manyRecords int

func (n manyRecords) Harvest(_ context.Context, q catalog.HarvestQuery) (list []*catalog.Harvested, err error) {
	for id := q.After.ID + 1; id <= catalog.ID(n) && len(list) < q.Limit; id++ {
		list = append(list, &catalog.Harvested{
			Kind: catalog.KindCase, Slug: fmt.Sprintf("case-%d", id), Deleted: id%10 == 0,
			Place: catalog.HarvestPlace{ID: id, At: time.Date(2026, 11, 27, 20, 0, 0, 0, time.FixedZone("", 8*3600))},
		})
	}
	return list, nil
}

func TestTheSitemapListsWhatIsPublished(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 2500: 2250, 70_000: sitemapMost - len(sitemapPages)} {
		o := fakeOptions()
		o.Sitemap, o.PublicURL = manyRecords(n), "https://jisi.example/"
		h := Handler(o)
		w := get(h, "/sitemap.xml")
		var got sitemapOf
		if err := xml.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d records: %d %v", n, w.Code, err)
		}
		if records := len(got.URLs) - len(sitemapPages); records != want {
			t.Errorf("of %d records %d are listed, want %d", n, records, want)
		}
		if n == 1 && got.URLs[len(got.URLs)-1] != (sitemapURL{"https://jisi.example/cases/case-1", "2026-11-27"}) {
			t.Errorf("%+v", got.URLs[len(got.URLs)-1])
		}
		if text := get(h, "/robots.txt").Body.String(); !strings.Contains(text, "Sitemap: https://jisi.example/sitemap.xml\n") {
			t.Errorf("robots.txt does not name it: %s", text)
		}
	}
}

// A proxy that changes the Host makes the site's own forms look like another's: who
// sits before the browser is told what to set.
func TestAFormBehindAProxyWithoutHostIsAnsweredByAPage(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		accept, host, media string
		status              int
	}{
		{"text/html,*/*", "127.0.0.1:8080", "text/html", http.StatusForbidden},
		{"application/json", "127.0.0.1:8080", "application/json", http.StatusForbidden},
		{"text/html,*/*", "jisi.example", "", http.StatusSeeOther},
	} {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("token=jisi_x"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://jisi.example")
		r.Header.Set("Accept", c.accept)
		r.Host = c.host
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != c.status || !strings.HasPrefix(w.Header().Get("Content-Type"), c.media) {
			t.Errorf("%s at %s: %d %s", c.accept, c.host, w.Code, w.Header().Get("Content-Type"))
		}
		if c.media == "text/html" {
			for _, want := range []string{"-public-url", "proxy_set_header Host", "这个请求没有处理"} {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("the page does not say %s: %.300s", want, w.Body)
				}
			}
		}
	}
	if log := s.log.String(); !strings.Contains(log, `event="refused: the form comes from another site"`) || !strings.Contains(log, `msg=audit event=refused code=FORBIDDEN`) {
		t.Errorf("the audit log does not say so: %s", log)
	}
}
