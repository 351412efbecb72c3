package docset

import (
	"math/rand/v2"
	"testing"
)

// A counted set holds the counts by the documents' places on the list; asked by
// document it says the same, and 0 of those that are not on it.
func TestCountsOfASet(t *testing.T) {
	const size = 1000
	set, want := NewBitmap(size), map[uint32]uint8{}
	p := &Postings{Bitmap: set}
	for d := range uint32(size) {
		if rand.IntN(3) == 0 || d == 0 || d == 63 || d == 64 || d == size-1 {
			want[d] = uint8(1 + rand.IntN(255))
			set.Add(d)
			p.Counts = append(p.Counts, want[d])
		}
	}
	p.Len, p.Ranks = len(want), set.ranks()
	for d := range uint32(size) {
		if got := p.CountOf(d); got != want[d] {
			t.Fatalf("document %d counts %d, not %d", d, got, want[d])
		}
	}
	met := 0
	p.EachCount(func(d uint32, n uint8) {
		if met++; n != want[d] {
			t.Errorf("document %d is visited with %d, not %d", d, n, want[d])
		}
	})
	if met != len(want) {
		t.Errorf("%d documents are visited, not %d", met, len(want))
	}
}
