package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
)

// answerText is the data of an answer being written, with texts and numbers as
// gqlgen's own marshalers write them. The zero value is ready.
type answerText struct{ bytes.Buffer }

// key begins a member of the object that is being written.
func (t *answerText) key(key string) {
	if n := t.Len(); n > 0 && t.Bytes()[n-1] != '{' {
		t.WriteByte(',')
	}
	t.WriteString(`"` + key + `":`)
}

// members takes over the members of an object that is written already.
func (t *answerText) members(object json.RawMessage) {
	if t.Len() > 0 {
		t.WriteByte(',')
	}
	t.Write(object[1 : len(object)-1])
}

// whole returns the members written so far as an object.
func (t *answerText) whole() json.RawMessage {
	data := make(json.RawMessage, 0, t.Len()+2)
	return append(append(append(data, '{'), t.Bytes()...), '}')
}

// writeField writes one field of a value.
type writeField[T any] func(w *answerText, sel *catalog.Selection, v T) error

// fields are what can be written of a type, by name.
type fields[T any] map[string]writeField[T]

// object writes what is selected of a value of a type.
func object[T any](w *answerText, of string, known fields[T], selected []catalog.Selection, v T) error {
	w.WriteByte('{')
	for i := range selected {
		sel := &selected[i]
		w.key(sel.Key)
		if sel.Field == "__typename" {
			_ = w.text(of)
			continue
		}
		write := known[sel.Field]
		if write == nil {
			return &unanswered{of + "." + sel.Field, "no finder shows the field"}
		}
		if err := write(w, sel, v); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

// objects writes a list of values of a type.
func objects[T any](w *answerText, of string, known fields[T], sel *catalog.Selection, values []T) error {
	return list(w, values, func(v T) error { return object(w, of, known, sel.Below, v) })
}

// list writes a list, each of its elements by a function.
func list[T any](w *answerText, elements []T, each func(T) error) error {
	w.WriteByte('[')
	for i, e := range elements {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := each(e); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

func textField[T any](of func(T) string) writeField[T] {
	return func(w *answerText, _ *catalog.Selection, v T) error { return w.text(of(v)) }
}

// optionalField writes null for no text.
func optionalField[T any](of func(T) *string) writeField[T] {
	return func(w *answerText, _ *catalog.Selection, v T) error {
		if s := of(v); s != nil {
			return w.text(*s)
		}
		return w.raw(json.RawMessage("null"))
	}
}

func numberField[T any](of func(T) int) writeField[T] {
	return func(w *answerText, _ *catalog.Selection, v T) error {
		return w.raw(strconv.AppendInt(w.AvailableBuffer(), int64(of(v)), 10))
	}
}

func truthField[T any](of func(T) bool) writeField[T] {
	return func(w *answerText, _ *catalog.Selection, v T) error {
		return w.raw(strconv.AppendBool(w.AvailableBuffer(), of(v)))
	}
}

func (t *answerText) text(s string) error {
	graphql.MarshalString(s).MarshalGQL(t)
	return nil
}

// raw takes over what is written already.
func (t *answerText) raw(data json.RawMessage) error {
	_, err := t.Write(data)
	return err
}

func (t *answerText) texts(all []string) error { return list(t, all, t.text) }

// float writes a number, which JSON can hold only where it is finite.
func (t *answerText) float(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return &unanswered{"", "a number that JSON cannot hold"}
	}
	return graphql.MarshalFloatContext(f).MarshalGQLContext(context.Background(), t)
}
