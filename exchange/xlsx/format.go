package xlsx

import (
	"encoding/xml"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/xuri/nfp"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// numberFormat is how a cell shows its number. The zero value is General.
type numberFormat struct{ sections []nfp.Section }

// builtIn are the codes of formats that a file names by number only (ECMA-376,
// part 1, 18.8.30), as programs in Chinese show them. 27 to 36 and 50 to 58 are
// the East Asian ones, of which many are months and have no day.
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
	14: "yyyy/m/d", 15: "yyyy/m/d", 16: `m"月"d"日"`, 17: `yyyy"年"m"月"`, 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "yyyy/m/d", 31: `yyyy"年"m"月"d"日"`, 32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`,
	34: `h"时"mm"分"`, 35: `h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`, 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`, 55: `h"时"mm"分"`, 56: `h"时"mm"分"ss"秒"`,
	57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

func parseFormat(code string) numberFormat {
	if code == "" || strings.EqualFold(code, "general") {
		return numberFormat{}
	}
	parser := nfp.NumberFormatParser()
	return numberFormat{parser.Parse(escapes(code))}
}

// escapes returns the code with the escapes that Chinese Excel writes with an
// exclamation mark written as the parser knows them, with a backslash.
func escapes(code string) string {
	var b strings.Builder
	quoted, escaped := false, false
	for _, r := range code {
		switch {
		case escaped:
			escaped = false
		case r == '"':
			quoted = !quoted
		case !quoted && r == '!':
			r = '\\'
			escaped = true
		case !quoted && r == '\\':
			escaped = true
		}
		b.WriteRune(r)
	}
	return b.String()
}

// readStyles reads which format the cells of each style have.
func (b *Book) readStyles(name string) error {
	part, err := archive.Part(b.zip, name)
	if err != nil {
		return nil //nolint:nilerr // without styles every cell is General
	}
	codes := map[int]string{}
	var ids []int
	within := false // cellXfs
	err = archive.EachToken(part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(archive.Attribute(t, "numFmtId")); err == nil {
					codes[id] = archive.Attribute(t, "formatCode")
				}
			case "cellXfs":
				within = true
			case "xf":
				if within {
					id, _ := strconv.Atoi(archive.Attribute(t, "numFmtId"))
					ids = append(ids, id)
				}
			}
		case xml.EndElement:
			within = within && t.Name.Local != "cellXfs"
		}
		return nil
	})
	parsed := map[int]numberFormat{}
	for _, id := range ids {
		f, ok := parsed[id]
		if !ok {
			code, own := codes[id]
			if !own {
				code = builtIn[id]
			}
			f = parseFormat(code)
			parsed[id] = f
		}
		b.formats = append(b.formats, f)
	}
	return err
}

// show returns a number as a cell of the style shows it.
func (b *Book) show(value string, style int) string {
	value = strings.TrimSpace(value)
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	if style < 0 || style >= len(b.formats) {
		return general(x)
	}
	section, bare := b.formats[style].section(x)
	switch {
	case section == nil:
		return general(x)
	case isDate(section):
		if day, ok := b.dayOf(x); ok {
			return showDate(section, day)
		}
		return general(x)
	}
	if bare {
		x = math.Abs(x)
	}
	return showNumber(section, x)
}

// section returns the part of the code that is for x, nil for General: one part
// is for all numbers, the second of several for negative ones, the third for 0, unless
// they say for which they are: [>=10000]0!.0,"万";0. bare says that the part has a sign
// of its own for negative numbers.
func (f numberFormat) section(x float64) (items []nfp.Token, bare bool) {
	n := len(f.sections)
	switch {
	case n == 0:
		return nil, false
	case n > 1 && (hasCondition(f.sections[0].Items) || hasCondition(f.sections[1].Items)):
		return f.conditional(x), false
	case x < 0 && n > 1 && shows(f.sections[1].Items):
		return f.sections[1].Items, true
	case x == 0 && n > 2 && shows(f.sections[2].Items):
		return f.sections[2].Items, false
	}
	return f.sections[0].Items, false
}

// conditional returns the first part whose condition x meets. One without a condition
// is for positive numbers where it is the first of several, for negative ones where it
// is the second of three, and else for the rest.
func (f numberFormat) conditional(x float64) []nfp.Token {
	for i, s := range f.sections[:min(len(f.sections), 3)] {
		met, has := condition(s.Items, x)
		switch {
		case has:
		case i == 0:
			met = x > 0
		case i == 1 && len(f.sections) > 2:
			met = x < 0
		default:
			met = true
		}
		if met {
			return s.Items
		}
	}
	return nil
}

func hasCondition(items []nfp.Token) bool {
	_, has := condition(items, 0)
	return has
}

// condition reports whether x meets the condition of a part, and whether it has one.
func condition(items []nfp.Token, x float64) (met, has bool) {
	for _, t := range items {
		if t.TType != nfp.TokenTypeCondition || len(t.Parts) != 2 {
			continue
		}
		limit, err := strconv.ParseFloat(t.Parts[1].Token.TValue, 64)
		if err != nil {
			continue
		}
		switch t.Parts[0].Token.TValue {
		case "<":
			return x < limit, true
		case "<=":
			return x <= limit, true
		case ">":
			return x > limit, true
		case ">=":
			return x >= limit, true
		case "=":
			return x == limit, true
		case "<>":
			return x != limit, true
		}
	}
	return false, false
}

