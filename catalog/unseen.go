package catalog

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
)

// Unseen reports whether a viewer may not read the record of that kind and slug.
type Unseen func(kind RecordKind, slug string) bool

// ReferredKinds are the kinds of records that inputs name, in the order of RecordKinds.
func ReferredKinds() []RecordKind {
	named := map[RecordKind]bool{}
	var collect func(*Noun)
	collect = func(n *Noun) {
		for _, f := range n.Fields {
			if f.Shape == ShapeReference {
				named[f.Kind] = true
			}
			if f.Entry != nil {
				collect(f.Entry)
			}
		}
	}
	for _, n := range nouns {
		collect(n)
	}
	return slices.DeleteFunc(slices.Clone(RecordKinds), func(k RecordKind) bool { return !named[k] })
}

// LeaveOut takes out of an input all that it names and a viewer may not read, with the
// entries of lists that say nothing else: what is left is what the viewer sees.
func LeaveOut(in Input, unseen Unseen) {
	NounOf(in.Kind()).leaveOut(reflect.ValueOf(in).Elem(), unseen)
}

func (n *Noun) leaveOut(v reflect.Value, unseen Unseen) {
	for i := range n.Fields {
		f := &n.Fields[i]
		value := v.FieldByIndex(f.index)
		switch {
		case f.Many && value.Len() == 0:
		case f.Shape == ShapeReference && f.Many:
			seen := slices.DeleteFunc(slices.Clone(value.Interface().([]string)), func(slug string) bool { return unseen(f.Kind, slug) })
			value.Set(reflect.ValueOf(seen))
		case f.Shape == ShapeReference:
			if unseen(f.Kind, value.String()) {
				value.SetString("")
			}
		case f.Shape == ShapeEntry && f.Many:
			seen := reflect.MakeSlice(value.Type(), 0, value.Len())
			for j := range value.Len() {
				entry := reflect.New(value.Type().Elem()).Elem()
				entry.Set(value.Index(j))
				f.Entry.leaveOut(entry, unseen)
				if !entry.IsZero() || value.Index(j).IsZero() {
					seen = reflect.Append(seen, entry)
				}
			}
			value.Set(seen)
		case f.Shape == ShapeEntry:
			if entry, ok := pointed(value); ok {
				f.Entry.leaveOut(entry, unseen)
			}
		}
	}
}

// WithUnseen returns the input, made by a viewer from what LeaveOut leaves of old, with
// what old names and the viewer may not read: who does not see something has not taken it
// out. A reference comes back where the input has none; one of a list, behind the one
// that stood before it; one of an entry, into the entry that says the same, or most of
// it under the same name. An entry that the writer took out stays out, but for one of
// which nothing was to be seen. The input itself is not changed.
func WithUnseen(in, old Input, unseen Unseen) Input {
	if in.Kind() == KindReport { // it names one record of six kinds, and says which
		return in
	}
	from := reflect.ValueOf(in).Elem()
	whole := reflect.New(from.Type())
	whole.Elem().Set(from)
	NounOf(in.Kind()).keep(whole.Elem(), reflect.ValueOf(old).Elem(), unseen)
	return whole.Interface().(Input)
}

// keep sets in the value what old names and is not seen. It changes no list in place.
func (n *Noun) keep(in, old reflect.Value, unseen Unseen) {
	instead := false // somebody new in the place of who is named
	if f := n.Field("newPerson"); f != nil {
		instead = !in.FieldByIndex(f.index).IsNil()
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		to, from := in.FieldByIndex(f.index), old.FieldByIndex(f.index)
		switch {
		case f.Shape == ShapeReference && f.Many:
			to.Set(reflect.ValueOf(f.keepNames(to.Interface().([]string), from.Interface().([]string), unseen)))
		case f.Shape == ShapeReference:
			if slug := from.String(); to.Len() == 0 && slug != "" && unseen(f.Kind, slug) && (!instead || f.Kind != KindPerson) {
				to.SetString(slug)
			}
		case f.Shape == ShapeEntry && f.Many:
			to.Set(f.keepEntries(to, from, unseen))
		}
	}
}

// keepNames returns the list with what is not seen of the old one: behind what stood
// before it, and where that goes by another name now, behind as many as did.
func (f *NounField) keepNames(in, old []string, unseen Unseen) []string {
	in = slices.Clone(in)
	at := 0
	for _, slug := range old {
		if unseen(f.Kind, slug) {
			in = slices.Insert(in, min(at, len(in)), slug)
			at++
		} else if i := slices.Index(in, slug); i >= 0 {
			at = i + 1
		} else {
			at++
		}
	}
	return in
}

