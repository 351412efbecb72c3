package indexer

import (
	"context"
	"slices"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// A name that was typed in one piece may be of several words, and who has these words is
// found: 学习强国 finds what has 学习 and 强国 in it. Such hits look right, so that who
// asks is told where the whole stands nowhere.

// How long a piece is that may be a name, in characters, and how many are looked for.
const (
	nameAtLeast  = 3
	nameAtMost   = 10
	namesLooked  = 4
	nameUnknowns = 2 // words that a name is cut into, at least: one word is found whole
)

// absent returns the pieces of what was simply typed that may be names of several words
// and stand in no document. A question's pieces are no names, and neither is what has a
// stop word in it.
func (s *search) absent(ctx context.Context) ([]string, error) {
	if s.plan.Question || s.mode == modeCorrected {
		return nil, nil
	}
	var out []string
	f, looked := s.parsed.Text, 0
	for start := 0; start < len(f) && looked < namesLooked; start++ {
		end := start
		for end < len(f) && text.IsHan(f[end]) {
			end++
		}
		if s.mayBeName(start, end) {
			looked++
			t, err := s.view.matches(ctx, query.Condition{Field: document.FieldGrams, Text: f[start:end], Exact: true})
			if err != nil {
				return nil, err
			}
			if name := string(f[start:end]); t.df == 0 && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		start = end
	}
	return out, nil
}

// mayBeName reports whether a piece of what was typed may be a name of several words.
func (s *search) mayBeName(start, end int) bool {
	if end-start < nameAtLeast || end-start > nameAtMost {
		return false
	}
	words := 0
	for _, t := range s.plan.Cut {
		if t.Start < start || t.End > end {
			continue
		}
		if words++; s.x.words.Stop[t.Text] {
			return false
		}
	}
	return words >= nameUnknowns
}
