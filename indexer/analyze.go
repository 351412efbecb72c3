package indexer

import (
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Analyze is Index.Analyze, for callers without an index.
func (w *Words) Analyze(text string) []catalog.Token {
	f := w.Fold(text)
	words := w.cutSearch(f.Runes)
	slices.SortStableFunc(words, func(a, b word) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	out := make([]catalog.Token, len(words))
	for i, t := range words {
		out[i] = catalog.Token{Text: t.text, Start: f.Start(t.start), End: f.End(t.end), IsStopWord: w.stop[t.text]}
	}
	return out
}
