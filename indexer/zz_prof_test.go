package indexer

import (
	"bufio"
	"encoding/json"
	"github.com/jisiguangyi/jisi/catalog"
	"os"
	"testing"
)

func profDocs(n int) []*catalog.Document {
	var docs []*catalog.Document
	f, _ := os.Open("/tmp/idx/d10k.jsonl")
	d := json.NewDecoder(bufio.NewReader(f))
	for len(docs) < n {
		var p struct{ Title, Text string }
		d.Decode(&p)
		docs = append(docs, doc(catalog.ID(len(docs)+1), p.Title, p.Text))
	}
	return docs
}
func BenchmarkBuild(b *testing.B) {
	docs := profDocs(3000)
	testWords()
	for b.Loop() {
		indexOf(b, docs...)
	}
}
func BenchmarkQ(b *testing.B) {
	docs := profDocs(3000)
	x, _ := indexOf(b, docs...)
	for b.Loop() {
		searchFor(b, x, catalog.SearchQuery{Query: "七七事变是由哪一个国家发动的?", WantFacets: true, WantHighlights: true, WantTotal: true})
	}
}
func BenchmarkK(b *testing.B) {
	docs := profDocs(3000)
	x, _ := indexOf(b, docs...)
	for b.Loop() {
		searchFor(b, x, catalog.SearchQuery{Query: "经济"})
	}
}
