package indexer

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Keywords returns the words that mark the selected records out, weightiest
// first, equal ones by their text: no more than q.First. Weights and counts are
// exact and hang on the index's state alone. An index that has not been built
// yet has none.
func (x *Index) Keywords(ctx context.Context, q catalog.KeywordQuery) ([]catalog.Keyword, error) {
	c, in, out, release, err := x.selection(ctx, q)
	if c == nil || err != nil {
		return nil, err
	}
	defer release()
	n, err := c.countsOf(ctx, in, out)
	if err != nil {
		return nil, x.failed("keywords", err)
	}
	var all []weighted
	if q.Method == catalog.MethodTextRank {
		if all, err = c.textRank(ctx, in, n); err != nil {
			return nil, x.failed("keywords by TextRank", err)
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

// selection takes the current state and splits its documents by the filter;
// the corpus is nil where there is none yet. release must be called where it is
// not.
func (x *Index) selection(ctx context.Context, q catalog.KeywordQuery) (c *corpus, in, out []place, release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, nil, nil, fmt.Errorf("indexer: keywords: %w", err)
	}
	v := x.acquire()
	if v == nil {
		return nil, nil, nil, nil, x.nothing()
	}
	if c, err = v.corpus(ctx); err != nil {
		v.release()
		return nil, nil, nil, nil, wrap("read the content words", err)
	}
	in, out = v.selected(q.Kinds, q.Filter)
	return c, in, out, v.release, nil
}

// weighted is a word with its weight.
type weighted struct {
	word   int
	weight float64
}

// tfidf weighs the words that stand in at least so many of the selected
// documents, weightiest first.
func (c *corpus) tfidf(n counts, atLeast int) []weighted {
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
func (c *corpus) sort(all []weighted) {
	slices.SortFunc(all, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(c.words[a.word], c.words[b.word]))
	})
}
