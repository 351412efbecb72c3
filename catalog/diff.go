package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
)

// Diff compares two JSON objects field by field: objects by their keys, lists
// by position. A nil before stands for a record that was not there, so that
// every field is new. Changes come in the order of their paths.
func Diff(before, after []byte) ([]FieldChange, error) {
	old, err := decodeObject(before)
	if err != nil {
		return nil, fmt.Errorf("diff: before: %w", err)
	}
	now, err := decodeObject(after)
	if err != nil {
		return nil, fmt.Errorf("diff: after: %w", err)
	}
	changes := []FieldChange{}
	diffValues("", old, now, &changes)
	return changes, nil
}

// DiffFields compares two JSON objects by their own fields, each as a whole: a list
// in which one entry has changed is given before and after, so that a reader can
// match the entries as they like. Changes come in the order of their names.
func DiffFields(before, after []byte) ([]FieldChange, error) {
	old, err := decodeObject(before)
	if err != nil {
		return nil, fmt.Errorf("diff fields: before: %w", err)
	}
	now, err := decodeObject(after)
	if err != nil {
		return nil, fmt.Errorf("diff fields: after: %w", err)
	}
	was, is := fieldsOf(old), fieldsOf(now)
	names := slices.Sorted(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	changes := []FieldChange{}
	for _, name := range names {
		if b, a := jsonOf(was[name]), jsonOf(is[name]); b == nil != (a == nil) || b != nil && *b != *a {
			changes = append(changes, FieldChange{Path: name, Before: b, After: a})
		}
	}
	return changes, nil
}

func decodeObject(raw []byte) (any, error) {
	if raw == nil {
		return map[string]any{}, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // a figure is shown as it was written
	var v map[string]any
	err := d.Decode(&v)
	return v, err
}

func diffValues(path string, old, now any, changes *[]FieldChange) {
	oldFields, nowFields := fieldsOf(old), fieldsOf(now)
	if oldFields == nil || nowFields == nil {
		before, after := jsonOf(old), jsonOf(now)
		if before == nil && after == nil || before != nil && after != nil && *before == *after {
			return
		}
		*changes = append(*changes, FieldChange{Path: path, Before: before, After: after})
		return
	}
	keys := make([]string, 0, len(oldFields)+len(nowFields))
	for k := range oldFields {
		keys = append(keys, k)
	}
	for k := range nowFields {
		if _, both := oldFields[k]; !both {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		diffValues(join(path, k), oldFields[k], nowFields[k], changes)
	}
}

// fieldsOf returns the parts of an object or a list by name, nil for a value
// without parts.
func fieldsOf(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		fields := make(map[string]any, len(v))
		for i, e := range v {
			fields[fmt.Sprint(i)] = e
		}
		return fields
	}
	return nil
}

func jsonOf(v any) *string {
	if v == nil {
		return nil
	}
	raw, _ := json.Marshal(v) // what was decoded from JSON encodes
	s := string(raw)
	return &s
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}
