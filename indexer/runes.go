package indexer

import "unicode"

// What a character is, as far as the index cares.
const (
	runeWord     uint8 = 1 << iota // a letter, a digit or a Chinese character
	runeHan                        // a Chinese character: a word part by itself, while letters and digits only are together
	runeSentence                   // the end of a sentence
)

// runeClass has the class of each character of the basic plane: it is asked for
// every character of every text that is cut, compared or highlighted.
var runeClass = func() *[0x10000]uint8 {
	var t [0x10000]uint8
	for r := range rune(0x10000) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			t[r] |= runeWord
		}
		if unicode.Is(unicode.Han, r) && unicode.IsLetter(r) || r == '〇' {
			t[r] |= runeHan | runeWord
		}
	}
	for _, r := range "。!?;\n！？；" {
		t[r] |= runeSentence
	}
	return &t
}()

func classOf(r rune) uint8 {
	if r >= 0 && r < 0x10000 {
		return runeClass[r]
	}
	switch {
	case unicode.Is(unicode.Han, r):
		return runeWord | runeHan
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return runeWord
	}
	return 0
}

func isWordRune(r rune) bool   { return classOf(r)&runeWord != 0 }
func isHan(r rune) bool        { return classOf(r)&runeHan != 0 }
func endsSentence(r rune) bool { return classOf(r)&runeSentence != 0 }
