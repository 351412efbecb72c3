package text

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// supplement are the CJK radicals of the Unicode block of that name which stand
// for characters: PDF files use them for characters that look the same, and what
// is copied out of these has ⻓ for 长. Unicode decomposes the Kangxi radicals
// themselves, and not these (Unicode's EquivalentUnifiedIdeograph has them).
var supplement = map[rune]rune{
	'⺁': '厂', '⺅': '亻', '⺆': '冂', '⺈': '刀', '⺉': '刂', '⺊': '卜', '⺌': '小', '⺍': '小', '⺎': '兀', '⺏': '尣', '⺒': '巳', '⺓': '幺', '⺔': '彑',
	'⺖': '忄', '⺗': '㣺', '⺘': '扌', '⺙': '攵', '⺛': '旡', '⺜': '日', '⺝': '月', '⺞': '歺', '⺟': '母', '⺠': '民', '⺡': '氵', '⺢': '氺', '⺣': '灬',
	'⺤': '爫', '⺥': '爫', '⺦': '丬', '⺧': '牛', '⺨': '犭', '⺩': '王', '⺪': '疋', '⺫': '目', '⺬': '示', '⺭': '礻', '⺮': '竹', '⺯': '糹', '⺰': '纟',
	'⺱': '罓', '⺲': '罒', '⺳': '㓁', '⺶': '羊', '⺹': '耂', '⺺': '肀', '⺻': '聿', '⺼': '肉', '⺾': '艹', '⺿': '艹', '⻀': '艹', '⻁': '虎', '⻂': '衤',
	'⻃': '覀', '⻄': '西', '⻅': '见', '⻆': '角', '⻈': '讠', '⻉': '贝', '⻋': '车', '⻌': '辶', '⻍': '辶', '⻎': '辶', '⻏': '阝', '⻐': '钅', '⻑': '長',
	'⻒': '镸', '⻓': '长', '⻔': '门', '⻖': '阝', '⻗': '雨', '⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻟': '飠', '⻠': '饣',
	'⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟', '⻧': '卤', '⻨': '麦', '⻩': '黄', '⻪': '黾', '⻫': '斉', '⻬': '齐', '⻭': '歯', '⻮': '齿',
	'⻯': '竜', '⻰': '龙', '⻱': '龜', '⻲': '亀', '⻳': '龟',
}

// Ordinary returns a text in NFC whose radicals are the characters that they
// stand for, and whether it has changed one.
func Ordinary(s string) (ordinary string, changed bool) {
	if strings.ContainsFunc(s, isRadical) {
		s, changed = strings.Map(func(r rune) rune {
			if c, ok := supplement[r]; ok {
				return c
			}
			if isRadical(r) {
				if d := []rune(norm.NFKC.String(string(r))); len(d) == 1 {
					return d[0]
				}
			}
			return r
		}, s), true
	}
	return norm.NFC.String(s), changed
}

// isRadical reports whether a character is in one of the two blocks of radicals.
func isRadical(r rune) bool { return r >= 0x2E80 && r <= 0x2FD5 }

// Seen returns a text without the characters that nobody sees and that come along
// when one copies: zero-width spaces and joiners, byte order marks, soft hyphens,
// marks of direction.
func Seen(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2064, r == 0xFEFF, r == 0x00AD:
			return -1
		}
		return r
	}, s)
}
