package exchange

import (
	"reflect"
	"strings"
	"sync"
)

// member is a field of a struct under its name in JSON.
type member struct {
	name  string
	index []int // for reflect.Value.FieldByIndex
	typ   reflect.Type
}

// members are the fields of one struct type, in order and by name.
type members struct {
	list   []member
	byName map[string]int // place in list
}

var membersByType sync.Map // reflect.Type -> *members

// membersOf returns the fields that encoding/json reads and writes for a struct
// type, embedded ones among them. Safe for concurrent use.
func membersOf(t reflect.Type) *members {
	if m, ok := membersByType.Load(t); ok {
		return m.(*members)
	}
	m := &members{byName: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || !f.IsExported() {
			continue // among them the embedded structs themselves
		}
		m.byName[name] = len(m.list)
		m.list = append(m.list, member{name, f.Index, f.Type})
	}
	actual, _ := membersByType.LoadOrStore(t, m)
	return actual.(*members)
}
