package catalog

import "unicode"

// Characters are the lengths of a text as Chinese offices count them.
type Characters struct {
	All  int // 字数, with punctuation
	Bare int // without punctuation
}

// CountCharacters counts a text by these rules, which are those of 字数 in office
// programs:
//
//  1. A Chinese character counts one, as does a full-width punctuation mark or sign.
//  2. What stands between of other scripts counts one a word: a run of letters, digits
//     and half-width marks without a space in it, such as 2024, 98.5%, AI or GB/T.
//  3. A dash —— and an ellipsis …… are two marks each, as they are two code points.
//  4. Spaces, full-width ones too, line breaks and tabs count nothing.
//
// Bare leaves out the marks of rule 1, and words of rule 2 that have neither a letter
// nor a digit.
func CountCharacters(text string) Characters {
	var n Characters
	word, said := false, false
	end := func() {
		if word {
			n.All++
			if said {
				n.Bare++
			}
		}
		word, said = false, false
	}
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
			if unicode.IsSpace(r) || unicode.IsControl(r) {
				end()
			}
		case isChinese(r):
			end()
			n.All++
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				n.Bare++
			}
		default:
			word = true
			said = said || unicode.IsLetter(r) || unicode.IsNumber(r)
		}
	}
	end()
	return n
}

// isChinese reports whether a character counts by itself: ideographs, kana, hangul,
// and the marks and full-width forms that are written with them.
func isChinese(r rune) bool {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return true
	case r >= 0x3000 && r <= 0x303F, r >= 0xFE10 && r <= 0xFE1F, r >= 0xFE30 && r <= 0xFE4F, r >= 0xFF00 && r <= 0xFFEF:
		return true
	case r == '“' || r == '”' || r == '‘' || r == '’' || r == '—' || r == '…' || r == '·':
		return true
	case r >= 0x2460 && r <= 0x24FF, r >= 0x3200 && r <= 0x33FF, r >= 0x25A0 && r <= 0x25FF:
		return true
	}
	return false
}
