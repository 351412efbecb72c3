package docx

import (
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// field is a complex field, which has a code and mostly a result.
type field struct {
	code     strings.Builder
	result   bool // the code has ended
	wrote    bool // the result has text
	contents bool // it is a table of contents
}

func (r *reader) field() *field {
	if len(r.fields) == 0 {
		return nil
	}
	return r.fields[len(r.fields)-1]
}

func (r *reader) fieldChar(kind string) {
	switch kind {
	case "begin":
		r.beginField()
	case "separate":
		r.separate()
	case "end":
		r.endField()
	}
}

// clocks are fields that show the day on which the document is opened, printed or
// saved, which nobody has written.
var clocks = map[string]bool{"DATE": true, "TIME": true, "PRINTDATE": true, "SAVEDATE": true}

// isClock reports whether the text that comes is the result of such a field.
func (r *reader) isClock() bool {
	for _, f := range r.fields {
		if name, _ := fieldCode(f.code.String()); f.result && clocks[name] {
			f.wrote = true
			return true
		}
	}
	return false
}

func (r *reader) beginField() { r.fields = append(r.fields, &field{}) }

// separate ends the code of a field.
func (r *reader) separate() {
	f := r.field()
	if f == nil {
		return
	}
	f.result = true
	switch name, _ := fieldCode(f.code.String()); name {
	case "TOC":
		f.contents = true
	case "PAGEREF":
		if p := r.paragraph(); p != nil {
			p.block.Contents = true
		}
	}
}

// silent are fields that show nothing where they stand.
var silent = map[string]bool{
	"": true, "XE": true, "TC": true, "RD": true, "TA": true, "SET": true, "ADVANCE": true, "NEXT": true, "PAGE": true, "NUMPAGES": true, "HYPERLINK": true,
	"TOC": true, "SEQ": true, "FORMTEXT": true, "FORMCHECKBOX": true, "FORMDROPDOWN": true, "ADDIN": true, "REF": true, "PAGEREF": true,
}

// endField writes what a field shows that has no result in the file: the program
// works it out from the code.
func (r *reader) endField() {
	f := r.field()
	if f == nil {
		return
	}
	r.fields = r.fields[:len(r.fields)-1]
	if f.wrote {
		if outer := r.field(); outer != nil {
			outer.wrote = true
		}
		return
	}
	switch name, rest := fieldCode(f.code.String()); name {
	case "EQ":
		text, reading := equation(rest)
		r.write(text)
		if reading != "" {
			r.leave(Reading, reading)
		}
		if text == "" {
			r.leave(Field, catalog.Clipped(strings.TrimSpace(f.code.String())))
		}
	case "SYMBOL":
		words := strings.Fields(rest)
		if len(words) == 0 {
			return
		}
		code, err := strconv.ParseInt(words[0], 0, 32)
		font := "Symbol"
		if _, after, ok := strings.Cut(rest, `\f`); ok {
			font = strings.Trim(strings.TrimSpace(strings.SplitN(after, `\`, 2)[0]), `"`)
		}
		if err == nil {
			r.symbol(font, strconv.FormatInt(code, 16), false)
		}
	default:
		if !silent[name] {
			r.leave(Field, catalog.Clipped(strings.TrimSpace(f.code.String())))
		}
	}
}

// fieldCode splits a field's code into its name, in capitals, and the rest.
func fieldCode(code string) (name, rest string) {
	code = strings.TrimSpace(code)
	end := strings.IndexFunc(code, func(r rune) bool { return r == ' ' || r == '\\' || r == '\u00a0' || r == '(' })
	if end < 0 {
		end = len(code)
	}
	return strings.ToUpper(code[:end]), code[end:]
}

// enclosures are the signs that Word's enclosed characters are drawn in.
const enclosures = "○〇◯□△◇▢⬜"

// equation returns the characters of an EQ field, in which Word keeps what its
// Chinese commands make: the phonetic guide \o\ad(\s\up 9(hún),珲), enclosed
// characters \o\ac(○,一), combined ones \o(\s\up 5(甲),\s\do 2(乙)). The reading
// of a guide and the sign around a character are no text.
func equation(code string) (text, reading string) {
	q := &equationReader{rest: []rune(code)}
	text = q.sequence()
	return strings.TrimSpace(text), strings.TrimSpace(q.reading)
}

// equationReader reads an equation's code by recursive descent.
type equationReader struct {
	rest    []rune
	reading string
	depth   int
}

const maxEquationDepth = 50

// sequence reads to the end, or to what ends the element that it is.
func (q *equationReader) sequence() string {
	var b strings.Builder
	for len(q.rest) > 0 {
		switch c := q.rest[0]; {
		case c == ',' && q.depth > 0, c == ';' && q.depth > 0, c == ')' && q.depth > 0:
			return b.String()
		case c == '\\' && len(q.rest) > 1 && strings.ContainsRune(`,();\`, q.rest[1]):
			b.WriteRune(q.rest[1])
			q.rest = q.rest[2:]
		case c == '\\':
			b.WriteString(q.command())
		case c == '(' && q.depth > 0 && q.depth < maxEquationDepth:
			b.WriteString(strings.Join(q.elements(), ""))
		default:
			if c != ' ' || q.depth > 0 && b.Len() > 0 {
				b.WriteRune(c)
			}
			q.rest = q.rest[1:]
		}
	}
	return b.String()
}

// command reads one switch with those that follow it at once, and their elements.
func (q *equationReader) command() string {
	var switches []string
	for len(q.rest) > 1 && q.rest[0] == '\\' {
		q.rest = q.rest[1:]
		name := q.word()
		if name == "*" { // \* jc2 \* "Font:宋体" \* hps10: how Word draws a guide
			q.argument()
			q.spaces()
			continue
		}
		switches = append(switches, name)
		q.spaces()
	}
	q.spaces()
	if len(q.rest) == 0 || q.rest[0] != '(' || q.depth >= maxEquationDepth {
		return ""
	}
	list := q.elements()
	all := strings.Join(switches, " ")
	switch {
	case strings.HasPrefix(all, "o ac") && len(list) == 2 && strings.Contains(enclosures, strings.TrimSpace(list[0])):
		return list[1]
	case strings.HasPrefix(all, "o ad") && len(list) == 2:
		q.reading += list[0]
		return list[1]
	case strings.HasPrefix(all, "f") && len(list) == 2:
		return list[0] + "/" + list[1]
	}
	return strings.Join(list, "")
}

// elements reads a list in brackets.
func (q *equationReader) elements() []string {
	q.rest = q.rest[1:] // (
	q.depth++
	defer func() { q.depth-- }()
	var list []string
	for {
		list = append(list, strings.TrimSpace(q.sequence()))
		if len(q.rest) == 0 {
			return list
		}
		end := q.rest[0] == ')'
		q.rest = q.rest[1:]
		if end {
			return list
		}
	}
}

// word reads the name of a switch with a number behind it: up 9, * .
func (q *equationReader) word() string {
	if len(q.rest) > 0 && q.rest[0] == '*' {
		q.rest = q.rest[1:]
		return "*"
	}
	n := 0
	for n < len(q.rest) && q.rest[n] >= 'a' && q.rest[n] <= 'z' || n < len(q.rest) && q.rest[n] >= 'A' && q.rest[n] <= 'Z' {
		n++
	}
	name := strings.ToLower(string(q.rest[:n]))
	q.rest = q.rest[n:]
	q.spaces()
	for len(q.rest) > 0 && q.rest[0] >= '0' && q.rest[0] <= '9' {
		q.rest = q.rest[1:]
	}
	return name
}

// argument reads what stands behind \*, in quotes or not.
func (q *equationReader) argument() {
	q.spaces()
	if len(q.rest) > 0 && q.rest[0] == '"' {
		q.rest = q.rest[1:]
		for len(q.rest) > 0 && q.rest[0] != '"' {
			q.rest = q.rest[1:]
		}
		if len(q.rest) > 0 {
			q.rest = q.rest[1:]
		}
		return
	}
	for len(q.rest) > 0 && q.rest[0] != ' ' && q.rest[0] != '\\' {
		q.rest = q.rest[1:]
	}
}

func (q *equationReader) spaces() {
	for len(q.rest) > 0 && q.rest[0] == ' ' {
		q.rest = q.rest[1:]
	}
}
