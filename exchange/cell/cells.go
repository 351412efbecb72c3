package cell

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/dates"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

var (
	// DateType is the type of a date.
	DateType  = reflect.TypeFor[catalog.PartialDate]()
	yes, no   = "是", "否"
	saysYes   = []string{"是", "true", "yes", "1", "√", "y"}
	saysNo    = []string{"否", "false", "no", "0", "×", "n"}
	unitsOfNo = []string{"人次", "余人", "人", "名", "场次", "次", "场", "年度", "年", "位", "个"}
)

// Format writes a field in the notation of cells: a text as it is, an enum
// by its label, a list as notation.go says. Reader reads it back as the same.
func Format(v reflect.Value) string {
	if v.Kind() == reflect.Slice {
		return formatList(v)
	}
	return formatScalar(v)
}

func formatScalar(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return formatScalar(v.Elem())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Bool:
		if v.Bool() {
			return yes
		}
		return no
	}
	return labelOf(v.Type(), v.String())
}

func formatList(v reflect.Value) string {
	lines := make([]string, v.Len())
	for i := range lines {
		if e := v.Index(i); e.Kind() == reflect.Struct {
			lines[i] = formatParts(e)
		} else {
			lines[i] = escape(formatScalar(e), entrySeparators)
		}
	}
	return strings.Join(lines, "\n")
}

// formatParts writes a struct in one line, parts at the end that are empty left
// out.
func formatParts(v reflect.Value) string {
	var parts []string
	for _, m := range Parts(v.Type()) {
		f := v.FieldByIndex(m.Index)
		if made, ok := f.Interface().(*catalog.NewPerson); ok {
			parts = append(parts, formatNewPerson(made))
			continue
		}
		if f.Kind() != reflect.Slice {
			parts = append(parts, escape(formatScalar(f), PartSeparators))
			continue
		}
		items := make([]string, f.Len())
		for i := range items {
			items[i] = escape(formatScalar(f.Index(i)), PartSeparators+itemSeparators)
		}
		parts = append(parts, strings.Join(items, betweenItems))
	}
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, BetweenParts)
}

// Reader reads the cells of one record and gathers what is wrong with them.
type Reader struct{ Problems catalog.Problems }

// Parse reads a cell that is not empty into a field.
func (c *Reader) Parse(path, cell string, v reflect.Value) {
	if v.Kind() != reflect.Slice {
		c.scalar(path, cell, v)
		return
	}
	if v.Type().Elem().Kind() != reflect.Struct {
		c.list(path, entries(chars(cell), entrySeparators), v)
		return
	}
	for _, line := range entries(chars(cell), lineSeparators) {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		c.Parts(jsonl.Path(path, strconv.Itoa(v.Len()-1)), line, v.Index(v.Len()-1))
	}
}

func (c *Reader) list(path string, items [][]char, v reflect.Value) {
	for i, item := range items {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		c.scalar(jsonl.Path(path, strconv.Itoa(i)), textOf(item), v.Index(v.Len()-1))
	}
}

// Parts reads one line of a list whose entries have parts.
func (c *Reader) Parts(path string, line Line, v reflect.Value) {
	parts := split(line, PartSeparators)
	if len(parts) == 1 && v.Type() == reflect.TypeFor[catalog.ParticipantInput]() {
		parts = roleAndName(parts[0])
	}
	parts = spoken(v.Type(), parts)
	c.fields(path, parts, v)
}

// Parts returns the members of an entry that are parts of its cell: those that have a
// column of their own are none.
func Parts(entry reflect.Type) []jsonl.Member {
	return slices.DeleteFunc(slices.Clone(jsonl.MembersOf(entry).List), func(m jsonl.Member) bool {
		return m.Type.Kind() == reflect.Slice && m.Type.Elem().Kind() == reflect.Struct
	})
}

// fields reads the parts of an entry into its fields, in order.
func (c *Reader) fields(path string, parts [][]char, v reflect.Value) {
	ms := Parts(v.Type())
	if len(parts) > len(ms) {
		c.report(path, fmt.Sprintf("有 %d 个部分，最多 %d 个；文字中的｜前请加反斜杠", len(parts), len(ms)),
			fmt.Sprintf("has %d parts, and may have %d; put a backslash before a ｜ in a text", len(parts), len(ms)))
		return
	}
	for i, part := range parts {
		f := v.FieldByIndex(ms[i].Index)
		switch {
		case len(part) == 0:
		case f.Type() == reflect.TypeFor[*catalog.NewPerson]():
			f.Set(reflect.ValueOf(readNewPerson(part)))
		case f.Kind() == reflect.Slice:
			c.list(jsonl.Path(path, ms[i].Name), entries(part, itemSeparators), f)
		default:
			c.scalar(jsonl.Path(path, ms[i].Name), textOf(part), f)
		}
	}
}

