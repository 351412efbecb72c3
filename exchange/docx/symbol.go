package docx

import (
	"strconv"
	"strings"
)

// symbolCharacters are the characters of the font Symbol from 0x21 on, and
// dingbats some of Wingdings' that offices use: both keep them at codes of their
// own, which documents write in the private use area.
var (
	symbolCharacters = []rune("!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼")
	symbolHigh       = []rune("€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪")
	dingbats         = map[int]rune{
		0x21: '✏', 0x22: '✂', 0x28: '☎', 0x29: '✆', 0x2A: '✉', 0x36: '⌛', 0x3F: '✍', 0x46: '☞', 0x4A: '☺', 0x6C: '●', 0x6D: '❍', 0x6E: '■', 0x6F: '□',
		0x70: '❐', 0x71: '❑', 0x72: '❒', 0x73: '⬧', 0x74: '⧫', 0x75: '◆', 0x76: '❖', 0x77: '⬥', 0x7F: '▯', 0x9F: '•', 0xA1: '○', 0xA4: '◉', 0xA7: '▪', 0xA8: '☐',
		0xAA: '✦', 0xAB: '★', 0xAC: '✶', 0xB2: '⟡', 0xD8: '➢', 0xDC: '➲', 0xDF: '←', 0xE0: '→', 0xE1: '↑', 0xE2: '↓', 0xE8: '➔', 0xEF: '⇦', 0xF0: '⇨',
		0xF1: '⇧', 0xF2: '⇩', 0xFB: '✗', 0xFC: '✓', 0xFD: '☒', 0xFE: '☑',
	}
	dingbats2 = map[int]rune{0x4F: '✗', 0x50: '✓', 0x51: '☒', 0x52: '☑', 0x53: '☒', 0x54: '☒', 0x97: '●', 0x98: '●', 0xA3: '☐', 0xEA: '★', 0xF6: '※'}
	webdings  = map[int]rune{0x60: '⤵', 0x61: '✓', 0x63: '□', 0x67: '■', 0x6E: '●', 0x72: '✗', 0x73: '❓'}
)

// symbol writes a character that a document names by the font and the code in it.
func (r *reader) symbol(font, code string, isUnicode bool) {
	n, err := strconv.ParseInt(code, 16, 32)
	if err != nil || n <= 0 || n > 0x10FFFF {
		r.leave(Symbol, font+" "+code)
		return
	}
	if !isUnicode {
		if c := characterOf(font, int(n)); c != 0 {
			r.write(string(c))
			return
		}
	}
	if n >= 0xE000 && n <= 0xF8FF || n < 0x20 {
		r.leave(Symbol, font+" "+strings.ToUpper(code))
		return
	}
	r.write(string(rune(n)))
}

// characterOf returns the character of Unicode that a font has at a code, 0 where
// it is not known.
func characterOf(font string, code int) rune {
	if code >= 0xF000 && code <= 0xF0FF {
		code -= 0xF000
	}
	switch font = strings.ToLower(font); {
	case code > 0xFF:
		return 0
	case font == "symbol" && code >= 0x21 && code < 0x21+len(symbolCharacters):
		return symbolCharacters[code-0x21]
	case font == "symbol" && code >= 0xA0 && code < 0xA0+len(symbolHigh):
		return symbolHigh[code-0xA0]
	case font == "wingdings" && code >= 0x80 && code <= 0x8A:
		return []rune("⓪①②③④⑤⑥⑦⑧⑨⑩")[code-0x80]
	case font == "wingdings" && code >= 0x8B && code <= 0x95:
		return []rune("⓿❶❷❸❹❺❻❼❽❾❿")[code-0x8B]
	case font == "wingdings":
		return dingbats[code]
	case font == "wingdings 2":
		return dingbats2[code]
	case font == "webdings":
		return webdings[code]
	}
	return 0
}

// ordinary returns a text of the run in characters of Unicode: one in a font of
// symbols has its codes in the private use area.
func (r *reader) ordinary(text string) string {
	if !strings.ContainsFunc(text, isFontCode) || len(r.runs) == 0 {
		return text
	}
	font := r.runs[len(r.runs)-1].font
	return strings.Map(func(c rune) rune {
		if isFontCode(c) {
			if known := characterOf(font, int(c)); known != 0 {
				return known
			}
		}
		return c
	}, text)
}

func isFontCode(c rune) bool { return c >= 0xF020 && c <= 0xF0FF }
