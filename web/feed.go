package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// feedLink is where a feed is.
type feedLink struct{ Title, URL string }

// feedOf is the feed of what a page is about.
func feedOf(p page, r *http.Request) feedLink {
	switch p.name {
	case "topic", "committee":
		return feedLink{"这一页的更新", "/feeds/" + p.name + "s/" + url.PathEscape(r.PathValue("slug"))}
	case "region":
		return feedLink{"这一页的更新", "/feeds/regions/" + url.PathEscape(r.PathValue("code"))}
	case "search":
		query := fromStart(searchQuery(r.URL.Query()))
		query.Del("sort")
		if len(query) > 0 {
			return feedLink{"这一检索的更新", "/feeds/search?" + query.Encode()}
		}
	}
	return feedLink{"吉思广益的更新", "/feeds/all"}
}

// feeds adds to the mux the feeds of what is published, as Atom (RFC 4287): what
// changed last first, at most 50 entries. They are the same for every reader, signed in
// or not.
//
//	GET /feeds/all
//	GET /feeds/topics/SLUG, /feeds/committees/SLUG, /feeds/regions/CODE
//	GET /feeds/search?…   with the parameters of /search; of its hits the 100 newest
func (s *site) feeds(mux *http.ServeMux) {
	mux.HandleFunc("GET /feeds/all", s.feed("", func(*http.Request, string) map[string]any {
		return map[string]any{"withProposals": true, "withBrands": true, "withPractices": true, "withActivities": true, "withNeeds": true}
	}))
	mux.HandleFunc("GET /feeds/topics/{of}", s.feed("topic", func(r *http.Request, _ string) map[string]any {
		of := []any{r.PathValue("of")}
		topics := map[string]any{"topics": of}
		return map[string]any{"cases": topics, "proposals": topics, "topics": of, "withProposals": true, "withBrands": false, "withPractices": false, "withActivities": false, "withNeeds": true}
	}))
	mux.HandleFunc("GET /feeds/committees/{of}", s.feed("committee", func(_ *http.Request, id string) map[string]any {
		committees := []any{id}
		of := map[string]any{"committees": committees}
		return map[string]any{"cases": of, "proposals": of, "brands": of, "committees": committees, "withProposals": true, "withBrands": true, "withPractices": true, "withActivities": true, "withNeeds": true}
	}))
	mux.HandleFunc("GET /feeds/regions/{of}", s.feed("region", func(r *http.Request, _ string) map[string]any {
		of := map[string]any{"regions": []any{r.PathValue("of")}}
		return map[string]any{"cases": of, "brands": of, "withProposals": false, "withBrands": true, "withPractices": false, "withActivities": false, "withNeeds": false}
	}))
	mux.HandleFunc("GET /feeds/search", s.searchFeed)
}

// feed answers with the feed of what a root field names, of all where it is "".
func (s *site) feed(of string, variables func(r *http.Request, id string) map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(catalog.WithViewer(r.Context(), nil)) // anybody's
		title, id := "吉思广益", ""
		if of != "" {
			slug := r.PathValue("of")
			data, err := s.runDocument(r, "feedof", map[string]any{
				"topic": slug, "committee": slug, "region": slug, "isTopic": of == "topic", "isCommittee": of == "committee", "isRegion": of == "region",
			})
			found := object(data[of])
			if err == nil && found == nil {
				err = errNoPage
			}
			if err != nil {
				s.fail(w, r, err)
				return
			}
			title, id = title+" · "+text(found["name"]), text(found["id"])
		}
		data, err := s.runDocument(r, "feed", variables(r, id))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		var records []map[string]any
		for _, field := range []string{"cases", "proposals", "brands", "practices", "activities", "needs"} {
			for _, record := range list(object(data[field])["nodes"]) {
				records = append(records, object(record))
			}
		}
		s.writeFeed(w, r, title, pageOfFeed[of], records)
	}
}

// pageOfFeed are where what feeds are of has its page.
var pageOfFeed = map[string]string{"": "/", "topic": "/topics/", "committee": "/committees/", "region": "/regions/"}