// shows reports whether a part of a code shows something: a number that a format
// hides is read all the same.
func shows(items []nfp.Token) bool { return hasDigits(items) || literalOf(items) != "" }

// literalOf returns the words of a part: 是 of "是";;"否".
func literalOf(items []nfp.Token) string {
	var b strings.Builder
	for _, t := range items {
		if t.TType == nfp.TokenTypeLiteral {
			b.WriteString(t.TValue)
		}
	}
	return strings.TrimSpace(b.String())
}

func hasDigits(items []nfp.Token) bool {
	for _, t := range items {
		switch t.TType {
		case nfp.TokenTypeZeroPlaceHolder, nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder, nfp.TokenTypeDateTimes:
			return true
		}
	}
	return false
}

// general returns a number as a cell without a format shows it, with the fifteen
// digits that spreadsheets keep.
func general(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64); err == nil {
		x = rounded
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// showNumber writes a number with the digits, signs and words of its format.
func showNumber(section []nfp.Token, x float64) string {
	var before, behind strings.Builder
	var within []inset
	decimals, zeros, places, percent, commas := 0, 0, 0, 0, 0
	digits, point, thousands := false, false, false
	whole := "" // the number where General stands for it
	place := func(n int) {
		if behind.Len() > 0 && !point && percent == 0 { // a literal between two digits
			within = append(within, inset{behind.String(), places})
			behind.Reset()
		}
		thousands, commas, digits = thousands || commas > 0, 0, true
		if !point {
			places += n
		}
	}
	for _, t := range section {
		switch t.TType {
		case nfp.TokenTypeZeroPlaceHolder:
			place(len(t.TValue))
			if point {
				decimals = max(decimals, 0) + len(t.TValue)
			} else {
				zeros += len(t.TValue)
			}
		case nfp.TokenTypeHashPlaceHolder, nfp.TokenTypeDigitalPlaceHolder:
			place(len(t.TValue))
			if point && decimals == 0 { // as many as there are
				decimals = -len(t.TValue)
			}
		case nfp.TokenTypeDecimalPoint:
			point = true
		case nfp.TokenTypeThousandsSeparator:
			commas++ // between digits it groups them, behind the last each is a thousand less
		case nfp.TokenTypePercent:
			percent++
			behind.WriteString("%")
		case nfp.TokenTypeExponential, nfp.TokenTypeFraction, nfp.TokenTypeDenominator, nfp.TokenTypeTextPlaceHolder:
			return general(x)
		case nfp.TokenTypeGeneral:
			whole, digits = general(x), true
		case nfp.TokenTypeLiteral:
			if t.TValue == "," && commas > 0 { // the second of two
				commas++
			} else if digits {
				behind.WriteString(t.TValue)
			} else {
				before.WriteString(t.TValue)
			}
		case nfp.TokenTypeCurrencyLanguage:
			for _, p := range t.Parts {
				if p.Token.TType == nfp.TokenSubTypeCurrencyString {
					before.WriteString(p.Token.TValue)
				}
			}
		}
	}
	switch {
	case !digits && before.Len() > 0 && strings.TrimSpace(before.String()) != "":
		return strings.TrimSpace(before.String())
	case !digits:
		return general(x)
	case whole != "":
		return strings.TrimSpace(before.String() + whole + behind.String())
	}
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'e', 14, 64)) // fifteen digits are what a spreadsheet has
	if !ok {
		return general(x)
	}
	for range percent {
		exact.Mul(exact, big.NewRat(100, 1))
	}
	for range commas {
		exact.Mul(exact, big.NewRat(1, 1000))
	}
	shown := digitsOf(exact, decimals, zeros, thousands)
	for _, in := range within {
		shown = in.put(shown, places)
	}
	return strings.TrimSpace(before.String() + shown + behind.String())
}

// inset is a literal between the digits of a format, as the point of 0!.0,"万", by
// which offices have 44,378 shown as 4.4万.
type inset struct {
	literal string
	after   int // of the places for digits, from the left
}

// put puts the literal into the digits: places are filled from the right.
func (in inset) put(shown string, places int) string {
	whole, rest, _ := strings.Cut(shown, ".")
	if rest != "" {
		rest = "." + rest
	}
	at := max(0, len(whole)-(places-in.after))
	return whole[:at] + in.literal + whole[at:] + rest
}

// digitsOf writes a number with so many decimals, or at most as many where that is
// negative, and at least so many digits before them. A half is rounded away from 0, as
// spreadsheets do: 2.05 shows as 2.1 where there is one decimal.
func digitsOf(x *big.Rat, decimals, zeros int, thousands bool) string {
	text := x.FloatString(max(decimals, -decimals))
	if decimals < 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	whole = strings.Repeat("0", max(0, min(zeros, 40)-len(whole))) + whole
	for i := len(whole) - 3; thousands && i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}
