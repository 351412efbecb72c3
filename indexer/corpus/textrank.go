package corpus

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// TextRank's constants. The damping factor, the threshold and the window are
// the paper's; see textRank.
const (
	rankDamping   = 0.85
	rankThreshold = 0.0001
	rankVertices  = 1000 // the most frequent words; the rest could not come first
	rankRounds    = 200  // far more than it takes
)

// textRank ranks the selected documents' words by TextRank: Rada Mihalcea and
// Paul Tarau, TextRank: Bringing Order into Texts, Proceedings of EMNLP 2004,
// pages 404–411. Words are the vertices of a graph; two that follow each other
// in a text are joined by an edge, which weighs how often they do (section 3:
// an undirected graph, and a window of two, which did best there); and a vertex
// is worth
//
//	WS(Vi) = (1-d) + d · Σj wji / Σk wjk · WS(Vj)
//
// (section 2.2), iterated from 1 until no value changes by the threshold. Where
// the paper keeps nouns and adjectives, content words are kept, since no parts
// of speech are known; what was left out does not part its neighbours. Keywords
// that stand beside each other are not joined into phrases.
func (c *Corpus) textRank(ctx context.Context, in []place, n counts) ([]weighted, error) {
	vertices := c.mostFrequent(n)
	edges, err := c.follows(ctx, in, vertices)
	if err != nil {
		return nil, err
	}
	worth, err := rank(ctx, edges)
	if err != nil {
		return nil, err
	}
	all := make([]weighted, len(vertices))
	for i, w := range vertices {
		all[i] = weighted{w, worth[i]}
	}
	c.sort(all)
	return all, nil
}

func (c *Corpus) mostFrequent(n counts) []int {
	var words []int
	for w, tf := range n.tf {
		if tf > 0 {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b int) int {
		return cmp.Or(cmp.Compare(n.tf[b], n.tf[a]), cmp.Compare(c.words[a], c.words[b]))
	})
	return words[:min(len(words), rankVertices)]
}

// edge leads to another vertex and says how often the two follow each other.
type edge struct {
	to     int32
	weight float32 // whole, and far below where that is not exact
}

// follows counts how often each two of the vertices follow each other, in
// either order.
func (c *Corpus) follows(ctx context.Context, in []place, vertices []int) ([][]edge, error) {
	number := make([]int32, len(c.words)) // the vertex's, counted from 1
	for i, w := range vertices {
		number[w] = int32(i + 1)
	}
	k := len(vertices)
	sums := make([][]uint32, workers(len(in)))
	err := inParallel(len(in), len(sums), func(n, from, to int) error {
		sum := make([]uint32, k*k)
		for _, p := range in[from:to] {
			if err := ctx.Err(); err != nil {
				return err
			}
			last := 0
			c.parts[p.segment].each(p.doc, func(w int) {
				this := 0
				if w >= 0 {
					this = int(number[w])
				}
				if last > 0 && this > 0 && last != this {
					sum[(min(last, this)-1)*k+max(last, this)-1]++
				}
				last = this
			})
		}
		sums[n] = sum
		return nil
	})
	if err != nil {
		return nil, err
	}
	edges := make([][]edge, k)
	for a := range k {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for b := a + 1; b < k; b++ {
			times := 0
			for _, sum := range sums {
				times += int(sum[a*k+b])
			}
			if times > 0 {
				edges[a] = append(edges[a], edge{int32(b), float32(times)})
				edges[b] = append(edges[b], edge{int32(a), float32(times)})
			}
		}
	}
	return edges, nil
}

// rank iterates the vertices' worth.
func rank(ctx context.Context, edges [][]edge) ([]float64, error) {
	n := len(edges)
	worth, next, out, share := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, list := range edges {
		worth[i] = 1
		for _, e := range list {
			out[i] += float64(e.weight)
		}
	}
	for range rankRounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// What a vertex passes to a neighbour, for each unit of the edge's weight.
		for i := range share {
			share[i] = worth[i] / out[i]
		}
		change := 0.0
		for i, list := range edges {
			sum := 0.0
			for _, e := range list {
				sum += float64(e.weight) * share[e.to]
			}
			next[i] = 1 - rankDamping + rankDamping*sum
			change = max(change, math.Abs(next[i]-worth[i]))
		}
		worth, next = next, worth
		if change < rankThreshold {
			break
		}
	}
	return worth, nil
}
