package jsonl

import (
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

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

// validTexts reports whether every text that eachString would call for is valid UTF-8.
// It makes no paths, which nobody wants where all are.
func validTexts(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return utf8.ValidString(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			if !validTexts(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		for _, m := range MembersOf(v.Type()).List {
			if !validTexts(v.FieldByIndex(m.Index)) {
				return false
			}
		}
	}
	return true
}
