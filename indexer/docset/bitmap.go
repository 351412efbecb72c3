package docset

import (
	"math/bits"
	"sync"
)

// Bitmap is a set of numbers from 0 to 64*len-1: of the documents of a segment, or
// of a view. Sets that are put together have the same length.
type Bitmap []uint64

func NewBitmap(n int) Bitmap       { return make(Bitmap, (n+63)/64) }
func (b Bitmap) Has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b Bitmap) Add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b Bitmap) Remove(i uint32)   { b[i/64] &^= 1 << (i % 64) }

// Count is how many numbers are in the set.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// ranks returns by word how many numbers are in the words before it.
func (b Bitmap) ranks() []uint32 {
	ranks := make([]uint32, len(b))
	n := 0
	for i, w := range b {
		ranks[i] = uint32(n)
		n += bits.OnesCount64(w)
	}
	return ranks
}

// CountBoth is how many numbers are in both sets.
func (b Bitmap) CountBoth(c Bitmap) int {
	n := 0
	c = c[:len(b)]
	for i, w := range b {
		n += bits.OnesCount64(w & c[i])
	}
	return n
}

// Any reports whether anything is in the set.
func (b Bitmap) Any() bool {
	for _, w := range b {
		if w != 0 {
			return true
		}
	}
	return false
}

// And leaves what is in both sets.
func (b Bitmap) And(c Bitmap) {
	c = c[:len(b)]
	for i := range b {
		b[i] &= c[i]
	}
}

// Or adds what is in c.
func (b Bitmap) Or(c Bitmap) {
	c = c[:len(b)]
	for i := range b {
		b[i] |= c[i]
	}
}

// Without takes out what is in c.
func (b Bitmap) Without(c Bitmap) {
	c = c[:len(b)]
	for i := range b {
		b[i] &^= c[i]
	}
}

// Each calls visit with the numbers in the set, ascending.
func (b Bitmap) Each(visit func(i uint32)) {
	for at, w := range b {
		for w != 0 {
			visit(uint32(at*64 + bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
}

// AppendTo appends the numbers in the set, ascending.
func (b Bitmap) AppendTo(to []uint32) []uint32 {
	for at, w := range b {
		for w != 0 {
			to = append(to, uint32(at*64+bits.TrailingZeros64(w)))
			w &= w - 1
		}
	}
	return to
}

// Workspace is a pool of the sets that a search needs on its way, so that a search of
// a large index leaves no garbage behind. It is for one goroutine; Free returns all
// that was borrowed.
type Workspace struct {
	size int
	all  []Bitmap
	// Borrowed is how many of all are in use, the first ones.
	Borrowed int
}

var workspaces sync.Pool

// NewWorkspace returns a workspace for sets of n numbers.
func NewWorkspace(n int) *Workspace {
	w, _ := workspaces.Get().(*Workspace)
	if w == nil || w.size != (n+63)/64 {
		w = &Workspace{size: (n + 63) / 64}
	}
	return w
}

// Free returns the workspace and all that was borrowed of it to its pool.
func (w *Workspace) Free() {
	w.Borrowed = 0
	workspaces.Put(w)
}

// Borrow returns a set with anything in it.
func (w *Workspace) Borrow() Bitmap {
	if w.Borrowed == len(w.all) {
		w.all = append(w.all, make(Bitmap, w.size))
	}
	w.Borrowed++
	return w.all[w.Borrowed-1]
}

// BorrowEmpty returns an empty set.
func (w *Workspace) BorrowEmpty() Bitmap {
	b := w.Borrow()
	clear(b)
	return b
}

// BorrowCopy returns a copy of a set.
func (w *Workspace) BorrowCopy(b Bitmap) Bitmap {
	c := w.Borrow()
	copy(c, b)
	return c
}

// Return returns to the pool everything that was borrowed after the first n sets.
func (w *Workspace) Return(n int) { w.Borrowed = n }
