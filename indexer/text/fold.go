package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folded is a text as the index sees it, and where each of its characters
// stood: full-width letters are half-width, letters are small, traditional
// characters are simplified, composed where they came in parts, and what can
// not be seen is gone. Texts that mean the same to a reader fold to the same.
type Folded struct {
	// Runes is the folded text. Invalid bytes and control characters are spaces
	// in it, so that they part words as a space does.
	Runes []rune
	// at[i] is the code point of the text as given at which Runes[i] starts;
	// at[len(Runes)] is the number of its code points. nil where each character
	// stayed at its place, which is so for nearly every text.
	at []int32
}

// Start returns the code point of the original text at which folded character i
// starts; i may be len(Runes).
func (f Folded) Start(i int) int {
	if f.at == nil {
		return i
	}
	return int(f.at[i])
}

// End returns the code point of the original text just after the folded
// character i-1, which is where a match that ends before i ends.
func (f Folded) End(i int) int {
	if f.at == nil || i == 0 {
		return f.Start(i)
	}
	// Characters that were dropped or that composed into one belong to the
	// character before them: a match ends before the next one that stayed.
	return int(f.at[i])
}

// String is the folded text.
func (f Folded) String() string { return string(f.Runes) }

// dropped marks the characters that fold to nothing.
const dropped = -1

// folder folds texts. It is safe for concurrent use once made.
type folder struct {
	table    []int32 // for characters of the basic plane: what each becomes
	variants *variants
}

func newFolder(v *variants) *folder {
	f := &folder{table: make([]int32, 0x10000), variants: v}
	for r := range rune(0x10000) {
		f.table[r] = foldRune(r)
	}
	return f
}

// foldRune folds one character by itself, but for its script.
func foldRune(r rune) int32 {
	switch {
	case r == 0x00AD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r == 0xFEFF,
		r >= 0xFE00 && r <= 0xFE0F:
		return dropped // zero-width characters, direction marks, variation selectors
	case r == utf8.RuneError, unicode.IsControl(r), unicode.IsSpace(r), r >= 0xD800 && r <= 0xDFFF:
		return ' '
	case r >= 0xFF01 && r <= 0xFF5E: // full-width forms of ASCII
		return unicode.ToLower(r - 0xFEE0)
	case r >= 0xF900 && r <= 0xFAFF: // compatibility ideographs, each the same as one character
		c, _ := utf8.DecodeRuneInString(norm.NFC.String(string(r)))
		return c
	}
	return unicode.ToLower(r)
}

// Fold folds a text. Any string will do: an invalid byte counts as one code
// point, as Go's range loop has it.
func (f *folder) Fold(text string) Folded {
	out := Folded{Runes: make([]rune, 0, len(text)/2+1)}
	var at []int32 // made when the first character changes its place
	n := int32(0)
	shift := func() {
		if at == nil {
			at = make([]int32, len(out.Runes), cap(out.Runes)+1)
			for i := range at {
				at[i] = int32(i)
			}
		}
	}
	variant := false
	for _, r := range text {
		c := f.rune(r)
		if c == dropped {
			shift()
			n++
			continue
		}
		if last := len(out.Runes) - 1; c >= 0x0300 && c < 0x3100 && last >= 0 && combines(c) {
			if whole, ok := compose(out.Runes[last], c); ok {
				shift()
				out.Runes[last] = whole
				n++
				continue
			}
		}
		out.Runes = append(out.Runes, c)
		if at != nil {
			at = append(at, n)
		}
		variant = variant || f.variants.changes(c)
		n++
	}
	if at != nil {
		out.at = append(at, n)
	}
	if variant {
		out = f.variants.simplify(out)
	}
	return out
}

func (f *folder) rune(r rune) rune {
	if r < 0x10000 {
		return f.table[r]
	}
	if r >= 0x2F800 && r <= 0x2FA1F { // compatibility ideographs, supplement
		r, _ = utf8.DecodeRuneInString(norm.NFC.String(string(r)))
		return r
	}
	return unicode.ToLower(r)
}

// combines reports whether r may join the character before it.
func combines(r rune) bool {
	return r >= 0x0300 && (r < 0x2E80 && unicode.Is(unicode.Mn, r) || r >= 0x1161 && r <= 0x11C2 || r == 0x3099 || r == 0x309A)
}

// compose joins a character with the mark that follows it, where there is one
// character for both.
func compose(a, b rune) (rune, bool) {
	s := norm.NFC.String(string([]rune{a, b}))
	r, size := utf8.DecodeRuneInString(s)
	return r, size == len(s)
}

// Readable returns the form of a text that the second look, the highlighter and
// peers read: the text itself where folding changes none of its words, which is
// so for nearly all, and otherwise the folded text. Its characters are those of
// the folded text, but for marks and spaces; those mean the same as before.
func Readable(text string, f Folded) string {
	if f.at != nil || !utf8.ValidString(text) {
		return f.String()
	}
	i := 0
	for _, r := range text {
		if r != f.Runes[i] && (IsWordRune(f.Runes[i]) || IsWordRune(r)) {
			return f.String()
		}
		i++
	}
	return text
}
