package indexer

import (
	"cmp"
	"slices"

	"github.com/jisiguangyi/jisi/indexer/docset"
)

// minimumShouldMatch returns the documents that have units enough: those whose weights add up
// to a share of all weights. sets are the documents of each unit.
//
// Which units together are enough is the same for all documents, so that it is
// found out once and said in sets: with the heaviest unit first, a document has
// enough if it has that one and enough of the rest for what is left to be
// needed, or enough of the rest without it. Where every unit is needed that is
// the sets' intersection, where any does their union, and in between a few
// steps more, each over 64 documents at once. A page of text has so many light
// units that there would be no end of steps; there, weights are added up.
func (v *view) minimumShouldMatch(sets []docset.Bitmap, weights []float32, share float32, w *docset.Workspace) docset.Bitmap {
	order := make([]int, 0, len(sets))
	sum := float32(0)
	for i, weight := range weights {
		sum += weight
		if weight > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	c := matcher{Workspace: w, all: v.alive}
	for _, i := range order {
		c.sets, c.weights = append(c.sets, sets[i]), append(c.weights, weights[i])
	}
	c.rest = make([]float32, len(order)+1)
	for i := len(order) - 1; i >= 0; i-- {
		c.rest[i] = c.rest[i+1] + c.weights[i]
	}
	if sum == 0 {
		return w.BorrowEmpty() // nobody says any of it
	}
	need := sum * share
	if steps := c.steps(0, need, stepsAtMost); steps > stepsAtMost {
		return c.byAdding(need)
	}
	return c.atLeast(0, need)
}

// stepsAtMost is how many steps over sets are the faster way.
const stepsAtMost = 128

// matcher is a question for the documents that have enough of some units, the
// heaviest first.
type matcher struct {
	*docset.Workspace
	all     docset.Bitmap
	sets    []docset.Bitmap
	weights []float32
	rest    []float32 // what the units from each on weigh together
}

// steps counts the steps that enough takes, or most and one where they are more.
func (c *matcher) steps(i int, need float32, most int) int {
	if need <= 0 || c.rest[i] < need {
		return 1
	}
	n := 1 + c.steps(i+1, need-c.weights[i], most)
	if n > most {
		return most + 1
	}
	return n + c.steps(i+1, need, most-n)
}

// atLeast returns the documents of which the units from i on weigh need.
func (c *matcher) atLeast(i int, need float32) docset.Bitmap {
	switch {
	case need <= 0:
		return c.BorrowCopy(c.all)
	case c.rest[i] < need:
		return c.BorrowEmpty()
	}
	without := c.atLeast(i+1, need)
	borrowed := c.Borrowed
	with := c.atLeast(i+1, need-c.weights[i])
	with.And(c.sets[i])
	without.Or(with)
	c.Return(borrowed)
	return without
}

// byAdding returns the same by adding up weights document by document.
func (c *matcher) byAdding(need float32) docset.Bitmap {
	covered := newScores(64 * len(c.all))
	defer covered.free()
	for i, set := range c.sets {
		set.Each(func(d uint32) { covered.score[d] += c.weights[i] })
	}
	out := c.BorrowEmpty()
	c.all.Each(func(d uint32) {
		if covered.score[d] >= need {
			out.Add(d)
		}
	})
	return out
}
