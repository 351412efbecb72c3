package indexer

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
)

var update = flag.Bool("update", false, "write the golden figures anew")

// rankingRecord is what the judged test takes of a record of the import format.
type rankingRecord struct {
	Type              string   `json:"type"`
	Slug              string   `json:"slug"`
	Code              string   `json:"code"`
	Name              string   `json:"name"`
	Parent            string   `json:"parent"`
	Title             string   `json:"title"`
	AlternativeTitles []string `json:"alternativeTitles"`
	Origin            string   `json:"origin"`
	Status            string   `json:"status"`
	Description       string   `json:"description"`
	Summary           string   `json:"summary"`
	Background        string   `json:"background"`
	Approach          string   `json:"approach"`
	Results           string   `json:"results"`
	Lessons           string   `json:"lessons"`
	Text              string   `json:"text"`
	Committee         string   `json:"committee"`
	Brand             string   `json:"brand"`
	Region            string   `json:"region"`
	Topics            []string `json:"topics"`
	PossiblySameAs    []string `json:"possiblySameAs"`
	Supervisions      []struct {
		Note string `json:"note"`
	} `json:"supervisions"`
}

// ranking is the judged collection in an index.
type ranking struct {
	index  *Index
	slugs  map[catalog.ID]string
	topics map[catalog.ID][]string // those that the record itself names
}

