package cell

import (
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// EnumOf returns the values of an enum's type, nil where it is none. The
// catalog's enums are called as their types.
func EnumOf(t reflect.Type) *catalog.Enum { return catalog.EnumNamed(t.Name()) }

// labelOf returns the label of an enum's value, the value itself where it has
// none.
func labelOf(t reflect.Type, code string) string {
	if enum := EnumOf(t); enum != nil && enum.Has(code) {
		return enum.Label(code)
	}
	return code
}

// CodeOf finds the value that a text stands for.
func CodeOf(t reflect.Type, text string) (string, bool) {
	enum := EnumOf(t)
	if enum == nil {
		return "", false
	}
	want := Folded(text)
	for _, v := range enum.Values {
		if Folded(v.Code) == want || Folded(v.Label) == want {
			return v.Code, true
		}
		for _, a := range v.Aliases {
			if Folded(a) == want {
				return v.Code, true
			}
		}
	}
	return "", false
}

// Folded makes names comparable that differ in what people don't see: spaces,
// the width of brackets and colons, marks for required columns, letter case.
func Folded(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case ' ', '\t', '\n', '\r', '\u3000', '\u00a0', '_', '-', '*', '＊', '：', ':', '\ufeff':
		case '（':
			b.WriteByte('(')
		case '）':
			b.WriteByte(')')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
