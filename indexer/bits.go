package indexer

import (
	"math/bits"
	"sync"
)

// bitset is a set of numbers from 0 to 64*len-1: of the documents of a segment, or
// of a view. Sets that are put together have the same length.
type bitset []uint64

func newBits(n int) bitset         { return make(bitset, (n+63)/64) }
func (b bitset) has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) remove(i uint32)   { b[i/64] &^= 1 << (i % 64) }

// count is how many numbers are in the set.
func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// countBoth is how many numbers are in both sets.
func (b bitset) countBoth(c bitset) int {
	n := 0
	c = c[:len(b)]
	for i, w := range b {
		n += bits.OnesCount64(w & c[i])
	}
	return n
}

// any reports whether anything is in the set.
func (b bitset) any() bool {
	for _, w := range b {
		if w != 0 {
			return true
		}
	}
	return false
}

// and leaves what is in both sets.
func (b bitset) and(c bitset) {
	c = c[:len(b)]
	for i := range b {
		b[i] &= c[i]
	}
}

// or adds what is in c.
func (b bitset) or(c bitset) {
	c = c[:len(b)]
	for i := range b {
		b[i] |= c[i]
	}
}

// without takes out what is in c.
func (b bitset) without(c bitset) {
	c = c[:len(b)]
	for i := range b {
		b[i] &^= c[i]
	}
}

// each calls visit with the numbers in the set, ascending.
func (b bitset) each(visit func(i uint32)) {
	for at, w := range b {
		for w != 0 {
			visit(uint32(at*64 + bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
}

// appendTo appends the numbers in the set, ascending.
func (b bitset) appendTo(to []uint32) []uint32 {
	for at, w := range b {
		for w != 0 {
			to = append(to, uint32(at*64+bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
	return to
}

// workspace lends the sets that a search needs on its way, so that a search of a
// large index leaves no garbage behind. It is for one goroutine; free gives
// everything back.
type workspace struct {
	size  int
	all   []bitset // lent or not
	given int
}

var workspaces sync.Pool

// newWorkspace gives a workspace for sets of n numbers.
func newWorkspace(n int) *workspace {
	w, _ := workspaces.Get().(*workspace)
	if w == nil || w.size != (n+63)/64 {
		w = &workspace{size: (n + 63) / 64}
	}
	return w
}

func (w *workspace) free() {
	w.given = 0
	workspaces.Put(w)
}

// set lends a set with anything in it.
func (w *workspace) set() bitset {
	if w.given == len(w.all) {
		w.all = append(w.all, make(bitset, w.size))
	}
	w.given++
	return w.all[w.given-1]
}

// empty lends an empty set.
func (w *workspace) empty() bitset {
	b := w.set()
	clear(b)
	return b
}

// copyOf lends a copy of a set.
func (w *workspace) copyOf(b bitset) bitset {
	c := w.set()
	copy(c, b)
	return c
}

// back takes back everything that was lent after the first n sets.
func (w *workspace) back(n int) { w.given = n }
