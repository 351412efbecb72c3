package text

import (
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Analyze is Index.Analyze, for callers without an index.
func (w *Words) Analyze(text string) []catalog.Token {
	f := w.Fold(text)
	words := w.CutSearch(f.Runes)
	slices.SortStableFunc(words, func(a, b Word) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out := make([]catalog.Token, len(words))
	for i, t := range words {
		out[i] = catalog.Token{Text: t.Text, Start: f.Start(t.Start), End: f.End(t.End), IsStopWord: w.Stop[t.Text]}
	}
	return out
}
