package typeset

import (
	"strings"
	"unicode"
)

// Marks that begin no line, and that end none (CLREQ 3.1.5; GB/T 15834, 5.1).
const (
	neverFirst = "，。、；：！？）》〉」』】〕〗］｝”’…—·．％‰℃°′″～々〻,.;:!?)]}%"
	neverLast  = "（《〈「『【〔〖［｛“‘([{￥＄¥$№#"
)

// Marks whose ink is in the left half of their square, and in the right half: the other
// half can be left out.
const (
	emptyRight = "，。、；：）》〉」』】〕〗］｝”’"
	emptyLeft  = "（《〈「『【〔〖［｛“‘"
)

// hanging are marks that may stand outside the line, as Word has it by default, so that the
// characters of all lines stand below each other.
const hanging = "，。、；："

// longWord is from how many characters on a word may be parted, such as an address.
const longWord = 24

// breaks reports for each place in a text whether a line may end before it.
func breaks(text []rune) []bool {
	may := make([]bool, len(text)+1)
	word := 0 // where the word at i begins
	long := false
	for i, c := range text {
		if i == 0 {
			continue
		}
		before := text[i-1]
		if !isWord(text, i-1) {
			word, long = i, isWord(text, i) && wordEnd(text, i)-i >= longWord
		} else if i == 1 {
			long = wordEnd(text, 0) >= longWord
		}
		switch {
		case unicode.IsSpace(c), unicode.In(c, unicode.Mn, unicode.Me), strings.ContainsRune(neverLast, before):
		case isWord(text, i-1) && isWord(text, i):
			may[i] = long && i > word && strings.ContainsRune("/?&=._", before) && !strings.ContainsRune("/?&=._", c)
		case strings.ContainsRune(neverFirst, c):
		default:
			may[i] = true
		}
	}
	may[len(text)] = true
	return may
}

// isWord reports whether the character at i is of a word or number that stays whole:
// letters that are no Chinese, digits, and the signs between them.
func isWord(text []rune, i int) bool {
	c := text[i]
	switch {
	case c > ' ' && c < 0x7f:
		return true
	case c == '’' || c == '·' || c == '…' || c == '—' || c == '“' || c == '”' || c == '‘':
		return c == '’' && i > 0 && i+1 < len(text) && isLatin(text[i-1]) && isLatin(text[i+1])
	}
	return isLatin(c)
}

func isLatin(c rune) bool {
	return c < 0x2e80 && (unicode.IsLetter(c) || unicode.IsDigit(c)) || unicode.In(c, unicode.Mn)
}

func wordEnd(text []rune, i int) int {
	for i < len(text) && isWord(text, i) {
		i++
	}
	return i
}
