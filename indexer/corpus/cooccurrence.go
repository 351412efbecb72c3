package corpus

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
)

// pairedWords is how many words are paired: enough for a plot that can be read.
const pairedWords = 300

// Cooccurrence returns the pairs of keywords that stand together in the selected
// documents, those of the greatest pointwise mutual information first, equal ones
// by count and text: no more than q.First. The words that are paired are the
// 300 of the greatest TF-IDF that stand in at least q.AtLeast of the documents;
// words of which one contains the other are no pair. q.Method is not looked at.
// It is exact, as Keywords is.
func (c *Corpus) Cooccurrence(ctx context.Context, q catalog.KeywordQuery, s Selection) ([]catalog.KeywordPair, error) {
	n, err := c.countsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	atLeast := max(q.AtLeast, 1)
	words := c.tfidf(n, atLeast)
	words = words[:min(len(words), pairedWords)]
	sets, err := c.standIn(ctx, s.in, words)
	if err != nil {
		return nil, err
	}
	pairs, err := c.pairs(ctx, n, words, sets, atLeast)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(pairs, func(a, b catalog.KeywordPair) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(b.Count, a.Count), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return pairs[:min(len(pairs), max(q.First, 0))], nil
}

// standIn returns, for each of the words, the set of the selected documents that
// have it, numbered as they come in in.
func (c *Corpus) standIn(ctx context.Context, in []place, words []weighted) ([]docset.Bitmap, error) {
	number := make([]int32, len(c.words)) // of the word among words, counted from 1
	sets := make([]docset.Bitmap, len(words))
	for i, w := range words {
		number[w.word] = int32(i + 1)
		sets[i] = docset.NewBitmap(len(in))
	}
	err := inParallel(len(in), workers(len(in)), func(_, from, to int) error {
		for i, p := range in[from:to] {
			if err := ctx.Err(); err != nil {
				return err
			}
			at := uint32(from + i)
			c.parts[p.segment].each(p.doc, func(w int) {
				if w >= 0 && number[w] > 0 {
					sets[number[w]-1].Add(at)
				}
			})
		}
		return nil
	})
	return sets, err
}

// pairs weighs each two of the words.
func (c *Corpus) pairs(ctx context.Context, n counts, words []weighted, sets []docset.Bitmap, atLeast int) ([]catalog.KeywordPair, error) {
	var found []catalog.KeywordPair
	for i := range words {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for j := i + 1; j < len(words); j++ {
			a, b := c.words[words[i].word], c.words[words[j].word]
			if strings.Contains(a, b) || strings.Contains(b, a) {
				continue
			}
			both := sets[i].CountBoth(sets[j])
			if both < atLeast {
				continue
			}
			p := catalog.KeywordPair{A: min(a, b), B: max(a, b), Count: both}
			p.Weight, p.Normalized = mutualInformation(both, int(n.df[words[i].word]), int(n.df[words[j].word]), n.docs)
			found = append(found, p)
		}
	}
	return found, nil
}

// mutualInformation returns what two words that stand in a and b of n documents,
// and together in both, say of each other, in bits, and the same normalised.
func mutualInformation(both, a, b, n int) (plain, normalized float64) {
	plain = math.Log2(float64(both) * float64(n) / (float64(a) * float64(b)))
	if both == n {
		return plain, 1
	}
	return plain, plain / -math.Log2(float64(both)/float64(n))
}
