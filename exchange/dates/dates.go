package dates

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// Reading is what a text says of a time.
type Reading struct {
	Start, End catalog.PartialDate // End is "" for one date
	// Inexact says that the text says more, or something less certain, than
	// Start and End: 2021年上半年, 21年7月, 2021年7月至今.
	Inexact bool
}

// none are the words by which people say that there is no date.
var none = map[string]bool{"": true, "无": true, "/": true, "-": true, "—": true, "——": true, "－": true, "暂无": true, "不详": true, "未填": true, "空": true, "\\": true}

// IsNone reports whether a text says that there is nothing.
func IsNone(text string) bool { return none[strings.TrimSpace(text)] }

// longest is the most bytes of what may be a date: cells have room for 32,767 digits.
const longest = 600

// Ambiguous reports whether a text may be January or October: a spreadsheet makes
// 2021.1 of both 2021.1 and 2021.10.
func Ambiguous(text string) bool {
	return len(text) <= longest && ambiguous.MatchString(plain(text))
}

var ambiguous = regexp.MustCompile(`^\d{4}\.1$`)

// Read reads one date, or a period of two. The second result is false where the
// text is neither, or says no year.
func Read(text string) (Reading, bool) {
	if len(text) > longest {
		return Reading{}, false
	}
	s := plain(text)
	if s == "" || ambiguous.MatchString(s) {
		return Reading{}, false
	}
	r := &reader{}
	s = r.simplify(s)
	if one, ok := r.date(s, catalog.PartialDate("")); ok {
		return Reading{Start: one, Inexact: r.inexact}, true
	}
	return r.period(s)
}

// Serial reads the number of a day as spreadsheets count them from 1899-12-30,
// between 1950 and 2100.
func Serial(text string) (catalog.PartialDate, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n < 18264 || n >= 73415 || len(text) < 5 || text[4] == '.' {
		return "", false
	}
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))
	return catalog.PartialDate(day.Format(time.DateOnly)), true
}

// plain returns a text in ordinary characters: half width, no spaces within, one
// kind of dash, Arabic digits.
func plain(text string) string {
	s := norm.NFKC.String(text)
	s = isoTime.ReplaceAllString(strings.TrimSpace(s), "$1")
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\n', '\r', '\u200b', '\ufeff', '\u00a0', '\u3000':
			return -1
		case '—', '–', '―', '─', '~', '∼', '〜', '−', '‐', '‑', '‒', '➖':
			return '—'
		case '。', '．', '·':
			return '.'
		case '〇', '○', '零', 'Ｏ', '◯':
			return '0'
		}
		if at := strings.IndexRune("壹贰叁肆伍陆柒捌玖拾", r); at >= 0 { // as on a cheque
			return []rune("一二三四五六七八九十")[at/len("壹")]
		}
		return r
	}, s)
	s = strings.Trim(s, "()[]【】《》〔〕,，;；'‘’\"“”`")
	return arabic(s)
}

// isoTime is the clock of a date as programs write it: 2021-07-05T09:00:00+08:00,
// 2021/7/5 9:36.
var isoTime = regexp.MustCompile(`^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:T| +)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$`)

var chineseDigits = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '两': 2, '元': 1, '0': 0, 'o': 0, 'O': 0}

var (
	chineseYear   = regexp.MustCompile(`^[一二三四五六七八九0-9oO]{4}(?:年|$|[.—/-])`)
	yearAnywhere  = regexp.MustCompile(`[一二三四五六七八九0-9oO]{4}年`)
	chineseNumber = regexp.MustCompile(`(?:[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])(月|日|号|季)`)
)

// arabic writes Chinese numbers with Arabic digits.
func arabic(s string) string {
	year := func(m string) string {
		return strings.Map(func(r rune) rune {
			if n, ok := chineseDigits[r]; ok {
				return rune('0' + n)
			}
			return r
		}, m)
	}
	if m := chineseYear.FindString(s); m != "" {
		s = year(m) + s[len(m):]
	}
	s = yearAnywhere.ReplaceAllStringFunc(s, year)
	// From the end on: 十一月至十二月 has 月 behind each, 七—九月 only behind the last.
	s = chineseNumber.ReplaceAllStringFunc(s, func(m string) string {
		unit := []rune(m)[len([]rune(m))-1]
		return strconv.Itoa(below100(strings.TrimSuffix(m, string(unit)))) + string(unit)
	})
	return bareNumber.ReplaceAllStringFunc(s, func(m string) string {
		p := bareNumber.FindStringSubmatch(m)
		return p[1] + strconv.Itoa(below100(p[2])) + p[3]
	})
}

