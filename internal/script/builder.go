package script

// builder makes a folded text, character by character. While each character stays
// at its place, which is so for nearly every text, it keeps no map.
type builder struct {
	runes    []rune
	at, ends []int32
}

// put adds a character that stands for the code points [start, end) of the text.
func (b *builder) put(r rune, start, end int32) {
	if b.at == nil && (int(start) != len(b.runes) || end != start+1) {
		b.keepMap()
	}
	b.runes = append(b.runes, r)
	if b.at != nil {
		b.at = append(b.at, start)
		b.ends = append(b.ends, end)
	}
}

// keepMap begins to keep a map.
func (b *builder) keepMap() {
	n := cap(b.runes) + 1
	b.at, b.ends = make([]int32, len(b.runes), n), make([]int32, len(b.runes), n)
	for i := range b.at {
		b.at[i], b.ends[i] = int32(i), int32(i+1)
	}
}

// extend makes the last character end at a code point: what follows it there is a
// part of it, or is not to be seen.
func (b *builder) extend(end int32) {
	if b.at == nil {
		b.keepMap()
	}
	if last := len(b.ends) - 1; last >= 0 {
		b.ends[last] = end
	}
}

// last returns the character before the next one, 0 where there is none.
func (b *builder) last() rune {
	if len(b.runes) == 0 {
		return 0
	}
	return b.runes[len(b.runes)-1]
}

// folded returns the text, whose original has n code points.
func (b *builder) folded(n int32) Folded {
	if b.at == nil && int(n) != len(b.runes) {
		b.keepMap()
	}
	if b.at != nil {
		b.at = append(b.at, n)
	}
	return Folded{Runes: b.runes, at: b.at, ends: b.ends}
}
