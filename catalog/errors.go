package catalog

import (
	"errors"
	"fmt"
	"strings"
)

// ErrorKind is the code of an error that a user may see; the API returns it as
// extensions.code.
type ErrorKind string

// The kinds of errors.
const (
	KindInvalid         ErrorKind = "INVALID"         // the input breaks a rule; mend it and send again
	KindNotFound        ErrorKind = "NOT_FOUND"       // nothing by that slug or id
	KindConflict        ErrorKind = "CONFLICT"        // the record has changed since it was read
	KindDuplicate       ErrorKind = "DUPLICATE"       // there is one by that name already
	KindForbidden       ErrorKind = "FORBIDDEN"       // the caller may not do this
	KindUnauthenticated ErrorKind = "UNAUTHENTICATED" // the caller is not known
	KindLimit           ErrorKind = "LIMIT"           // more than is given at once
	KindUnavailable     ErrorKind = "UNAVAILABLE"     // try again later
	KindInternal        ErrorKind = "INTERNAL"        // our fault; the log has the rest
)

// Error is an error with a sentence for its user in Chinese and in English.
// Err, the cause, is for the log and is never shown.
type Error struct {
	Kind ErrorKind
	Path string // the field it is about, as in "outcomes.0.status"; "" where it is about the whole
	Zh   string
	En   string
	Err  error
	// Conflict is what a CONFLICT knows of the record; nil for other kinds.
	Conflict *ConflictDetail
}

// Error returns the English sentence with its path, and the cause.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.En)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrorKindOf returns the kind of the first Error in err's chain, INTERNAL where
// there is none, and "" for nil.
func ErrorKindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var p Problems
	if errors.As(err, &p) {
		return KindInvalid
	}
	return KindInternal
}

// NotFound says that there is no record of the kind by that name.
func NotFound(kind RecordKind, name string) *Error {
	return &Error{
		Kind: KindNotFound,
		Zh:   fmt.Sprintf("没有找到%s“%s”", kind.Label(), name),
		En:   fmt.Sprintf("there is no %s %q", strings.ToLower(string(kind)), name),
	}
}

// Invalid says what is wrong with the value at a path of an input, "" for the whole.
func Invalid(path, zh, en string) *Error {
	return &Error{Kind: KindInvalid, Path: path, Zh: zh, En: en}
}

// Problems are all that is wrong with one input, each with its path.
type Problems []*Error

// Error joins the problems, "; " between.
func (p Problems) Error() string {
	parts := make([]string, len(p))
	for i, e := range p {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Or returns the problems as an error, nil where there are none.
func (p Problems) Or() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// OnlyNotFound reports whether all that is wrong is that references are not known, so
// that the record may be taken once they are.
func (p Problems) OnlyNotFound() bool {
	for _, e := range p {
		if e.Kind != KindNotFound {
			return false
		}
	}
	return len(p) > 0
}

// ProblemsOf takes the problems out of any error; one that is not for users is told as
// an internal one, without its text.
func ProblemsOf(err error) Problems {
	var problems Problems
	if errors.As(err, &problems) {
		return problems
	}
	var one *Error
	if errors.As(err, &one) {
		return Problems{one}
	}
	return Problems{{Kind: KindInternal, Zh: "内部错误", En: "internal error", Err: err}}
}

func (p *Problems) add(path, zh, en string) {
	*p = append(*p, &Error{Kind: KindInvalid, Path: path, Zh: zh, En: en})
}
