package corpus

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAPartOfASortedListIsWhatSortingAllGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 400).Draw(t, "n")
		near := rapid.Uint64Range(0, 3)
		list := make([]line, n)
		for i := range list {
			list[i] = line{near: near.Draw(t, "near"), doc: uint32(rapid.IntRange(0, 9).Draw(t, "doc")), start: uint32(i)}
		}
		from := rapid.IntRange(0, n).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		want := slices.SortedFunc(slices.Values(list), line.compare)
		sortRange(list, from, to)
		if !slices.Equal(want[from:to], list[from:to]) {
			t.Fatalf("%d to %d: want %v, got %v", from, to, want[from:to], list[from:to])
		}
	})
}
