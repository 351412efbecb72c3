package jsonl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// Encode returns the one canonical line of an input, without a line break: an
// object with "type" first, then the input's fields in the order of its struct,
// empty ones left out. Decode of the line returns an equal input. The error says
// which text is not valid UTF-8; JSON could not carry it.
//
// Safe for concurrent use on inputs that nobody is changing.
func Encode(in catalog.Input) ([]byte, error) {
	var b bytes.Buffer
	if err := Append(&b, in); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Write writes each input's line to w, in the order given, and returns the
// number of lines written. It holds one line in memory at a time, and stops at
// the first error of the sequence, of an input, or of w.
func Write(w io.Writer, inputs iter.Seq2[catalog.Input, error]) (int, error) {
	var b bytes.Buffer
	n := 0
	for in, err := range inputs {
		if err != nil {
			return n, fmt.Errorf("write JSON Lines: record %d: %w", n+1, err)
		}
		b.Reset()
		if err := Append(&b, in); err != nil {
			return n, fmt.Errorf("write JSON Lines: record %d: %w", n+1, err)
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return n, fmt.Errorf("write JSON Lines: record %d: %w", n+1, err)
		}
		n++
	}
	return n, nil
}

// Append appends an input's line with its line break.
func Append(b *bytes.Buffer, in catalog.Input) error {
	head := `{"type":"` + TypeName(in.Kind()) + `",`
	start := b.Len()
	// The encoder writes "{…}\n". The head goes in front and its last byte, the
	// comma, where the object's own brace would stand; every input has a slug,
	// so that the object is never empty.
	b.WriteString(head[:len(head)-1])
	comma := b.Len()
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(in); err != nil {
		return fmt.Errorf("encode %s %q: %w", TypeName(in.Kind()), in.Head().Slug, err)
	}
	b.Bytes()[comma] = ','
	// encoding/json writes \ufffd for a byte that is not UTF-8, and a real
	// U+FFFD as itself; so only a line with the escape is looked at closely.
	if bytes.Contains(b.Bytes()[start:], []byte(`\ufffd`)) {
		return CheckUTF8(in)
	}
	return nil
}

// CheckUTF8 returns an error that names the first text of an input that is not valid
// UTF-8, nil where there is none.
func CheckUTF8(in catalog.Input) error {
	if validTexts(reflect.ValueOf(in).Elem()) {
		return nil
	}
	var err error
	eachString(in, func(path string, s *string) {
		if err == nil && !utf8.ValidString(*s) {
			err = fmt.Errorf("encode %s %q: %s is not valid UTF-8", TypeName(in.Kind()), in.Head().Slug, path)
		}
	})
	return err
}

// TypeName returns the value of "type" for a kind.
func TypeName(kind catalog.RecordKind) string { return strings.ToLower(string(kind)) }
