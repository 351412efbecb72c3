package script

import (
	"slices"
	"strings"
	"testing"

	"github.com/mozillazg/go-pinyin"
)

// The readings are those of the library, whose own way of taking the tones off is slow.
func TestReadingsAreTheLibrarys(t *testing.T) {
	r, err := NewReadings()
	if err != nil {
		t.Fatal(err)
	}
	args := pinyin.NewArgs()
	args.Heteronym = true
	for code := range pinyin.PinyinDict {
		var want []string
		for _, s := range pinyin.SinglePinyin(rune(code), args) {
			s = strings.ReplaceAll(s, "ü", "v")
			if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" && s != "" && !slices.Contains(want, s) {
				want = append(want, s)
			}
		}
		if got := r.Alone(rune(code)); !slices.Equal(got, want) {
			t.Errorf("%c is read %q, want %q", code, got, want)
		}
	}
	if n := len(r.alone); n < 40_000 {
		t.Errorf("%d characters have a reading, want more than 40,000", n)
	}
}
