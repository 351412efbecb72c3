package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/loaders"
)

// internalError is all that a client learns of an error that is not its own.
var internalError = &catalog.Error{Kind: catalog.KindInternal, Zh: "服务器出错了，我们已记录此问题", En: "something went wrong on the server; it has been logged"}

// Errors turns what goes wrong into what clients see. Causes and whatever is not
// meant for clients go to its log only. It is safe for concurrent use.
type Errors struct {
	Log *slog.Logger // nil is slog.Default
}

func (e Errors) log() *slog.Logger {
	if e.Log == nil {
		return slog.Default()
	}
	return e.Log
}

// PresentError is Present with slog.Default as its log.
func PresentError(ctx context.Context, err error) *gqlerror.Error { return Errors{}.Present(ctx, err) }

// Recover is Errors.Recover with slog.Default as its log.
func Recover(ctx context.Context, p any) error { return Errors{}.Recover(ctx, p) }

// Present returns an error as a client sees it: a sentence in English and Chinese,
// extensions.code, and the field it is about.
func (e Errors) Present(ctx context.Context, err error) *gqlerror.Error {
	var shown *gqlerror.Error
	if errors.As(err, &shown) && shown.Err == nil { // gqlgen's own: a query that does not parse, a limit
		return shown
	}
	var problems catalog.Problems
	var known *catalog.Error
	var panicked *loaders.Panic
	switch {
	case errors.As(err, &panicked): // in a goroutine of the request
		e.logPanic(ctx, panicked)
		known = internalError
	case errors.As(err, &problems) && len(problems) > 0:
		known = problems[0]
	case errors.As(err, &known):
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		known = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "查询超时或已取消", En: "the query took too long, or was cancelled"}
	default:
		e.log().ErrorContext(ctx, "graphql", "path", loggedPath(ctx), "error", catalog.Clip(err.Error(), loggedError))
		known = internalError
	}
	if known.Kind == catalog.KindUnavailable {
		e.log().WarnContext(ctx, "graphql", "path", loggedPath(ctx), "error", catalog.Clip(err.Error(), loggedError))
	}
	out := &gqlerror.Error{
		Message:    known.En + " | " + known.Zh,
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{"code": known.Kind, "message": map[string]string{"en": known.En, "zh": known.Zh}},
	}
	if known.Path != "" {
		out.Extensions["argument"] = known.Path
	}
	if len(problems) > 1 {
		out.Extensions["problems"] = problemList(problems)
	}
	return out
}

// How much of what a caller may have chosen stands in a line of the log, in code points:
// a path has aliases, and an error's text begins with where it is.
const (
	loggedWhere = 100
	loggedError = 2000
)

func loggedPath(ctx context.Context) string {
	return catalog.Clip(graphql.GetPath(ctx).String(), loggedWhere)
}

func problemList(problems catalog.Problems) []map[string]string {
	list := make([]map[string]string, len(problems))
	for i, p := range problems {
		list[i] = map[string]string{"path": p.Path, "en": p.En, "zh": p.Zh}
	}
	return list
}

// Recover returns INTERNAL for a resolver's panic, so that one query's bug does not
// end the server. The log has the stack.
func (e Errors) Recover(ctx context.Context, p any) error {
	e.logPanic(ctx, &loaders.Panic{Value: p, Stack: debug.Stack()})
	return internalError
}

func (e Errors) logPanic(ctx context.Context, p *loaders.Panic) {
	e.log().ErrorContext(ctx, "panic", "path", loggedPath(ctx), "panic", fmt.Sprint(p.Value), "stack", string(p.Stack))
}