// roleAndName takes 搭台方：某某 for 搭台方｜某某.
func roleAndName(part []char) [][]char {
	at := slices.IndexFunc(part, func(c char) bool { return c.r == '：' || c.r == ':' })
	if at < 0 {
		return [][]char{part}
	}
	if _, ok := CodeOf(reflect.TypeFor[catalog.PartyRole](), textOf(part[:at])); !ok {
		return [][]char{part}
	}
	return [][]char{trimmed(part[:at]), trimmed(part[at+1:])}
}

// scalar reads one value. A text that is not of the type is reported, and an
// enum's or date's is kept all the same, so that the record shows it.
func (c *Reader) scalar(path, text string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		c.scalar(path, text, to.Elem())
		v.Set(to)
	case reflect.Int:
		n, ok := wholeNumber(text)
		if !ok {
			c.report(path, "应为整数，这里是“"+catalog.Clipped(text)+"”", "must be a whole number, and is "+catalog.Quoted(text))
			return
		}
		v.SetInt(n)
	case reflect.Float64:
		x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), 64)
		if err != nil {
			c.report(path, "应为数字，这里是“"+catalog.Clipped(text)+"”", "must be a number, and is "+catalog.Quoted(text))
			return
		}
		v.SetFloat(x)
	case reflect.Bool:
		c.bool(path, text, v)
	default:
		c.text(path, text, v)
	}
}

// wholeNumber reads a count as people write it: 45, 4,500, 45人, 共45人次, ４５,
// 四十五人. About 45 is none.
func wholeNumber(text string) (int64, bool) {
	text = strings.ReplaceAll(strings.Join(strings.Fields(norm.NFKC.String(text)), ""), ",", "")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "共计"), "共")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil { // spreadsheets write 1E+3 and 45.0
		return int64(x), x == math.Trunc(x) && math.Abs(x) < 1e15
	}
	for _, unit := range unitsOfNo {
		rest, ok := strings.CutSuffix(text, unit)
		if !ok {
			continue
		}
		if unit == "余人" {
			return 0, false
		}
		n, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			n, ok = inWords(rest)
			return n, ok
		}
		return n, true
	}
	return inWords(text)
}

// inWords reads a number below ten thousand in Chinese: 四十五, 一百二十.
func inWords(s string) (int64, bool) {
	var sum, digit int64
	if s == "" {
		return 0, false
	}
	for _, r := range s {
		switch at := strings.IndexRune("〇一二三四五六七八九", r); {
		case at >= 0:
			digit = int64(at / len("一"))
		case r == '零':
		case r == '两':
			digit = 2
		case r == '十' || r == '百' || r == '千':
			unit := map[rune]int64{'十': 10, '百': 100, '千': 1000}[r]
			sum += max(digit, 1) * unit
			digit = 0
		default:
			return 0, false
		}
	}
	return sum + digit, true
}

func (c *Reader) bool(path, text string, v reflect.Value) {
	text = Folded(text)
	switch {
	case slices.Contains(saysYes, text):
		v.SetBool(true)
	case slices.Contains(saysNo, text):
		v.SetBool(false)
	default:
		c.report(path, "请写“是”或“否”，这里是“"+catalog.Clipped(text)+"”", "must be 是 or 否, and is "+catalog.Quoted(text))
	}
}

func (c *Reader) text(path, text string, v reflect.Value) {
	t := v.Type()
	if t == DateType {
		d, err := cellDate(text)
		if err != nil {
			c.report(path, err.Zh, err.En)
			d = catalog.PartialDate(text)
		}
		v.SetString(string(d))
		return
	}
	enum := EnumOf(t)
	if enum == nil {
		v.SetString(text)
		return
	}
	code, ok := CodeOf(t, text)
	if !ok {
		can := strings.Join(enum.Labels(), "、")
		c.report(path, "“"+catalog.Clipped(text)+"”不是可用的值，可用："+can, catalog.Quoted(text)+" is not one of "+can)
		code = text
	}
	v.SetString(code)
}

// cellDate reads a date that must be one: a cell's text, or the number of a day.
func cellDate(text string) (catalog.PartialDate, *catalog.Error) {
	if dates.Ambiguous(text) {
		return "", AmbiguousDate(text)
	}
	if d, ok := dates.Read(text); ok && d.End == "" && !d.Inexact {
		return d.Start, nil
	}
	if d, ok := dates.Serial(text); ok {
		return d, nil
	}
	return "", catalog.Invalid("", "“"+catalog.Clipped(text)+"”不是日期：请写 2021、2021-07 或 2021-07-15", catalog.Quoted(text)+" is not a date: write 2021, 2021-07 or 2021-07-15")
}

// AmbiguousDate returns the error for a number that may be one of two months: 2021.1.
func AmbiguousDate(text string) *catalog.Error {
	year := strings.TrimSuffix(norm.NFKC.String(strings.TrimSpace(text)), ".1")
	return catalog.Invalid("", text+" 可能是 1 月，也可能是 10 月：请写 "+year+"-01 或 "+year+"-10", text+" may be January or October: write "+year+"-01 or "+year+"-10")
}

func (c *Reader) report(path, zh, en string) {
	if len(c.Problems) < jsonl.MaxProblems {
		c.Problems = append(c.Problems, catalog.Invalid(path, zh, en))
	}
}
