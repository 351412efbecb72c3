package text

import "slices"

// JoinPieces leaves out of what a person typed the spaces within a word: 梅 花鹿, as it
// is copied out of a table or from the end of a line, is 梅花鹿. A space is within a word
// if, without it, a word of several characters stands across it, and beside it is a
// character that is no word of several; 长春 市民 stays two.
func (w *Words) JoinPieces(f []rune) []rune {
	out := f
	for i := 1; i+1 < len(out); i++ {
		if out[i] != ' ' || !IsHan(out[i-1]) || !IsHan(out[i+1]) || !w.alone(out, i) {
			continue
		}
		joined := slices.Concat(out[:i], out[i+1:])
		crosses := func(t Word) bool { return t.Start < i && i < t.End }
		if slices.ContainsFunc(w.CutPlain(joined), crosses) {
			out = joined
			i--
		}
	}
	return out
}

// alone reports whether a single character stands beside the space at i.
func (w *Words) alone(f []rune, i int) bool {
	start, end := i, i+1
	for start > 0 && IsHan(f[start-1]) {
		start--
	}
	for end < len(f) && IsHan(f[end]) {
		end++
	}
	left, right := w.CutPlain(f[start:i]), w.CutPlain(f[i+1:end])
	single := func(t Word) bool { return t.End-t.Start == 1 && !w.Stop[t.Text] }
	return len(left) > 0 && single(left[len(left)-1]) || len(right) > 0 && single(right[0])
}