func (s *site) searchFeed(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(catalog.WithViewer(r.Context(), nil))
	variables, err := searchVariables(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	selected := map[string]any{"query": variables["query"]}
	for _, name := range []string{"kinds", "filter"} {
		if v, ok := variables[name]; ok {
			selected[name] = v
		}
	}
	data, err := s.runDocument(r, "feedsearch", selected)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var records []map[string]any
	for _, record := range list(object(data["search"])["edges"]) {
		if hit := object(object(record)["node"]); hit["slug"] != nil {
			records = append(records, hit)
		}
	}
	title := "吉思广益 · 检索"
	if q := text(variables["query"]); q != "" {
		title += "“" + q + "”"
	}
	s.writeFeed(w, r, title, "/search", records)
}

// runDocument runs a document that is no page's.
func (s *site) runDocument(r *http.Request, document string, variables map[string]any) (map[string]any, error) {
	data, failed := s.Query.Query(r.Context(), s.documents[document], "", variables)
	if len(failed) > 0 {
		return nil, &queryError{page: document, errors: failed}
	}
	return decode(data)
}

// The elements of Atom that are used.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     *atomAuthor    `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// Bounds on a feed.
const (
	feedEntries = 50
	feedSummary = 300 // characters
)

// writeFeed writes the records that changed last.
func (s *site) writeFeed(w http.ResponseWriter, r *http.Request, title, at string, records []map[string]any) {
	slices.SortStableFunc(records, func(a, b map[string]any) int { // RFC 3339 in UTC sorts as text
		return strings.Compare(text(b["updatedAt"]), text(a["updatedAt"]))
	})
	address := s.address(r)
	self := address + r.URL.Path
	page := address + at
	if of := r.PathValue("of"); of != "" {
		page += url.PathEscape(of)
	}
	if q := r.URL.RawQuery; q != "" && r.URL.Path == "/feeds/search" {
		clean := searchQuery(r.URL.Query()).Encode()
		self, page = self+"?"+clean, page+"?"+clean
	}
	feed := atomFeed{
		Lang: "zh-CN", ID: self, Title: title, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), Author: atomAuthor{"吉思广益"},
		Links: []atomLink{{"self", "application/atom+xml", self}, {"alternate", "text/html", page}},
	}
	for _, record := range records[:min(len(records), feedEntries)] {
		feed.Entries = append(feed.Entries, entryOf(address, record))
	}
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		s.fail(w, r, fmt.Errorf("writing a feed: %w", err))
		return
	}
	sum := sha256.Sum256(b.Bytes())
	modified, _ := time.Parse(time.RFC3339, feed.Updated) // as written above
	h := w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", modified, bytes.NewReader(b.Bytes()))
}

func entryOf(address string, record map[string]any) atomEntry {
	kind := text(record["__typename"])
	at := address + paths[kind] + url.PathEscape(text(record["slug"]))
	title := text(record["title"])
	for _, field := range []string{"name", "problem"} { // of what has no title
		if title == "" {
			title = text(record[field])
		}
	}
	if record["origin"] == string(catalog.OriginSynthetic) {
		title = "【合成数据】" + title
	}
	e := atomEntry{
		ID: at, Title: kindLabel(kind) + "：" + title, Published: text(record["createdAt"]), Updated: text(record["updatedAt"]),
		Links: []atomLink{{"alternate", "text/html", at}}, Categories: []atomCategory{{strings.ToLower(kind), kindLabel(kind)}},
	}
	if name := text(object(record["committee"])["name"]); name != "" {
		e.Author = &atomAuthor{name}
	}
	for _, topic := range list(record["topics"]) {
		e.Categories = append(e.Categories, atomCategory{text(object(topic)["slug"]), text(object(topic)["name"])})
	}
	for _, field := range []string{"summary", "description", "text"} {
		if s := text(record[field]); s != "" {
			e.Summary = clip(s, feedSummary)
			break
		}
	}
	return e
}