func openRanking(t *testing.T, more ...rankingRecord) *ranking {
	t.Helper()
	records := more
	for name, r := range data.Records() {
		records = append(records, readRecords(t, name, r)...)
	}
	f, err := os.Open("testdata/ranking/synthetic.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records = append(records, readRecords(t, f.Name(), f)...)
	c := collection{records: records, names: map[string]rankingRecord{}, ids: map[string]catalog.ID{}}
	docs := c.documents()
	x, _ := indexOf(t, docs...)
	out := &ranking{index: x, slugs: map[catalog.ID]string{}, topics: map[catalog.ID][]string{}}
	for _, d := range docs {
		out.slugs[d.ID], out.topics[d.ID] = d.Slug, d.OwnTopics
	}
	return out
}

func readRecords(t *testing.T, name string, r io.Reader) []rankingRecord {
	t.Helper()
	var out []rankingRecord
	for d := json.NewDecoder(r); d.More(); {
		var rec rankingRecord
		if err := d.Decode(&rec); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if rec.Status != string(catalog.StatusArchived) { // what is withdrawn is not found
			out = append(out, rec)
		}
	}
	return out
}

// collection turns records into documents.
type collection struct {
	records []rankingRecord
	names   map[string]rankingRecord // by type and slug or code
	ids     map[string]catalog.ID
}

var searchable = map[string]catalog.RecordKind{
	"case": catalog.KindCase, "brand": catalog.KindBrand, "proposal": catalog.KindProposal, "practice": catalog.KindPractice,
}

func (c *collection) documents() []*catalog.Document {
	for _, r := range c.records {
		c.names[r.Type+" "+r.Slug+r.Code] = r
		if searchable[r.Type] != "" {
			c.ids[r.Slug] = catalog.ID(len(c.ids) + 1)
		}
	}
	var out []*catalog.Document
	for _, r := range c.records {
		if searchable[r.Type] != "" {
			out = append(out, c.document(r))
		}
	}
	return out
}

func (c *collection) document(r rankingRecord) *catalog.Document {
	d := &catalog.Document{
		ID: c.ids[r.Slug], Kind: searchable[r.Type], Slug: r.Slug, Version: 1, Title: r.Title + r.Name,
		AlternativeTitles: r.AlternativeTitles, Level: catalog.LevelUnstated, Origin: catalog.Origin(r.Origin),
		Committee: r.Committee, Region: r.Region, OwnTopics: r.Topics,
	}
	for _, f := range [][2]string{
		{"description", r.Description},
		{"summary", r.Summary},
		{"background", r.Background},
		{"approach", r.Approach},
		{"results", r.Results},
		{"lessons", r.Lessons},
		{"text", r.Text},
	} {
		if f[1] != "" {
			d.Fields = append(d.Fields, catalog.DocumentField{Name: f[0], Text: f[1]})
		}
	}
	for _, s := range r.Supervisions {
		if s.Note != "" {
			d.Fields = append(d.Fields, catalog.DocumentField{Name: "supervisions.note", Text: s.Note})
		}
	}
	if committee, ok := c.names["committee "+r.Committee]; ok {
		d.Names.Committee = []string{committee.Name}
		if d.Region == "" {
			d.Region = committee.Region
		}
	}
	d.Brands, d.Names.Brand = c.up("brand ", r.Brand)
	d.Regions, d.Names.Region = c.up("region ", d.Region)
	for _, t := range r.Topics {
		slugs, names := c.up("topic ", t)
		if slugs == nil { // the synthetic cases name topics that are not in the table
			slugs, names = []string{t}, []string{t}
		}
		d.Topics, d.Names.Topics = append(d.Topics, slugs...), append(d.Names.Topics, names...)
	}
	for _, other := range r.PossiblySameAs {
		d.PossiblySameAs = append(d.PossiblySameAs, c.ids[other])
	}
	return d
}

// up returns what stands under the key, and all above it.
func (c *collection) up(kind, key string) (keys, names []string) {
	for key != "" {
		r, ok := c.names[kind+key]
		if !ok {
			break
		}
		keys, names = append(keys, key), append(names, r.Name)
		key = r.Parent
	}
	return keys, names
}

type judgedQuery struct {
	Kind     string   `json:"kind"`
	Query    string   `json:"query"`
	Problem  string   `json:"problem"`
	Relevant []string `json:"relevant"`
}

func readJudged(t *testing.T, file string) []judgedQuery {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata/ranking", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []judgedQuery
	for d := json.NewDecoder(f); d.More(); {
		var q judgedQuery
		if err := d.Decode(&q); err != nil {
			t.Fatal(err)
		}
		out = append(out, q)
	}
	return out
}

// tally adds up how a kind of queries does.
type tally struct {
	queries, found int     // relevant records among the first ten
	wanted         int     // relevant records
	reciprocal     float64 // of the rank of the first relevant one
}

func (a *tally) add(got, relevant []string) {
	a.queries++
	a.wanted += len(relevant)
	first := 0
	for i, slug := range got {
		if slices.Contains(relevant, slug) {
			a.found++
			if first == 0 {
				first = i + 1
			}
		}
	}
	if first > 0 {
		a.reciprocal += 1 / float64(first)
	}
}

func TestRankingStaysAsJudged(t *testing.T) {
	r := openRanking(t)
	var lines []string
	all := map[string]*tally{}
	for _, q := range readJudged(t, "queries.jsonl") {
		p := searchFor(t, r.index, catalog.SearchQuery{Query: q.Query, First: 10, WantTotal: true, WantCorrection: true})
		var got []string
		for _, h := range p.Hits {
			got = append(got, r.slugs[h.ID])
		}
		for _, kind := range []string{q.Kind, "all"} {
			if all[kind] == nil {
				all[kind] = &tally{}
			}
			all[kind].add(got, q.Relevant)
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\ttotal %d\tcorrection %q\t%s", q.Kind, q.Query, p.Total, p.Correction, marked(got, q.Relevant)))
	}
	for _, q := range readJudged(t, "problems.jsonl") {
		hits, err := r.index.Peers(t.Context(), catalog.PeerQuery{Problem: q.Problem, First: 5})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, r.slugs[h.ID])
		}
		if all["learn"] == nil {
			all["learn"] = &tally{}
		}
		all["learn"].add(got, q.Relevant)
		lines = append(lines, fmt.Sprintf("learn\t%s\t%s", q.Problem, marked(got, q.Relevant)))
		for _, h := range hits[:min(len(hits), 2)] {
			for _, reason := range h.Reasons {
				lines = append(lines, fmt.Sprintf("\t%s: %s %s", r.slugs[h.ID], reason.Kind, reason.Text))
			}
		}
	}
	kinds := make([]string, 0, len(all))
	for k := range all {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	var head []string
	for _, k := range kinds {
		a := all[k]
		head = append(head, fmt.Sprintf("%-12s queries %2d  MRR %.3f  relevant found %d of %d", k, a.queries, a.reciprocal/float64(a.queries), a.found, a.wanted))
	}
	golden(t, "testdata/ranking/stats.txt", strings.Join(append(append(head, ""), lines...), "\n")+"\n")
	if mrr := all["all"].reciprocal / float64(all["all"].queries); mrr < 0.9 {
		t.Errorf("MRR over all judged queries: got %.3f, want at least 0.9", mrr)
	}
}

// marked joins the slugs, those that are right with a star.
func marked(got, relevant []string) string {
	out := make([]string, len(got))
	for i, slug := range got {
		out[i] = slug
		if slices.Contains(relevant, slug) {
			out[i] = "*" + slug
		}
	}
	return strings.Join(out[:min(len(out), 5)], " ")
}

// golden compares text with a file, or writes it where -update is set.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); -update writes it anew:\n%s", file, diff)
	}
}
