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
)

// internalError is all that a client learns of an error that is not its own.
var internalError = &catalog.Error{Kind: catalog.KindInternal, Zh: "服务器出错了，我们已记录此问题", En: "something went wrong on the server; it has been logged"}

// PresentError turns an error into what a client sees: a sentence in English
// and Chinese, extensions.code, and the field it is about. Causes and whatever
// is not meant for clients go to the log only.
func PresentError(ctx context.Context, err error) *gqlerror.Error {
	var shown *gqlerror.Error
	if errors.As(err, &shown) && shown.Err == nil { // gqlgen's own: a query that does not parse, a limit
		return shown
	}
	var problems catalog.Problems
	var known *catalog.Error
	switch {
	case errors.As(err, &problems) && len(problems) > 0:
		known = problems[0]
	case errors.As(err, &known):
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		known = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "查询超时或已取消", En: "the query took too long, or was cancelled"}
	default:
		slog.ErrorContext(ctx, "graphql", "path", graphql.GetPath(ctx).String(), "error", err)
		known = internalError
	}
	if known.Kind == catalog.KindUnavailable {
		slog.WarnContext(ctx, "graphql", "path", graphql.GetPath(ctx).String(), "error", err)
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

func problemList(problems catalog.Problems) []map[string]string {
	list := make([]map[string]string, len(problems))
	for i, p := range problems {
		list[i] = map[string]string{"path": p.Path, "en": p.En, "zh": p.Zh}
	}
	return list
}

// Recover turns a panic of a resolver into an error, so that one query's bug
// does not end the server. The log has the stack.
func Recover(ctx context.Context, p any) error {
	slog.ErrorContext(ctx, "panic", "path", graphql.GetPath(ctx).String(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return internalError
}
