package changes

import (
	"strings"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Piece is a piece of a text before and after a change. With neither mark it stood
// in both.
type Piece struct {
	Text       string
	Gone, Come bool
}

const (
	// maxContext is how many characters of what stayed are shown beside a change.
	maxContext = 40
	// leastCommon is the share of two texts that must be the same for them to be
	// compared by words. Below it a reader has more of both as a whole.
	leastCommon = 0.4
)

// Text compares two texts. Of long passages that stayed only what stands beside a
// change is left, with … for the rest. Two equal texts have no pieces.
func Text(before, after string) []Piece {
	switch {
	case before == after:
		return nil
	case before == "" || after == "":
		return Whole(before, after)
	}
	compare := diffmatchpatch.New()
	diffs := compare.DiffCleanupSemantic(compare.DiffMainRunes([]rune(before), []rune(after), false))
	same := 0
	for _, d := range diffs {
		if d.Type == diffmatchpatch.DiffEqual {
			same += utf8.RuneCountInString(d.Text)
		}
	}
	if float64(same) < leastCommon*float64(min(utf8.RuneCountInString(before), utf8.RuneCountInString(after))) {
		return Whole(before, after)
	}
	pieces := make([]Piece, len(diffs))
	for i, d := range diffs {
		pieces[i] = Piece{Text: d.Text, Gone: d.Type == diffmatchpatch.DiffDelete, Come: d.Type == diffmatchpatch.DiffInsert}
		if d.Type == diffmatchpatch.DiffEqual {
			pieces[i].Text = context(d.Text, i > 0, i < len(diffs)-1)
		}
	}
	return pieces
}

// Whole returns the pieces of one value that was put for another.
func Whole(before, after string) []Piece {
	var pieces []Piece
	if before != "" {
		pieces = append(pieces, Piece{Text: before, Gone: true})
	}
	if after != "" {
		pieces = append(pieces, Piece{Text: after, Come: true})
	}
	return pieces
}

// context shortens what stayed to what stands beside a change: after one, before
// one, or both.
func context(s string, after, before bool) string {
	runes := []rune(s)
	most := 0
	if after {
		most += maxContext
	}
	if before {
		most += maxContext
	}
	if len(runes) <= most+1 {
		return s
	}
	var b strings.Builder
	if after {
		b.WriteString(string(runes[:maxContext]))
	}
	b.WriteString("…")
	if before {
		b.WriteString(string(runes[len(runes)-maxContext:]))
	}
	return b.String()
}
