package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// indexMemo remembers what the index was asked for the fields of a query, by
// their names in the answer: where the resolvers answer after all, they take it
// from here and do not ask again. The zero value is ready; safe for concurrent use.
type indexMemo struct {
	mu  sync.Mutex
	got map[string]any
}

type memoKey struct{}

// within returns a context in which the resolvers find what was asked.
func (a *indexMemo) within(ctx context.Context) context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.got) == 0 {
		return ctx
	}
	return context.WithValue(ctx, memoKey{}, a)
}

// reply is what the index said to a question.
type reply[T any] struct {
	found T
	err   error
}

// ask asks the index for a field, and remembers what it says. Nothing that is
// found may be changed.
func ask[T any](a *indexMemo, key string, index func() (T, error)) (T, error) {
	found, err := index()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.got == nil {
		a.got = map[string]any{}
	}
	a.got[key] = reply[T]{found, err}
	return found, err
}

// askOnce asks the index for the field that is being resolved, unless it has been
// asked already.
func askOnce[T any](ctx context.Context, index func() (T, error)) (T, error) {
	a, _ := ctx.Value(memoKey{}).(*indexMemo)
	field := graphql.GetFieldContext(ctx)
	if a != nil && field != nil && field.Field.Field != nil {
		a.mu.Lock()
		got, known := a.got[field.Field.Alias].(reply[T])
		a.mu.Unlock()
		if known {
			return got.found, got.err
		}
	}
	return index()
}