// bareNumber is a number before a dash whose unit stands behind the second: 年七—9月.
var bareNumber = regexp.MustCompile(`(年|月)([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])([—至到、-])`)

func below100(s string) int {
	switch {
	case strings.HasPrefix(s, "廿"):
		return 20 + chineseDigits[last(s)]
	case strings.HasPrefix(s, "卅"):
		return 30 + chineseDigits[last(s)]
	}
	tens, ones, ok := strings.Cut(s, "十")
	if !ok {
		return chineseDigits[last(s)]
	}
	n := 10
	if tens != "" {
		n = 10 * chineseDigits[last(tens)]
	}
	return n + chineseDigits[last(ones)]
}

func last(s string) rune {
	r := []rune(s)
	if len(r) == 0 {
		return 0
	}
	return r[len(r)-1]
}

// reader reads one text, and notes what it passes over.
type reader struct{ inexact bool }

var (
	weekday = regexp.MustCompile(`[(（]?(?:星期|周|礼拜)[一二三四五六日天1-7][)）]?`)
	clock   = regexp.MustCompile(`[,，]?(?:上午|下午|晚上|晚间|晚|凌晨|中午|早上|早晨|傍晚|全天|当天|当日)?(?:\d{1,2}(?:时|点|:\d{2})(?:\d{1,2}分|半|整)?(?::\d{2})?(?:—|-|至|到)?)+$`)
	daypart = regexp.MustCompile(`(?:上午|下午|晚上|晚间|晚|凌晨|中午|早上|早晨|傍晚|全天)$`)
	within  = regexp.MustCompile(`(日|号)(?:上午|下午|晚上|晚间|晚|凌晨|中午|早上|早晨|傍晚|全天)`)
	opened  = regexp.MustCompile(`^(?:自|从|于|始于)`)
	about   = regexp.MustCompile(`^(?:约|大约|大概)`)
	open    = regexp.MustCompile(`(?:起至今|以来至今|开始至今|至今|迄今|到现在|到目前|至现在|—今|起|开始|以来|以后|之后|后|持续进行|——)$`)
	vague   = regexp.MustCompile(`(?:前后|左右|以前|之前|前|许)$`)
)

// simplify takes off what is no part of the date.
func (r *reader) simplify(s string) string {
	s = weekday.ReplaceAllString(s, "")
	s = opened.ReplaceAllString(s, "")
	for _, words := range []*regexp.Regexp{about, open, vague} {
		if rest := words.ReplaceAllString(s, ""); rest != s && rest != "" {
			s, r.inexact = rest, true
		}
	}
	s = strings.ReplaceAll(s, "期间", "")
	s = within.ReplaceAllString(s, "$1")
	if at := clock.FindStringIndex(s); at != nil && at[0] > 0 && !strings.HasSuffix(s[:at[0]], "年") && !strings.HasSuffix(s[:at[0]], "月") {
		s = s[:at[0]]
	}
	s = daypart.ReplaceAllString(s, "")
	return strings.Trim(s, "()（）,，、.")
}

