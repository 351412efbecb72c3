package indexer

import (
	"context"
	"slices"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/highlight"
	"github.com/jisiguangyi/jisi/indexer/query"
)

func (s *search) newHighlighter(ctx context.Context) *highlight.Highlighter {
	return highlight.NewHighlighter(s.x.words, s.needles(ctx))
}

// needles are the texts to be marked, weighed by how rare they are. Where the
// search was relaxed, the pairs of characters that it went by are marked too.
func (s *search) needles(ctx context.Context) []query.Needle {
	out := slices.Clone(s.plan.Needles)
	if s.found.relaxed {
		for _, t := range s.plan.RelaxedTerms() {
			out = append(out, query.Needle{Text: []rune(t.Text), Said: t.Text})
		}
	}
	for i := range out {
		df := 0
		if t, err := s.view.matches(ctx, query.Condition{Field: document.FieldGrams, Text: out[i].Text}); err == nil { // what cannot be read here has failed the search before
			df = t.df
		}
		out[i].Weight = idf(df, s.view.live)
	}
	return out
}