// oldEntry is an entry of a list as it was, and as its writer saw it.
type oldEntry struct {
	whole, seen reflect.Value
	touched     bool // something of it was not seen
	at          int  // which entry of the input it is now; -1 for none
	same        bool // and says what was seen, no more and no less
}

func (f *NounField) keepEntries(in, old reflect.Value, unseen Unseen) reflect.Value {
	was := make([]oldEntry, old.Len())
	touched := false
	for i := range was {
		e := oldEntry{whole: old.Index(i), seen: copied(old.Index(i)), at: -1}
		f.Entry.leaveOut(e.seen, unseen)
		e.touched = !says(e.whole, e.seen)
		touched = touched || e.touched
		was[i] = e
	}
	if !touched {
		return in
	}
	f.match(in, was)
	now := make([]reflect.Value, in.Len())
	for j := range now {
		now[j] = copied(in.Index(j))
	}
	before := map[int][]reflect.Value{} // the entries that come back, by the one that they stand before
	last := -1
	for _, e := range was {
		switch {
		case e.at >= 0:
			last = e.at
			if e.touched && e.same {
				now[e.at] = e.whole
			} else if e.touched {
				f.Entry.keep(now[e.at], e.whole, unseen)
			}
		case e.touched && nameless(e.seen):
			before[last+1] = append(before[last+1], e.whole)
		}
	}
	all := reflect.MakeSlice(in.Type(), 0, in.Len())
	for j := range len(now) + 1 {
		all = reflect.Append(all, before[j]...)
		if j < len(now) {
			all = reflect.Append(all, now[j])
		}
	}
	return all
}

// match finds which entry of the input each of the old ones is: what says the same as
// was seen; then what says so but calls others by other names, as files do; then, of those
// of which something was not seen, what is as nameless, or says most of it.
func (f *NounField) match(in reflect.Value, was []oldEntry) {
	taken := make([]bool, in.Len())
	find := func(e *oldEntry, fits func(reflect.Value) bool) {
		for j := range taken {
			if e.at < 0 && !taken[j] && fits(in.Index(j)) {
				e.at, taken[j] = j, true
			}
		}
	}
	for i := range was {
		e := &was[i]
		find(e, func(v reflect.Value) bool { return says(e.seen, v) })
		e.same = e.at >= 0
	}
	for i := range was {
		find(&was[i], func(v reflect.Value) bool { return says(f.Entry.bare(was[i].seen), f.Entry.bare(v)) })
	}
	for i := range was {
		if e := &was[i]; e.touched {
			find(e, func(v reflect.Value) bool { return nameless(e.seen) && nameless(v) || f.Entry.mostly(e.seen, v) })
		}
	}
}

// names are the fields of entries that say whom or what one is about: where another
// stands there, it is another's.
var names = []string{"name", "office", "code", "role"}

// mostly reports whether the entry says more than half of what was seen of another one,
// of the same name.
func (n *Noun) mostly(seen, v reflect.Value) bool {
	all, same := 0, 0
	seen, v = n.bare(seen), n.bare(v)
	for _, f := range n.Fields {
		one := seen.FieldByIndex(f.index)
		if one.IsZero() || one.Kind() == reflect.Slice && one.Len() == 0 {
			continue
		}
		all++
		if says(one, v.FieldByIndex(f.index)) {
			same++
		} else if slices.Contains(names, f.Name) {
			return false
		}
	}
	return 2*same > all
}

// bare returns a copy of an entry that says of others only how many it names.
func (n *Noun) bare(v reflect.Value) reflect.Value {
	v = copied(v)
	for _, f := range n.Fields {
		value := v.FieldByIndex(f.index)
		switch {
		case f.Shape == ShapeReference && f.Many:
			value.Set(reflect.ValueOf(slices.Repeat([]string{"-"}, value.Len())))
		case f.Shape == ShapeReference && value.Len() > 0:
			value.SetString("-")
		case f.Shape == ShapeEntry && f.Many:
			entries := reflect.MakeSlice(value.Type(), 0, value.Len())
			for i := range value.Len() {
				entries = reflect.Append(entries, f.Entry.bare(value.Index(i)))
			}
			value.Set(entries)
		}
	}
	return v
}

// nameless reports whether an entry says too little to be written by itself.
func nameless(v reflect.Value) bool {
	if s, ok := v.Interface().(SupervisionInput); ok {
		return s.Supervisor == "" && s.Office == "" && s.NewPerson == nil
	}
	return v.IsZero()
}

// says reports whether two values say the same, as they are written.
func says(a, b reflect.Value) bool {
	x, errX := json.Marshal(a.Interface())
	y, errY := json.Marshal(b.Interface())
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// copied returns a copy that can be changed. Its lists are the value's own.
func copied(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}
