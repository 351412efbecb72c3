package text

import "github.com/jisiguangyi/jisi/catalog"

// Error says why a line is not text. It unwraps to the sentence for its reader.
type Error struct {
	Column  int // in code points from 1, of the first byte that is no text; 0 for the line as a whole
	Problem *catalog.Error
}

// Error returns the sentence in English.
func (e *Error) Error() string { return e.Problem.Error() }

// Unwrap returns the sentence for users.
func (e *Error) Unwrap() error { return e.Problem }

func invalid(column int, zh, en string) *Error {
	return &Error{Column: column, Problem: &catalog.Error{Kind: catalog.KindInvalid, Zh: zh, En: en}}
}
