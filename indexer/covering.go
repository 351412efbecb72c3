package indexer

import (
	"cmp"
	"slices"
)

// covering gives the documents that have units enough: those whose weights add up
// to a share of all weights. sets are the documents of each unit.
//
// Which units together are enough is the same for all documents, so that it is
// found out once and said in sets: with the heaviest unit first, a document has
// enough if it has that one and enough of the rest for what is left to be
// needed, or enough of the rest without it. Where every unit is needed that is
// the sets' intersection, where any does their union, and in between a few
// steps more, each over 64 documents at once. A page of text has so many light
// units that there would be no end of steps; there, weights are added up.
func (v *view) covering(sets []bitset, weights []float32, share float32, w *workspace) bitset {
	order := make([]int, 0, len(sets))
	sum := float32(0)
	for i, weight := range weights {
		sum += weight
		if weight > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	c := cover{workspace: w, all: v.alive}
	for _, i := range order {
		c.sets, c.weights = append(c.sets, sets[i]), append(c.weights, weights[i])
	}
	c.rest = make([]float32, len(order)+1)
	for i := len(order) - 1; i >= 0; i-- {
		c.rest[i] = c.rest[i+1] + c.weights[i]
	}
	if sum == 0 {
		return w.empty() // nobody says any of it
	}
	need := sum * share
	if steps := c.steps(0, need, stepsAtMost); steps > stepsAtMost {
		return c.added(need)
	}
	return c.enough(0, need)
}

// stepsAtMost is how many steps over sets are the faster way.
const stepsAtMost = 128

// cover is a question for the documents that have enough of some units, the
// heaviest first.
type cover struct {
	*workspace
	all     bitset
	sets    []bitset
	weights []float32
	rest    []float32 // what the units from each on weigh together
}

// steps counts the steps that enough takes, or most and one where they are more.
func (c *cover) steps(i int, need float32, most int) int {
	if need <= 0 || c.rest[i] < need {
		return 1
	}
	n := 1 + c.steps(i+1, need-c.weights[i], most)
	if n > most {
		return most + 1
	}
	return n + c.steps(i+1, need, most-n)
}

// enough gives the documents of which the units from i on weigh need.
func (c *cover) enough(i int, need float32) bitset {
	switch {
	case need <= 0:
		return c.copyOf(c.all)
	case c.rest[i] < need:
		return c.empty()
	}
	without := c.enough(i+1, need)
	lent := c.given
	with := c.enough(i+1, need-c.weights[i])
	with.and(c.sets[i])
	without.or(with)
	c.back(lent)
	return without
}

// added gives the same by adding up weights document by document.
func (c *cover) added(need float32) bitset {
	covered := newScores(64 * len(c.all))
	defer covered.free()
	for i, set := range c.sets {
		set.each(func(d uint32) { covered.score[d] += c.weights[i] })
	}
	out := c.empty()
	c.all.each(func(d uint32) {
		if covered.score[d] >= need {
			out.add(d)
		}
	})
	return out
}
