package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// content reads what an answer says, past the shapes that each API has: an
// object that only wraps a list or a record (nodes, a table between two others)
// is what it wraps, and one record of a list that is asked for by its slug is
// that record.
func content(body []byte) (any, error) {
	var answer struct {
		Data   any `json:"data"`
		Errors any `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("%w: %.300s", err, body)
	}
	if answer.Errors != nil || answer.Data == nil {
		return nil, fmt.Errorf("no answer: %.500s", body)
	}
	return unwrap(answer.Data), nil
}

// wrappers are the fields that stand alone in objects that only wrap.
var wrappers = []string{"nodes", "topics", "topicByTopicId"}

func unwrap(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = unwrap(e)
		}
		return list
	case map[string]any:
		for _, w := range wrappers {
			if inner, ok := v[w]; ok && len(v) == 1 {
				return unwrap(inner)
			}
		}
		fields := make(map[string]any, len(v))
		for name, e := range v {
			e = unwrap(e)
			if list, ok := e.([]any); ok && name == "case" && len(list) == 1 {
				e = list[0]
			}
			fields[name] = e
		}
		return fields
	}
	return v
}

// same reports whether two answers say the same, and that it is not nothing.
func same(a, b any) bool { return reflect.DeepEqual(a, b) && !empty(a) }

// empty reports whether an answer holds no record.
func empty(v any) bool {
	fields, ok := v.(map[string]any)
	if !ok {
		return true
	}
	return slices.ContainsFunc([]string{"case", "cases", "committees"}, func(name string) bool {
		list, isList := fields[name].([]any)
		value, there := fields[name]
		return there && (value == nil || isList && len(list) == 0)
	})
}