var (
	forms = []*regexp.Regexp{
		regexp.MustCompile(`^(\d{4})年?度?(?:([01]?\d)月份?(?:([0-3]?\d)[日号]?)?)?$`),
		regexp.MustCompile(`^(\d{4})[-/.—]([01]?\d)月?份?$`),
		regexp.MustCompile(`^(\d{4})-([01]?\d)-([0-3]?\d)[日号]?$`),
		regexp.MustCompile(`^(\d{4})/([01]?\d)/([0-3]?\d)[日号]?$`),
		regexp.MustCompile(`^(\d{4})\.([01]?\d)\.([0-3]?\d)[日号]?$`),
		regexp.MustCompile(`^(\d{4})—([01]?\d)—([0-3]?\d)[日号]?$`),
		regexp.MustCompile(`^(\d{4})年([01]?\d)[./-]([0-3]?\d)[日号]?$`),
		regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`),
		// 202107. Before 2013 it may as well be a day: 201207 is 20 December of a year 07.
		regexp.MustCompile(`^(20(?:1[3-9]|[2-9]\d))(\d{2})$`),
	}
	shortYear = regexp.MustCompile(`^(\d{2})年`)
	// coarse are words behind a year or a month that PartialDate cannot say.
	coarse = regexp.MustCompile(`(?:度)?(?:全年|上半年|下半年|第?[1-4一二三四]个?季度|[春夏秋冬](?:季|天|末|初)?|年?(?:初|底|末|中)(?:期)?|[上中下]旬|元旦|春节|五一|国庆|前|后)(?:期间)?$`)
)

// date reads one date; before is one that it may leave out the year or month of.
func (r *reader) date(s string, before catalog.PartialDate) (catalog.PartialDate, bool) {
	if m := shortYear.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		century := "20"
		if n > 70 {
			century = "19"
		}
		s, r.inexact = century+s, true
	}
	if at := coarse.FindStringIndex(s); at != nil && at[0] > 0 {
		if d, ok := exact(s[:at[0]]); ok && len(d) < 10 {
			r.inexact = true
			return d, true
		}
		if strings.HasSuffix(s[:at[0]], "月") { // 4月底, behind 2022年3月上旬
			if d, ok := rest(s[:at[0]], before); ok {
				r.inexact = true
				return d, true
			}
		}
	}
	if d, ok := exact(s); ok {
		return d, true
	}
	return rest(s, before)
}

func exact(s string) (catalog.PartialDate, bool) {
	for _, form := range forms {
		if m := form.FindStringSubmatch(s); m != nil {
			return join(m[1:]...)
		}
	}
	return "", false
}

// join joins year, month and day, of which the last may be missing.
func join(parts ...string) (catalog.PartialDate, bool) {
	date := parts[0]
	for _, p := range parts[1:] {
		if p == "" {
			break
		}
		date += fmt.Sprintf("-%02s", p)
	}
	d := catalog.PartialDate(date)
	return d, d.Valid()
}

// between are the words and dashes between two dates; a list of two is a period
// only loosely.
var (
	between = regexp.MustCompile(`至|到|—+|--|-—`)
	also    = regexp.MustCompile(`、|和|及|,|，|与`)
)

func (r *reader) period(s string) (Reading, bool) {
	parts := between.Split(s, -1)
	switch {
	case len(parts) == 1 && strings.Count(s, "-") == 1:
		parts = strings.Split(s, "-")
	case len(parts) == 1 && strings.Count(s, "-") == 5: // 2021-03-01-2021-05-06
		at := nth(s, '-', 3)
		parts = []string{s[:at], s[at+1:]}
	case len(parts) == 1:
		parts = also.Split(s, -1)
		r.inexact = true
	}
	if len(parts) < 2 || len(parts) > 2 && !r.inexact {
		return Reading{}, false
	}
	first, second := strings.TrimSuffix(strings.Trim(parts[0], ",，"), "起"), parts[len(parts)-1]
	start, ok := r.start(first, second)
	if !ok {
		return Reading{}, false
	}
	end, ok := r.date(opened.ReplaceAllString(second, ""), start)
	if !ok || before(end, start) {
		return Reading{}, false
	}
	if end == start {
		end = ""
	}
	return Reading{Start: start, End: end, Inexact: r.inexact}, true
}

func nth(s string, c byte, n int) int {
	for i := range len(s) {
		if s[i] == c {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

var unit = regexp.MustCompile(`[年月日号]`)

// start reads the beginning of a period, which may leave its last unit to the
// end: 2021年7—9月, 2021—2022年.
func (r *reader) start(first, second string) (catalog.PartialDate, bool) {
	if d, ok := r.date(first, ""); ok {
		return d, true
	}
	if u := unit.FindString(second); u != "" && !strings.HasSuffix(first, u) {
		if d, ok := r.date(first+u, ""); ok {
			return d, true
		}
	}
	return "", false
}

var rests = []*regexp.Regexp{
	regexp.MustCompile(`^([01]?\d)月份?(?:([0-3]?\d)[日号]?)?$`),
	regexp.MustCompile(`^([0-3]?\d)[日号]$`),
	regexp.MustCompile(`^([01]?\d)[./-]([0-3]?\d)$`),
	regexp.MustCompile(`^(\d{1,2})$`),
}

// rest reads the end of a period that leaves out what its start says: 5月, 20日,
// 3.8, 9.
func rest(s string, start catalog.PartialDate) (catalog.PartialDate, bool) {
	if start == "" {
		return "", false
	}
	year := string(start[:4])
	if m := rests[0].FindStringSubmatch(s); m != nil {
		return join(year, m[1], m[2])
	}
	if m := rests[1].FindStringSubmatch(s); m != nil && len(start) == 10 {
		return join(year, string(start[5:7]), m[1])
	}
	if m := rests[2].FindStringSubmatch(s); m != nil && len(start) == 10 {
		return join(year, m[1], m[2])
	}
	if m := rests[3].FindStringSubmatch(s); m != nil {
		switch len(start) {
		case 7:
			return join(year, m[1])
		case 10:
			return join(year, string(start[5:7]), m[1])
		}
	}
	return "", false
}

// before compares two dates as far as the less exact one goes.
func before(end, start catalog.PartialDate) bool {
	n := min(len(end), len(start))
	return end[:n] < start[:n]
}
