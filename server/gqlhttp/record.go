package gqlhttp

import (
	"context"
	"slices"
	"sync"
)

// Operation is what the log and the metrics tell of an operation: no text, no
// variables. The zero value is that of a request that is none.
type Operation struct {
	Name   string   // which the query's author chose
	Kind   string   // query, mutation or subscription; "" where none could be read
	Cost   int      // see costLimit
	Errors []string // their codes
}

// Record collects what becomes of the operation of a request. The zero value is
// usable; it is safe for concurrent use, and a nil one records nothing.
type Record struct {
	ID string // of the request

	mu sync.Mutex
	op Operation
}

// Operation returns what has been recorded so far.
func (r *Record) Operation() Operation {
	if r == nil {
		return Operation{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.op
	o.Errors = slices.Clone(o.Errors)
	return o
}

// Failed records the code of an error.
func (r *Record) Failed(code string) {
	r.update(func(o *Operation) { o.Errors = append(o.Errors, code) })
}

func (r *Record) update(change func(*Operation)) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.op)
}

type recordKey struct{}

// WithRecord returns a context whose operation is recorded in r, or in none where
// r is nil.
func WithRecord(ctx context.Context, r *Record) context.Context {
	return context.WithValue(ctx, recordKey{}, r)
}

// recordOf returns the record of the request that ctx belongs to, nil where it has
// none.
func recordOf(ctx context.Context) *Record {
	r, _ := ctx.Value(recordKey{}).(*Record)
	return r
}

// RequestID returns the id of the request that ctx belongs to, "" outside of one.
func RequestID(ctx context.Context) string {
	if r := recordOf(ctx); r != nil {
		return r.ID
	}
	return ""
}
