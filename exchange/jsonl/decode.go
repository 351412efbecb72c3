package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/exchange/text"
	"github.com/jisiguangyi/jisi/internal/script"
)

// MaxProblems is how many problems of one line are told; a line with more is
// no better understood for a longer list.
const MaxProblems = 20

// DecodeError says why a line is not an input. It unwraps to its Problems.
type DecodeError struct {
	Kind     catalog.RecordKind // "" where the line does not say
	Slug     string             // "" where the line does not say
	Column   int                // where the JSON breaks, in code points from 1; 0 where it is whole
	Problems catalog.Problems   // one or more, at most 20
}

// Error returns the problems in English, with the column where there is one.
func (e *DecodeError) Error() string {
	if e.Column > 0 {
		return fmt.Sprintf("column %d: %s", e.Column, e.Problems.Error())
	}
	return e.Problems.Error()
}

// Unwrap returns the problems.
func (e *DecodeError) Unwrap() error { return e.Problems }

// Decode reads one line of JSON Lines: an object whose "type" is a RecordKind
// in lower case and whose other members are exactly those of the kind's input.
// An unknown or repeated member, a value of the wrong type (a number in quotes
// is a text), null within a list, half a surrogate pair, U+0000 and invalid
// UTF-8 are refused with a *DecodeError whose problems have the member's path,
// as in "outcomes.0.status"; null for a member is the same as leaving it out.
// Texts come back in NFC. Whether the values are allowed is for the input's own
// Validate.
//
// Safe for concurrent use; line is not kept.
func Decode(line []byte) (catalog.Input, error) {
	if column := text.InvalidUTF8(line); column > 0 {
		return nil, syntaxError(column, "此处不是有效的 UTF-8 文字", "is not valid UTF-8")
	}
	// Most lines begin with their type: where encoding/json takes such a line, its
	// syntax is right, and one pass less is needed.
	in := decodeStart(line)
	if in == nil {
		var whole json.RawMessage
		if err := json.Unmarshal(line, &whole); err != nil {
			return nil, explainSyntax(line, err)
		}
	}
	// This pass knows which members and types the kind has.
	s := scanner{data: line}
	kind, slug := s.head()
	if len(s.problems) == 0 {
		s.record(kind)
	}
	if len(s.problems) > 0 {
		return nil, &DecodeError{Kind: kind, Slug: slug, Problems: s.problems}
	}
	if in == nil {
		in = catalog.NewInput(kind)
		if err := json.Unmarshal(line, in); err != nil {
			return nil, &DecodeError{Kind: kind, Slug: slug, Problems: catalog.Problems{catalog.Invalid("", "不能读成记录", err.Error())}}
		}
	}
	script.Normalise(in)
	permalink.SpellPersons(in)
	return in, nil
}

// decodeStart decodes a line that begins with its type, the way that Encode writes
// it, and returns nil for any other and for one that encoding/json does not take.
func decodeStart(line []byte) catalog.Input {
	rest, ok := bytes.CutPrefix(line, []byte(`{"type":"`))
	name, _, ends := bytes.Cut(rest[:min(len(rest), maxTypeName)], []byte(`"`))
	kind := catalog.RecordKind(strings.ToUpper(string(name)))
	if !ok || !ends || string(name) != TypeName(kind) || !kind.Valid() {
		return nil
	}
	in := catalog.NewInput(kind)
	if json.Unmarshal(line, in) != nil {
		return nil
	}
	return in
}

// maxTypeName is more than the longest name of a type has, in bytes.
const maxTypeName = 40

// explainSyntax puts an error of encoding/json in our own words: its own name a
// Chinese comma by its first byte.
func explainSyntax(line []byte, err error) *DecodeError {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return syntaxError(1, "不是 JSON", err.Error())
	}
	at := int(syntax.Offset) - 1
	if strings.HasPrefix(syntax.Error(), "unexpected end") || at < 0 || at >= len(line) {
		return syntaxError(utf8.RuneCount(line)+1, "JSON 没有写完", "the JSON ends too early")
	}
	r, _ := utf8.DecodeRune(line[at:])
	return syntaxError(utf8.RuneCount(line[:at])+1,
		fmt.Sprintf("JSON 语法有误：此处不应是 %q", r), fmt.Sprintf("the JSON breaks here: %q is not expected", r))
}

func syntaxError(column int, zh, en string) *DecodeError {
	return &DecodeError{Column: column, Problems: catalog.Problems{catalog.Invalid("", zh, en)}}
}
