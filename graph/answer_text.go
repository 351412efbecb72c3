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

// whole gives the members written so far as an object.
func (t *answerText) whole() json.RawMessage {
	data := make(json.RawMessage, 0, t.Len()+2)
	return append(append(append(data, '{'), t.Bytes()...), '}')
}

// object writes what is selected of an object of a type; field writes one of its
// fields and returns false for one that it does not know.
func (t *answerText) object(of string, selected []catalog.Selection, field func(sel *catalog.Selection) bool) bool {
	t.WriteByte('{')
	for i := range selected {
		t.key(selected[i].Key)
		if selected[i].Field == "__typename" {
			t.text(of)
		} else if !field(&selected[i]) {
			return false
		}
	}
	t.WriteByte('}')
	return true
}

// list writes a list, each of its elements by a function.
func list[T any](t *answerText, elements []T, each func(T) bool) bool {
	t.WriteByte('[')
	for i, e := range elements {
		if i > 0 {
			t.WriteByte(',')
		}
		if !each(e) {
			return false
		}
	}
	t.WriteByte(']')
	return true
}

func (t *answerText) text(s string) bool {
	graphql.MarshalString(s).MarshalGQL(t)
	return true
}

// raw takes over what is written already.
func (t *answerText) raw(data json.RawMessage) bool {
	t.Write(data)
	return true
}

// textOrNull writes null for no text.
func (t *answerText) textOrNull(s *string) bool {
	if s == nil {
		t.WriteString("null")
		return true
	}
	return t.text(*s)
}

func (t *answerText) texts(all []string) bool { return list(t, all, t.text) }

func (t *answerText) number(n int) bool {
	t.Write(strconv.AppendInt(t.AvailableBuffer(), int64(n), 10))
	return true
}

func (t *answerText) truth(b bool) bool {
	t.Write(strconv.AppendBool(t.AvailableBuffer(), b))
	return true
}

// float writes a number that JSON can hold.
func (t *answerText) float(ctx context.Context, f float64) bool {
	return !math.IsNaN(f) && !math.IsInf(f, 0) && graphql.MarshalFloatContext(f).MarshalGQLContext(ctx, t) == nil
}
