package jsonl

import (
	"bytes"
	"reflect"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// normalise puts every text of an input into NFC. line is the JSON that it was
// decoded from: a part of a text in NFC is in NFC, so where the whole line is,
// and no escape hides a character, nothing has to be looked at.
func normalise(in catalog.Input, line []byte) {
	if norm.NFC.IsNormal(line) && !bytes.Contains(line, []byte(`\u`)) {
		return
	}
	eachString(in, func(_ string, s *string) {
		if !norm.NFC.IsNormalString(*s) {
			*s = norm.NFC.String(*s)
		}
	})
}

// eachString calls f for every text of an input with its path in JSON.
func eachString(in catalog.Input, f func(path string, s *string)) {
	eachStringOf(reflect.ValueOf(in).Elem(), "", f)
}

func eachStringOf(v reflect.Value, path string, f func(string, *string)) {
	switch v.Kind() {
	case reflect.String:
		p := v.Addr().Convert(reflect.TypeFor[*string]()).Interface().(*string)
		f(path, p)
	case reflect.Slice:
		for i := range v.Len() {
			eachStringOf(v.Index(i), Path(path, strconv.Itoa(i)), f)
		}
	case reflect.Struct:
		for _, m := range MembersOf(v.Type()).List {
			eachStringOf(v.FieldByIndex(m.Index), Path(path, m.Name), f)
		}
	}
}

// Path returns the path in JSON of a member of what stands at a path.
func Path(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
