package corpus

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Keywords returns the words that mark the selected documents out by q.Method,
// weightiest first, equal ones by their text: no more than q.First. Weights and
// counts are exact and hang on the index's state alone.
func (c *Corpus) Keywords(ctx context.Context, q catalog.KeywordQuery, s Selection) ([]catalog.Keyword, error) {
	n, err := c.countsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []weighted
	if q.Method == catalog.MethodTextRank {
		if all, err = c.textRank(ctx, s.in, n); err != nil {
			return nil, err
		}
	} else {
		all = c.tfidf(n, 1)
	}
	found := make([]catalog.Keyword, 0, q.First)
	for _, w := range all[:min(len(all), max(q.First, 0))] {
		found = append(found, catalog.Keyword{
			Text: c.words[w.word], Weight: w.weight, Count: int(n.df[w.word]), Occurrences: int(n.tf[w.word]),
		})
	}
	return found, nil
}

// weighted is a word with its weight.
type weighted struct {
	word   int
	weight float64
}

// tfidf weighs the words that stand in at least so many of the selected
// documents, weightiest first.
func (c *Corpus) tfidf(n counts, atLeast int) []weighted {
	total := 0.0
	for _, tf := range n.tf {
		total += float64(tf)
	}
	var all []weighted
	for w, df := range n.df {
		if int(df) >= atLeast {
			idf := math.Log(float64(c.whole.docs) / float64(c.whole.df[w]))
			all = append(all, weighted{w, float64(n.tf[w]) / total * idf})
		}
	}
	c.sort(all)
	return all
}

// sort puts the weightiest first, equal ones by their text.
func (c *Corpus) sort(all []weighted) {
	slices.SortFunc(all, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(c.words[a.word], c.words[b.word]))
	})
}
