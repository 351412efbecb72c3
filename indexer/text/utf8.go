package text

import "unicode/utf8"

// CutsRun reports whether a place in a text is inside a run of letters or of
// digits, as that behind "bt" in "btx" is; that behind "5" in "5g" is not.
func CutsRun(text string, at int) bool {
	if at == 0 || at == len(text) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return IsWordRune(before) && !IsHan(before) && IsWordRune(after) && !IsHan(after) && isASCIIDigit(before) == isASCIIDigit(after)
}

// CodePoints returns the code points [a, b) of a text.
func CodePoints(text string, a, b int) string {
	from, to, n := len(text), len(text), 0
	for i := range text {
		if n == a {
			from = i
		}
		if n == b {
			to = i
			break
		}
		n++
	}
	return text[from:to]
}

// CommonAt returns the common character at a place of a text, which takes three
// bytes; false where there is another.
func CommonAt(text string, i int) (rune, bool) {
	if i+2 >= len(text) || text[i]-firstCommonByte > lastCommonByte-firstCommonByte {
		return 0, false
	}
	char := rune(text[i]&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
	return char, char >= FirstCommon
}

// RuneAt is utf8.DecodeRuneInString at a place of a text that is known to be
// UTF-8, for which there is less to check.
func RuneAt(text string, i int) (char rune, size int) {
	b := text[i]
	switch {
	case b < utf8.RuneSelf:
		return rune(b), 1
	case b&0xf0 == 0xe0 && i+2 < len(text):
		return rune(b&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f), 3
	}
	return utf8.DecodeRuneInString(text[i:])
}

// The common Chinese characters, which nearly all text is made of.
const (
	FirstCommon = 0x4E00
	LastCommon  = 0x9FFF
)

// The first bytes of the common characters in UTF-8.
const (
	firstCommonByte = 0xE4
	lastCommonByte  = 0xE9
)
