package script

import (
	"reflect"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normal reports whether s is in Unicode's normal form C, as texts are kept.
func Normal(s string) bool {
	for i := 0; i < len(s); {
		// What Chinese is written with is passed over by its bytes: characters that
		// neither compose nor decompose nor move, so that a text of them is in normal
		// form whatever stands beside what. A test holds the ranges against the library.
		switch b := s[i]; {
		case b < utf8.RuneSelf:
			i++
		case i+2 < len(s) && continues(s[i+1]) && continues(s[i+2]) && (b >= 0xE4 && b <= 0xE9 || // U+4000 to U+9FFF
			b == 0xE3 && s[i+1] == 0x80 && s[i+2] < 0xAA || // U+3000 to U+3029
			b == 0xE2 && s[i+1] == 0x80 && s[i+2] >= 0x90 && s[i+2] <= 0xA7 || // U+2010 to U+2027
			b == 0xEF && (s[i+1] == 0xBC || s[i+1] == 0xBD)): // U+FF00 to U+FF7F
			i += 3
		default:
			return norm.NFC.IsNormalString(s)
		}
	}
	return true
}

// continues reports whether b is a byte of a character that is not its first.
func continues(b byte) bool { return b&0xC0 == 0x80 }

// Normalise brings every text of a record, a pointer to a struct that JSON carries, to
// normal form C and reports whether one was in another. It changes the record in place.
func Normalise(record any) (changed bool) {
	return textsOf(reflect.TypeOf(record).Elem()).normalise(reflect.ValueOf(record).Elem())
}

// textPlaces say where the texts of a type are: in itself, in its elements, or in fields.
type textPlaces struct {
	kind   reflect.Kind // String, Slice or Struct; Invalid where there are none
	fields []textField
	of     *textPlaces // of a Slice's elements
}

type textField struct {
	at int
	of *textPlaces
}

var textsByType sync.Map // reflect.Type -> *textPlaces

// textsOf returns where the texts are that JSON carries. Safe for concurrent use.
func textsOf(t reflect.Type) *textPlaces {
	if known, ok := textsByType.Load(t); ok {
		return known.(*textPlaces)
	}
	found := &textPlaces{}
	switch t.Kind() {
	case reflect.String:
		found.kind = reflect.String
	case reflect.Slice:
		if found.of = textsOf(t.Elem()); found.of.kind != reflect.Invalid {
			found.kind = reflect.Slice
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || f.Tag.Get("json") == "-" {
				continue
			}
			if of := textsOf(f.Type); of.kind != reflect.Invalid {
				found.kind, found.fields = reflect.Struct, append(found.fields, textField{i, of})
			}
		}
	}
	actual, _ := textsByType.LoadOrStore(t, found)
	return actual.(*textPlaces)
}

func (t *textPlaces) normalise(v reflect.Value) (changed bool) {
	switch t.kind {
	case reflect.String:
		if s := v.String(); !Normal(s) {
			v.SetString(norm.NFC.String(s))
			return true
		}
	case reflect.Slice:
		for i := range v.Len() {
			changed = t.of.normalise(v.Index(i)) || changed
		}
	case reflect.Struct:
		for _, f := range t.fields {
			changed = f.of.normalise(v.Field(f.at)) || changed
		}
	}
	return changed
}
