package exchange

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

var (
	dateType  = reflect.TypeFor[catalog.PartialDate]()
	yes, no   = "是", "否"
	saysYes   = []string{"是", "true", "yes", "1", "√", "y"}
	saysNo    = []string{"否", "false", "no", "0", "×", "n"}
	unitsOfNo = []string{"人次", "余人", "人", "名", "次", "场", "年度", "年", "位"}
)

// formatCell writes a field in the notation of cells: a text as it is, an enum
// by its label, a list as notation.go says. parseCell reads it back as the same.
func formatCell(v reflect.Value) string {
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
	for _, m := range membersOf(v.Type()).list {
		f := v.FieldByIndex(m.index)
		if f.Kind() != reflect.Slice {
			parts = append(parts, escape(formatScalar(f), partSeparators))
			continue
		}
		items := make([]string, f.Len())
		for i := range items {
			items[i] = escape(formatScalar(f.Index(i)), partSeparators+itemSeparators)
		}
		parts = append(parts, strings.Join(items, betweenItems))
	}
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, betweenParts)
}

// cellReader reads the cells of one record and gathers what is wrong with them.
type cellReader struct{ problems catalog.Problems }

// parse reads a cell that is not empty into a field.
func (c *cellReader) parse(path, cell string, v reflect.Value) {
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
		c.parts(join(path, strconv.Itoa(v.Len()-1)), line, v.Index(v.Len()-1))
	}
}

func (c *cellReader) list(path string, items [][]char, v reflect.Value) {
	for i, item := range items {
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		c.scalar(join(path, strconv.Itoa(i)), textOf(item), v.Index(v.Len()-1))
	}
}

// parts reads one line of a list whose entries have parts.
func (c *cellReader) parts(path string, line []char, v reflect.Value) {
	ms := membersOf(v.Type()).list
	parts := split(line, partSeparators)
	if len(parts) == 1 && v.Type() == reflect.TypeFor[catalog.ParticipantInput]() {
		parts = roleAndName(parts[0])
	}
	if len(parts) > len(ms) {
		c.report(path, fmt.Sprintf("有 %d 个部分，最多 %d 个；文字中的｜前请加反斜杠", len(parts), len(ms)),
			fmt.Sprintf("has %d parts, and may have %d; put a backslash before a ｜ in a text", len(parts), len(ms)))
		return
	}
	for i, part := range parts {
		f := v.FieldByIndex(ms[i].index)
		switch {
		case len(part) == 0:
		case f.Kind() == reflect.Slice:
			c.list(join(path, ms[i].name), entries(part, itemSeparators), f)
		default:
			c.scalar(join(path, ms[i].name), textOf(part), f)
		}
	}
}

// roleAndName takes 搭台方：某某 for 搭台方｜某某.
func roleAndName(part []char) [][]char {
	at := slices.IndexFunc(part, func(c char) bool { return c.r == '：' || c.r == ':' })
	if at < 0 {
		return [][]char{part}
	}
	if _, ok := codeOf(reflect.TypeFor[catalog.PartyRole](), textOf(part[:at])); !ok {
		return [][]char{part}
	}
	return [][]char{trimmed(part[:at]), trimmed(part[at+1:])}
}

// scalar reads one value. A text that is not of the type is reported, and an
// enum's or date's is kept all the same, so that the record shows it.
func (c *cellReader) scalar(path, text string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		to := reflect.New(v.Type().Elem())
		c.scalar(path, text, to.Elem())
		v.Set(to)
	case reflect.Int:
		n, ok := wholeNumber(text)
		if !ok {
			c.report(path, "应为整数，这里是“"+clip(text)+"”", "must be a whole number, and is "+quote(text))
			return
		}
		v.SetInt(n)
	case reflect.Float64:
		x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", ""), 64)
		if err != nil {
			c.report(path, "应为数字，这里是“"+clip(text)+"”", "must be a number, and is "+quote(text))
			return
		}
		v.SetFloat(x)
	case reflect.Bool:
		c.bool(path, text, v)
	default:
		c.text(path, text, v)
	}
}

func wholeNumber(text string) (int64, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil { // spreadsheets write 1E+3 and 45.0
		return int64(x), x == math.Trunc(x) && math.Abs(x) < 1e15
	}
	for _, unit := range unitsOfNo {
		if rest, ok := strings.CutSuffix(text, unit); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			return n, err == nil && unit != "余人"
		}
	}
	return 0, false
}

func (c *cellReader) bool(path, text string, v reflect.Value) {
	text = folded(text)
	switch {
	case slices.Contains(saysYes, text):
		v.SetBool(true)
	case slices.Contains(saysNo, text):
		v.SetBool(false)
	default:
		c.report(path, "请写“是”或“否”，这里是“"+clip(text)+"”", "must be 是 or 否, and is "+quote(text))
	}
}

func (c *cellReader) text(path, text string, v reflect.Value) {
	t := v.Type()
	if t == dateType {
		d, err := parseCellDate(text)
		if err != nil {
			c.report(path, err.Zh, err.En)
			d = catalog.PartialDate(text)
		}
		v.SetString(string(d))
		return
	}
	enum := enumOf(t)
	if enum == nil {
		v.SetString(text)
		return
	}
	code, ok := codeOf(t, text)
	if !ok {
		can := strings.Join(enum.Labels(), "、")
		c.report(path, "“"+clip(text)+"”不是可用的值，可用："+can, quote(text)+" is not one of "+can)
		code = text
	}
	v.SetString(code)
}

func (c *cellReader) report(path, zh, en string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, invalid(path, zh, en))
	}
}
