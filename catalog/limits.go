package catalog

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what one record may hold, in code points and list entries.
const (
	MaxSlug   = 100
	MaxTitle  = 300
	MaxText   = 200_000
	MaxSource = 5_000_000
	MaxList   = 200
	MaxQuote  = 5_000
)

// MaxQuoted is how many code points of what somebody sent a message repeats.
const MaxQuoted = 40

// Clip returns the first n code points of a text, with … where some are left out,
// as valid UTF-8.
func Clip(s string, n int) string {
	if short := Cut(s, n); len(short) < len(s) {
		return strings.ToValidUTF8(short, "�") + "…"
	}
	return strings.ToValidUTF8(s, "�")
}

// Clipped returns what a message repeats of a text that somebody sent: its first
// MaxQuoted code points.
func Clipped(s string) string { return Clip(s, MaxQuoted) }

// Quoted returns the same in quotes, with what is not printable escaped.
func Quoted(s string) string { return strconv.Quote(Clipped(s)) }

// Cut returns the first n code points of a text. It copies nothing.
func Cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// ValidSlug reports whether s is a permalink: lower-case ASCII letters and
// digits in groups joined by single hyphens, at most MaxSlug long.
func ValidSlug(s string) bool {
	if s == "" || len(s) > MaxSlug || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '-' && s[i-1] == '-' || c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// checker gathers the problems of one input.
type checker struct{ problems Problems }

func (c *checker) invalid(path, zh, en string) { c.problems.add(path, zh, en) }

// line checks a text of one line; text allows line breaks and tabs.
func (c *checker) line(path, s string, most int) { c.characters(path, s, most, false) }
func (c *checker) text(path, s string, most int) { c.characters(path, s, most, true) }

func (c *checker) characters(path, s string, most int, lineBreaks bool) {
	n, controlAt, control := 0, 0, rune(0) // counted and looked for in one pass: records are checked more than once
	for i, r := range s {
		n++
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			c.invalid(path, "不是有效的 UTF-8 文字", "is not valid UTF-8")
			return
		case controlAt == 0 && r <= unicode.MaxLatin1 && unicode.IsControl(r) && (!lineBreaks || r != '\n' && r != '\t' && r != '\r'):
			controlAt, control = n, r
		}
	}
	if n > most {
		c.invalid(path, fmt.Sprintf("有 %d 个字，最多 %d 个", n, most), fmt.Sprintf("has %d characters; at most %d are allowed", n, most))
	}
	if controlAt > 0 {
		c.invalid(path, fmt.Sprintf("第 %d 个字是控制字符 U+%04X", controlAt, control), fmt.Sprintf("character %d is the control character U+%04X", controlAt, control))
	}
}

func (c *checker) required(path, s string, most int) {
	if strings.TrimSpace(s) == "" {
		c.invalid(path, "不能为空", "is required")
		return
	}
	c.line(path, s, most)
}

func (c *checker) list(path string, n, most int) {
	if n > most {
		c.invalid(path, fmt.Sprintf("有 %d 项，最多 %d 项", n, most), fmt.Sprintf("has %d entries; at most %d are allowed", n, most))
	}
}

func (c *checker) date(path string, d PartialDate) {
	if d != "" && !d.Valid() {
		c.invalid(path, fmt.Sprintf("“%s”不是日期：请写 2021、2021-07 或 2021-07-15", Clip(string(d), MaxQuoted)), fmt.Sprintf("%q is not a date: write 2021, 2021-07 or 2021-07-15", Clip(string(d), MaxQuoted)))
	}
}

func (c *checker) year(path string, y *int) {
	if y != nil && (*y < MinYear || *y > MaxYear) {
		c.invalid(path, fmt.Sprintf("%d 不在 %d 至 %d 年之间", *y, MinYear, MaxYear), fmt.Sprintf("%d is not between %d and %d", *y, MinYear, MaxYear))
	}
}

func (c *checker) count(path string, n *int) {
	if n != nil && (*n < 0 || *n > 100_000_000) {
		c.invalid(path, fmt.Sprintf("%d 不是合理的数目", *n), fmt.Sprintf("%d is not a count", *n))
	}
}

func (c *checker) number(path string, n float64) {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		c.invalid(path, "不是数字", "is not a number")
	}
}

func (c *checker) slug(path, s string) {
	if !ValidSlug(s) {
		c.invalid(path, fmt.Sprintf("“%s”不能作为永久链接：只用小写字母、数字和单个连字符，最多 %d 个字符", Clip(s, MaxQuoted), MaxSlug),
			fmt.Sprintf("%q is not a slug: lower-case letters, digits and single hyphens, at most %d characters", Clip(s, MaxQuoted), MaxSlug))
	}
}

// input checks the fields of an input, each on its own, as its noun describes
// them.
func (c *checker) input(in Input) {
	NounOf(in.Kind()).check(c, "", reflect.ValueOf(in).Elem())
	in.Head().checkWithdrawal(c)
}

// inOrder returns the problems of an input in the order of its fields, nil where
// there are none.
func (c *checker) inOrder(in Input) error {
	n := NounOf(in.Kind())
	place := func(e *Error) int {
		name, _, _ := strings.Cut(e.Path, ".")
		return slices.IndexFunc(n.Fields, func(f NounField) bool { return f.Name == name })
	}
	slices.SortStableFunc(c.problems, func(a, b *Error) int { return place(a) - place(b) })
	return c.problems.Or()
}

// oneOf checks an enum's value; valid reports whether it is one.
func (c *checker) oneOf(path, value string, valid bool) {
	switch {
	case valid:
	case value == "":
		c.invalid(path, "不能为空", "is required")
	default:
		c.invalid(path, fmt.Sprintf("“%s”不是可用的值", Clip(value, MaxQuoted)), fmt.Sprintf("%q is not one of its values", Clip(value, MaxQuoted)))
	}
}

func (c *checker) link(path, raw string) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(raw) > 2000 {
		c.invalid(path, "请写以 http:// 或 https:// 开头的网址", "must be an address that begins with http:// or https://")
	}
}

// unique reports repeated entries of a list.
func unique[T comparable](c *checker, path string, list []T) {
	seen := make(map[T]bool, len(list))
	for i, v := range list {
		if seen[v] {
			c.invalid(at(path, i), fmt.Sprintf("“%v”重复", v), fmt.Sprintf("%v stands twice", v))
		}
		seen[v] = true
	}
}

func at(path string, i int) string { return path + "." + strconv.Itoa(i) }
