package docx

import (
	"archive/zip"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

const levels = 9

// numbered says which list a paragraph belongs to; id is "" for none, and "0"
// where a paragraph leaves the list of its style.
type numbered struct {
	id    string
	level int
}

// listLevel is how one level of a list is numbered.
type listLevel struct {
	start   int
	format  string
	text    string // with %1 for the number of the first level
	style   string
	restart int // the level, from 1, whose number begins this one anew; -1: each above
}

// list is a list as it is defined (w:abstractNum).
type list struct{ levels [levels]listLevel }

// numbering are a document's lists, and how far each has come.
type numbering struct {
	lists    map[string]*list        // by the id of the definition
	defined  map[string]string       // the definition of each w:num
	starts   map[string]map[int]int  // what a w:num begins anew with, by level
	counters map[string]*[levels]int // by definition: what was written last, 0 for nothing
	begun    map[string]map[int]bool // levels of a w:num with a start of its own that have begun
}

func readNumbering(z *zip.Reader, name string) (*numbering, error) {
	n := &numbering{
		lists: map[string]*list{}, defined: map[string]string{}, starts: map[string]map[int]int{}, counters: map[string]*[levels]int{}, begun: map[string]map[int]bool{},
	}
	var (
		current  *list
		num      string
		at       int
		override bool
	)
	err := eachToken(z, name, func(t xml.Token) {
		switch t := t.(type) {
		case xml.StartElement:
			val := archive.Attribute(t, "val")
			switch t.Name.Local {
			case "abstractNum":
				current = &list{}
				for i := range current.levels {
					current.levels[i] = listLevel{start: 1, format: "decimal", restart: -1}
				}
				n.lists[archive.Attribute(t, "abstractNumId")] = current
			case "num":
				num, current = archive.Attribute(t, "numId"), nil
			case "abstractNumId":
				if num != "" {
					n.defined[num] = val
				}
			case "lvlOverride", "lvl":
				at = levelAttribute(t)
				override = override || t.Name.Local == "lvlOverride"
			case "startOverride":
				if n.starts[num] == nil {
					n.starts[num] = map[int]int{}
				}
				n.starts[num][at], _ = strconv.Atoi(val)
			default:
				if current != nil && !override {
					current.levels[at].set(t.Name.Local, val)
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "num":
				num = ""
			case "abstractNum":
				current = nil
			case "lvlOverride":
				override = false
			}
		}
	})
	return n, err
}

func levelAttribute(e xml.StartElement) int {
	n, err := strconv.Atoi(archive.Attribute(e, "ilvl"))
	if err != nil || n < 0 || n >= levels {
		return 0
	}
	return n
}

func (l *listLevel) set(name, val string) {
	switch name {
	case "start":
		l.start, _ = strconv.Atoi(val)
	case "numFmt":
		l.format = val
	case "lvlText":
		l.text = val
	case "pStyle":
		l.style = val
	case "lvlRestart":
		l.restart, _ = strconv.Atoi(val)
	}
}

// levelOfStyle returns the level of a list that is tied to a style, 0 where none
// is.
func (n *numbering) levelOfStyle(num, style string) int {
	l := n.lists[n.defined[num]]
	if l == nil {
		return 0
	}
	for i := range l.levels {
		if l.levels[i].style == style {
			return i
		}
	}
	return 0
}

// next returns what the program writes before the next paragraph of a list, ""
// for a bullet and where there is no such list.
func (n *numbering) next(of numbered) string {
	id, ok := n.defined[of.id]
	l := n.lists[id]
	if !ok || l == nil {
		return ""
	}
	counter := n.counters[id]
	if counter == nil {
		counter = &[levels]int{}
		n.counters[id] = counter
	}
	at := of.level
	start := l.levels[at].start
	if own, ok := n.starts[of.id][at]; ok && !n.begun[of.id][at] {
		if n.begun[of.id] == nil {
			n.begun[of.id] = map[int]bool{}
		}
		n.begun[of.id][at] = true
		start, counter[at] = own, 0
	}
	if counter[at] == 0 {
		counter[at] = start
	} else {
		counter[at]++
	}
	for below := at + 1; below < levels; below++ {
		if l.levels[below].restart < 0 || l.levels[below].restart > at {
			counter[below] = 0
		}
	}
	if l.levels[at].format == "bullet" || l.levels[at].format == "none" && !strings.Contains(l.levels[at].text, "%") {
		return ""
	}
	text := l.levels[at].text
	for i := range at + 1 {
		value := counter[i]
		if value == 0 {
			value = l.levels[i].start
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), numeral(l.levels[i].format, value))
	}
	return strings.TrimSpace(text)
}

// numeral writes a number in one of the formats of lists (ECMA-376, part 1,
// 17.18.59, ST_NumberFormat); in Arabic digits where it knows no better.
func numeral(format string, n int) string {
	switch format {
	case "none":
		return ""
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting", "ideographDigital", "japaneseDigitalTenThousand", "koreanDigital2", "taiwaneseDigital":
		return counting(n, "〇一二三四五六七八九", "十百千")
	case "chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal":
		return counting(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
	case "ideographTraditional":
		return pick("甲乙丙丁戊己庚辛壬癸", n)
	case "ideographZodiac":
		return pick("子丑寅卯辰巳午未申酉戌亥", n)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return pick("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", n)
	case "decimalEnclosedParen":
		return pick("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", n)
	case "ideographEnclosedCircle":
		return pick("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", n)
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n)
	case "lowerLetter":
		return strings.ToLower(letters(n))
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "decimalFullWidth", "decimalFullWidth2":
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, strconv.Itoa(n))
	}
	return strconv.Itoa(n)
}

// pick returns the nth character, Arabic digits past the last.
func pick(characters string, n int) string {
	if r := []rune(characters); n >= 1 && n <= len(r) {
		return string(r[n-1])
	}
	return strconv.Itoa(n)
}

// counting writes a number below 10,000 in Chinese: 十二, 一百〇三.
func counting(n int, digits, units string) string {
	d, u := []rune(digits), []rune(units)
	if n <= 0 || n >= 10_000 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	zero := false
	for place := 3; place >= 0; place-- {
		power := 1
		for range place {
			power *= 10
		}
		digit := n / power % 10
		switch {
		case digit == 0:
			zero = b.Len() > 0
			continue
		case zero:
			b.WriteRune(d[0])
			zero = false
		}
		if digit != 1 || place != 1 || b.Len() > 0 { // 十二, and not 一十二
			b.WriteRune(d[digit])
		}
		if place > 0 {
			b.WriteRune(u[place-1])
		}
	}
	return b.String()
}

func roman(n int) string {
	if n <= 0 || n >= 4000 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int
		text  string
	}{
		{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
	} {
		for ; n >= r.value; n -= r.value {
			b.WriteString(r.text)
		}
	}
	return b.String()
}

// letters counts A to Z, then AA, BB and so on.
func letters(n int) string {
	if n <= 0 || n > 26*20 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}
