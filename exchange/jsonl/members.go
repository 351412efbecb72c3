package jsonl

import (
	"reflect"
	"strings"
	"sync"
)

// Member is a field of a struct under its name in JSON.
type Member struct {
	Name  string
	Index []int // for reflect.Value.FieldByIndex
	Type  reflect.Type
}

// Members are the fields of one struct type, in order and by name.
type Members struct {
	List   []Member
	byName map[string]int // place in list
}

var membersByType sync.Map // reflect.Type -> *Members

// MembersOf returns the fields that encoding/json reads and writes for a struct
// type, embedded ones among them. Safe for concurrent use.
func MembersOf(t reflect.Type) *Members {
	if m, ok := membersByType.Load(t); ok {
		return m.(*Members)
	}
	m := &Members{byName: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || !f.IsExported() {
			continue // among them the embedded structs themselves
		}
		m.byName[name] = len(m.List)
		m.List = append(m.List, Member{name, f.Index, f.Type})
	}
	actual, _ := membersByType.LoadOrStore(t, m)
	return actual.(*Members)
}
