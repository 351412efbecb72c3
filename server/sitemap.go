package server

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Sitemap lists the published records, the longest unchanged first; none of them is
// made up.
type Sitemap interface {
	Harvest(ctx context.Context, q catalog.HarvestQuery) ([]*catalog.Harvested, error)
}

const (
	// sitemapMost is how many addresses a sitemap may have, by sitemaps.org.
	sitemapMost = 50_000
	sitemapPart = 1000
)

// sitemapKinds are those whose records are listed.
var sitemapKinds = []catalog.RecordKind{catalog.KindCase, catalog.KindBrand, catalog.KindProposal, catalog.KindPractice}

// sitemapPages are the pages that are no record's.
var sitemapPages = []string{"/", "/search?kind=CASE", "/learn", "/brands", "/proposals", "/practices", "/persons", "/committees", "/topics", "/research", "/releases", "/developers", "/help"}

// robots keeps crawlers to what people read, and says where that is listed.
func robots(o Options) string {
	text := "User-agent: *\nDisallow: /graphql\nDisallow: /playground\nDisallow: /export/\nDisallow: /sign-in\nDisallow: /search?\n"
	if o.Sitemap != nil && o.PublicURL != "" {
		text += "\nSitemap: " + strings.TrimSuffix(o.PublicURL, "/") + "/sitemap.xml\n"
	}
	return text
}

// sitemapOf is a sitemap in the words of sitemaps.org.
type sitemapOf struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap answers with the addresses of the pages that the public reads, at most
// sitemapMost, where the site's address is known as that, and else as it was asked for.
// One at a time is made.
func sitemap(from Sitemap, address string, log *slog.Logger) http.Handler {
	turns := newTurns(1, "生成网站地图", "sitemap")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done, err := turns.take(r.Context(), "")
		if err != nil {
			w.Header().Set("Retry-After", "60")
			http.Error(w, known(err).Zh, http.StatusServiceUnavailable)
			return
		}
		defer done()
		at := strings.TrimSuffix(address, "/")
		if at == "" {
			at = "http://" + r.Host
		}
		made, err := listPages(r.Context(), from, at)
		if err != nil {
			logFailure(r.Context(), log, "a sitemap failed", "error", err)
			w.Header().Set("Retry-After", "60")
			http.Error(w, "暂时无法读取 · cannot be read just now", http.StatusServiceUnavailable)
			return
		}
		charge(r.Context(), len(made.URLs))
		w.Header().Set("Content-Type", "application/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write([]byte(xml.Header))
		if err := xml.NewEncoder(w).Encode(made); err != nil {
			log.DebugContext(r.Context(), "a crawler went away", "error", err)
		}
	})
}

func listPages(ctx context.Context, from Sitemap, at string) (*sitemapOf, error) {
	made := &sitemapOf{}
	for _, page := range sitemapPages {
		made.URLs = append(made.URLs, sitemapURL{Loc: at + page})
	}
	q := catalog.HarvestQuery{Limit: sitemapPart, Kinds: sitemapKinds}
	for {
		part, err := from.Harvest(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("list pages: %w", err)
		}
		for _, one := range part {
			if !one.Deleted && len(made.URLs) < sitemapMost {
				made.URLs = append(made.URLs, sitemapURL{at + catalog.Permalink(one.Kind, one.Slug), one.Place.At.UTC().Format("2006-01-02")})
			}
		}
		if len(part) < sitemapPart || len(made.URLs) == sitemapMost {
			return made, nil
		}
		q.After = part[len(part)-1].Place
	}
}
