package server

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/graph"
)

// running is an operation that answers as often as it likes: a subscription, or
// a query or mutation over a connection that also takes those. It goes through
// the same limits as a request by HTTP.
type running struct {
	e         *endpoint
	ctx       context.Context
	op        *graphql.OperationContext
	responses graphql.ResponseHandler
	stream    graph.Stream
	entry     *entry
	start     time.Time

	mu     sync.Mutex
	n      int // of the event that is waited for or executed, from 1
	cancel context.CancelCauseFunc
	timer  *time.Timer // of that event, where its time has begun
}

// begin checks and starts an operation. It returns soon: what takes time is done
// by next. Where the operation cannot be run it gives the response that says so.
// The operation ends with ctx, at the latest.
func (e *endpoint) begin(ctx context.Context, params *graphql.RawParams) (*running, *graphql.Response) {
	r := &running{e: e, entry: &entry{id: RequestID(ctx)}, start: time.Now()}
	ctx = context.WithValue(graphql.StartOperationTrace(ctx), entryKey{}, r.entry)
	op, problems := e.exec.CreateOperationContext(ctx, params)
	if problems != nil {
		response := e.refused(ctx, problems...)
		r.ctx = ctx
		r.end()
		return nil, response
	}
	note(ctx, func(entry *entry) { entry.operation, entry.kind = op.Operation.Name, string(op.Operation.Operation) })
	r.op, r.stream.Taken = op, r.taken
	r.responses, r.ctx = e.exec.DispatchOperation(graph.WithStream(ctx, &r.stream), op)
	return r, nil
}

// next gives the next response, nil where there are no more. One goroutine
// calls it.
func (r *running) next() *graphql.Response {
	ctx, cancel := context.WithCancelCause(r.ctx)
	defer cancel(nil)
	n := r.await(cancel)
	if r.op.Operation.Operation != ast.Subscription {
		if n > 1 {
			return nil
		}
		r.taken(n)
	}
	if r.e.loaders != nil {
		ctx = r.e.loaders(ctx)
	}
	response := r.responses(ctx)
	if response == nil {
		return r.last(ctx)
	}
	return response
}

// await turns to the next event, whose execution cancel ends.
func (r *running) await(cancel context.CancelCauseFunc) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
	r.n++
	r.cancel, r.timer = cancel, nil
	return r.n
}

// taken starts the time that an event may take: not while it is waited for.
func (r *running) taken(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n == r.n && r.e.limits.Time > 0 {
		cancel := r.cancel
		r.timer = time.AfterFunc(r.e.limits.Time, func() { cancel(errTooLong) })
	}
}

// last says why there is no response: nil where all has been said.
func (r *running) last(ctx context.Context) *graphql.Response {
	err := r.stream.Err()
	if errors.Is(context.Cause(ctx), errTooLong) {
		err = tooLong()
	}
	if err == nil || r.ctx.Err() != nil {
		return nil
	}
	var raised *gqlerror.Error
	if !errors.As(err, &raised) {
		raised = gqlerror.Wrap(err)
	}
	return r.e.refused(ctx, raised)
}

// end writes the operation's line of the log. The operation's context has ended,
// or is about to.
func (r *running) end() {
	r.await(nil)
	r.entry.mu.Lock()
	defer r.entry.mu.Unlock()
	attrs := []slog.Attr{
		slog.String("request_id", r.entry.id),
		slog.String("operation", strings.TrimSpace(r.entry.kind+" "+r.entry.operation)),
		slog.Int("cost", r.entry.cost),
		slog.Int("responses", max(0, r.n-2)),
		slog.Duration("took", time.Since(r.start)),
	}
	if span := trace.SpanContextFromContext(r.ctx); span.HasTraceID() {
		attrs = append(attrs, slog.String("trace_id", span.TraceID().String()))
	}
	if len(r.entry.errors) > 0 {
		attrs = append(attrs, slog.Any("errors", r.entry.errors))
	}
	r.e.metrics.observe(r.entry.kind, "refused", r.entry.cost, r.entry.errors, time.Since(r.start))
	r.e.log.LogAttrs(context.WithoutCancel(context.WithValue(r.ctx, entryKey{}, nil)), slog.LevelInfo, "operation", attrs...)
}
