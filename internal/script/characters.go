package script

import (
	"slices"
	"unicode"
)

// What a character is, as far as the index cares.
const (
	ClassWord     uint8 = 1 << iota // a letter, a digit or a Chinese character
	ClassHan                        // a Chinese character: a word part by itself, while letters and digits only are together
	ClassSentence                   // the end of a sentence
)

// runeClass has the class of each character of the basic plane: it is asked for
// every character of every text that is cut, compared or highlighted.
var runeClass = func() *[0x10000]uint8 {
	var t [0x10000]uint8
	for r := range rune(0x10000) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			t[r] |= ClassWord
		}
		if unicode.Is(unicode.Han, r) && unicode.IsLetter(r) || r == '〇' {
			t[r] |= ClassHan | ClassWord
		}
	}
	for _, r := range "。!?;\n！？；" {
		t[r] |= ClassSentence
	}
	return &t
}()

func ClassOf(r rune) uint8 {
	if r >= 0 && r < 0x10000 {
		return runeClass[r]
	}
	switch {
	case unicode.Is(unicode.Han, r):
		return ClassWord | ClassHan
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return ClassWord
	}
	return 0
}

func IsWordRune(r rune) bool   { return ClassOf(r)&ClassWord != 0 }
func IsHan(r rune) bool        { return ClassOf(r)&ClassHan != 0 }
func EndsSentence(r rune) bool { return ClassOf(r)&ClassSentence != 0 }

func AllHan(f []rune) bool {
	return !slices.ContainsFunc(f, func(r rune) bool { return !IsHan(r) })
}

// Squeeze turns every stretch of marks and spaces into one space and takes them
// off the ends: a phrase is its words, in order, whatever mark stands between.
func Squeeze(f []rune) []rune {
	out := make([]rune, 0, len(f))
	gap := false
	for _, r := range f {
		if !IsWordRune(r) {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, r)
	}
	return out
}

// IndexRunes returns the place of the first want in f, -1 where there is none.
func IndexRunes(f, want []rune) int {
	if len(want) == 0 {
		return -1
	}
	for i := 0; i+len(want) <= len(f); i++ {
		if f[i] == want[0] && slices.Equal(f[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}
