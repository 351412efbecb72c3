package script

import "strings"

// Numbers that are written in several ways become digits: 1,000 is 1000; a year in
// Chinese digits, with the months and days beside it, and the number of an official
// document behind its year. Other numbers in Chinese characters are words (三农,
// 一站式, 两问三要), and so are 万 and 亿.

// chineseDigits are the values of Chinese digits; ten, 十, is 10.
var chineseDigits = map[rune]int{
	'〇': 0, '零': 0, '○': 0, '◯': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10,
}

// mayBeNumber reports whether a text in which c follows before may have a number in
// it that is to be written in digits.
func mayBeNumber(before, c rune) bool {
	switch c {
	case '〇', '○', '◯', '零':
		return true
	case ',':
		return isDigit(before)
	case '年', '月', '日', '号', '號':
		_, ok := chineseDigits[before]
		return ok
	case '九', '八':
		return before == '一'
	}
	return false
}

// digits writes the numbers of a folded text in digits.
func digits(f Folded) Folded {
	d := digitizer{f: f, in: f.Runes, b: builder{runes: make([]rune, 0, len(f.Runes))}}
	for d.i < len(d.in) {
		switch c := d.in[d.i]; {
		case isDigit(c):
			d.thousands()
		case c >= 0x25CB:
			if _, ok := chineseDigits[c]; ok {
				d.chinese()
			} else {
				d.copy(1)
			}
		default:
			d.copy(1)
		}
	}
	return d.b.folded(int32(f.Start(len(f.Runes))))
}

type digitizer struct {
	f  Folded
	in []rune
	i  int
	b  builder
}

// at returns a character of the text, 0 where there is none.
func (d *digitizer) at(i int) rune {
	if i < 0 || i >= len(d.in) {
		return 0
	}
	return d.in[i]
}

// copy writes the next n characters as they are.
func (d *digitizer) copy(n int) {
	for range n {
		d.b.put(d.in[d.i], int32(d.f.Start(d.i)), int32(d.f.End(d.i+1)))
		d.i++
	}
}

// write writes a number for the next n characters.
func (d *digitizer) write(number string, n int) {
	k := len(number)
	for j := range k {
		from := d.i + j*n/k
		to := max(d.i+(j+1)*n/k, from+1)
		d.b.put(rune(number[j]), int32(d.f.Start(from)), int32(d.f.End(to)))
	}
	d.i += n
}

// thousands reads digits, and leaves out the commas that part them in threes.
func (d *digitizer) thousands() {
	run := func(i int) int {
		n := 0
		for isDigit(d.at(i + n)) {
			n++
		}
		return n
	}
	n := run(d.i)
	end := d.i + n
	groups := 0
	for n <= 3 && d.at(end) == ',' && run(end+1) == 3 {
		end += 4
		groups++
	}
	// A comma or a point before it parts it from a sentence, unless digits stand before that.
	before := d.at(d.i - 1)
	goesOn := (before == ',' || before == '.') && isDigit(d.at(d.i-2)) || before >= 'a' && before <= 'z'
	if groups == 0 || goesOn || d.at(end) == ',' && isDigit(d.at(end+1)) {
		d.copy(n)
		return
	}
	for d.i < end {
		if d.in[d.i] == ',' {
			d.i++
		} else {
			d.copy(1)
		}
	}
}

// chinese reads a number in Chinese characters.
func (d *digitizer) chinese() {
	n := 1
	for d.joinsDigits(d.i + n) {
		n++
	}
	run := d.in[d.i : d.i+n]
	before, after := d.at(d.i-1), d.at(d.i+n)
	switch value, ok := valueOf(run); {
	case isYear(run, before, after):
		d.write(plainDigits(run), n)
	case after == '月' && ok && value >= 1 && value <= 12 && !strings.ContainsRune("第周期个几每", before):
		d.write(decimal(value), n)
	case (after == '日' || after == '号') && before == '月' && ok && value >= 1 && value <= 31 && d.isMonth(d.i-2):
		d.write(decimal(value), n)
	case after == '号' && closesBracket(before) && ok && value >= 1:
		d.write(decimal(value), n)
	case n >= 3 && !hasTen(run):
		d.zeros(n)
	default:
		d.copy(n)
	}
}

// joinsDigits reports whether the character goes on with a number in Chinese
// characters: a digit, or a letter or figure that stands for its nought.
func (d *digitizer) joinsDigits(i int) bool {
	if _, ok := chineseDigits[d.at(i)]; ok {
		return true
	}
	if c := d.at(i); c == '0' || c == 'o' {
		_, ok := chineseDigits[d.at(i+1)]
		return ok && d.at(i+1) != '十' && d.at(i-1) != '十'
	}
	return false
}

// isMonth reports whether the character before 月 is of a number.
func (d *digitizer) isMonth(i int) bool {
	_, ok := chineseDigits[d.at(i)]
	return ok || isDigit(d.at(i))
}

// zeros writes the nought of a row of digits in one way.
func (d *digitizer) zeros(n int) {
	for range n {
		c := d.in[d.i]
		if c == '零' || c == '○' || c == '◯' || c == '0' || c == 'o' {
			c = '〇'
		}
		d.b.put(c, int32(d.f.Start(d.i)), int32(d.f.End(d.i+1)))
		d.i++
	}
}

// isYear reports whether four digits are a year: they stand before 年 or in the
// brackets of an official document's number, or begin as the years from 1800 to 2099
// do.
func isYear(run []rune, before, after rune) bool {
	if len(run) != 4 || hasTen(run) {
		return false
	}
	a, b := chineseDigits[run[0]], chineseDigits[run[1]]
	if a == 1 && (b == 8 || b == 9) || a == 2 && b == 0 {
		return true
	}
	return a >= 1 && a <= 2 && (after == '年' || opensBracket(before) && closesBracket(after))
}

func hasTen(run []rune) bool {
	for _, r := range run {
		if r == '十' {
			return true
		}
	}
	return false
}

// plainDigits writes a row of Chinese digits in figures.
func plainDigits(run []rune) string {
	out := make([]byte, len(run))
	for i, r := range run {
		out[i] = byte('0' + chineseDigits[r]) // letters that stand for nought are not in the table, and are 0
	}
	return string(out)
}

// valueOf returns the value of a number below a hundred, or of a row of digits.
func valueOf(run []rune) (int, bool) {
	if !hasTen(run) {
		if len(run) > 4 {
			return 0, false
		}
		v := 0
		for _, r := range run {
			v = v*10 + chineseDigits[r]
		}
		return v, true
	}
	tens, ones := 1, 0
	switch {
	case len(run) == 1:
	case len(run) == 2 && run[0] == '十':
		ones = chineseDigits[run[1]]
	case len(run) == 2:
		tens = chineseDigits[run[0]]
	case len(run) == 3 && run[1] == '十':
		tens, ones = chineseDigits[run[0]], chineseDigits[run[2]]
	default:
		return 0, false
	}
	return tens*10 + ones, tens >= 1 && tens <= 9 && ones <= 9
}

func decimal(v int) string {
	out := ""
	for ; v > 0; v /= 10 {
		out = string(rune('0'+v%10)) + out
	}
	return out
}

func opensBracket(r rune) bool { return strings.ContainsRune("〔[(【﹝", r) && r != 0 }

func closesBracket(r rune) bool { return strings.ContainsRune("〕])】﹞", r) && r != 0 }
