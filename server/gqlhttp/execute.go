package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
)

// execution is one operation on its way through the one way into the schema, from
// wherever it comes: prepare checks it, start begins it, next returns its
// responses one by one. One goroutine at a time calls them.
type execution struct {
	e         *Endpoint
	op        *graphql.OperationContext
	responses graphql.ResponseHandler
	stream    graph.Stream // of a subscription
	cost      int
	asked     chan struct{} // has one while the next event is waited for

	mu     sync.Mutex
	n      int // of the event that is waited for or executed, from 1
	cancel context.CancelCauseFunc
	timer  *time.Timer // of that event, where its time has begun
	done   func()      // ends its turn, where it took one
}

// loggedName is how much of an operation's name the log has, in code points.
const loggedName = 100

// prepare parses, validates and measures an operation, which then can be started.
// Where it cannot be run it returns the response that says why.
func (e *Endpoint) prepare(ctx context.Context, params *graphql.RawParams) (*execution, *graphql.Response) {
	op, problems := e.exec.CreateOperationContext(graphql.StartOperationTrace(ctx), params)
	if problems != nil {
		sayValues(problems, params.Variables)
		return nil, e.refused(ctx, problems...)
	}
	if !isOwnQuery(ctx) {
		if problem := e.misread(op, params.Variables); problem != nil {
			return nil, e.refused(ctx, problem)
		}
	}
	recordOf(ctx).update(func(o *Operation) {
		o.Name, o.Kind = catalog.Clip(op.Operation.Name, loggedName), string(op.Operation.Operation)
	})
	return &execution{e: e, op: op, cost: recordOf(ctx).Operation().Cost, asked: make(chan struct{}, 1)}, nil
}

// is reports whether the operation is of the kind.
func (x *execution) is(kind ast.Operation) bool { return x.op.Operation.Operation == kind }

// start begins a subscription, which is watching when start returns, and leaves
// every other operation to next. next takes the context that it returns. The
// operation ends with ctx, at the latest.
func (x *execution) start(ctx context.Context) context.Context {
	if x.is(ast.Subscription) {
		x.stream.Taken = x.taken
		if x.cost >= dearFrom {
			x.stream.Ready = x.ready
		}
		x.responses, ctx = x.e.exec.DispatchOperation(graph.WithStream(ctx, &x.stream), x.op)
	}
	return ctx
}

// next returns the next response, nil where there are no more. It takes no longer
// than the limit, of which waiting for an event of a subscription is no part.
func (x *execution) next(ctx context.Context) *graphql.Response {
	if x.is(ast.Subscription) {
		return x.nextEvent(ctx)
	}
	if x.n++; x.n > 1 {
		return nil
	}
	whole := ctx
	if limit := x.e.o.Limits.Time; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, errTooLong)
		defer cancel()
	}
	if x.cost >= dearFrom {
		done, err := x.e.turns.take(ctx, callerFrom(ctx))
		if err != nil {
			return x.unturned(whole, ctx, err)
		}
		defer done()
	}
	responses, ctx := x.e.exec.DispatchOperation(x.e.withLoaders(ctx), x.op)
	response := responses(ctx)
	if response == nil {
		return x.last(whole, ctx)
	}
	return response
}

// unturned returns the response to an operation whose turn did not come: nil where
// it has ended otherwise.
func (x *execution) unturned(whole, ctx context.Context, err error) *graphql.Response {
	if ctx.Err() != nil {
		return x.last(whole, ctx)
	}
	return x.e.refused(whole, raised(err))
}

func (x *execution) nextEvent(whole context.Context) *graphql.Response {
	if x.n > 0 {
		x.e.o.Pay(whole, x.cost)
	}
	ctx, cancel := context.WithCancelCause(whole)
	defer cancel(nil)
	x.await(cancel)
	defer x.stopTimer()
	defer x.endTurn()
	select {
	case x.asked <- struct{}{}:
	default:
	}
	response := x.responses(x.e.withLoaders(ctx))
	if response == nil {
		return x.last(whole, ctx)
	}
	return response
}

// ready waits, when an event has come, until it is asked for and its turn has come: a
// client that is slow to take the one before holds no turn meanwhile.
func (x *execution) ready(ctx context.Context) error {
	select {
	case <-x.asked:
	case <-ctx.Done():
		return ctx.Err()
	}
	done, err := x.e.turns.take(ctx, callerFrom(ctx))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, done) // where nobody comes for the event any more
	x.mu.Lock()
	x.done = func() { stop(); done() }
	x.mu.Unlock()
	return nil
}

// endTurn ends the event's turn, where it took one.
func (x *execution) endTurn() {
	x.mu.Lock()
	done := x.done
	x.done = nil
	x.mu.Unlock()
	if done != nil {
		done()
	}
}

// await turns to the next event, whose execution cancel ends.
func (x *execution) await(cancel context.CancelCauseFunc) {
	x.stopTimer()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.n++
	x.cancel = cancel
}

func (x *execution) stopTimer() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer != nil {
		x.timer.Stop()
		x.timer = nil
	}
}

// taken starts the time that an event may take: not while it is waited for. It may
// be called late, when the event has been answered.
func (x *execution) taken(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n == x.n && x.e.o.Limits.Time > 0 {
		cancel := x.cancel
		x.timer = time.AfterFunc(x.e.o.Limits.Time, func() { cancel(errTooLong) })
	}
}

// last says why there is no response: nil where all has been said, or where the
// whole operation has ended. ctx is that of the response.
func (x *execution) last(whole, ctx context.Context) *graphql.Response {
	err := x.stream.Err()
	if errors.Is(context.Cause(ctx), errTooLong) {
		err = tooLong()
	}
	if err == nil || whole.Err() != nil {
		return nil
	}
	return x.e.refused(whole, raised(err))
}

// streamed is an execution whose responses are sent over a connection that stays
// open. It has a line of the log of its own, and a panic in it ends it alone:
// neither net/http nor the log of a request stands around it.
type streamed struct {
	*execution
	record *Record
	began  time.Time
	sent   int // responses with data
}

// stream prepares and starts an operation of an open connection. The context that
// it returns is for next and for end, which the caller owes it. Where the operation
// cannot be run it returns the response that says so, and has ended it.
func (e *Endpoint) stream(ctx context.Context, params *graphql.RawParams) (context.Context, *streamed, *graphql.Response) {
	s := &streamed{record: &Record{ID: RequestID(ctx)}, began: time.Now()}
	ctx = WithRecord(ctx, s.record)
	refused := e.recovered(ctx, func() (refused *graphql.Response) {
		if s.execution, refused = e.prepare(ctx, params); refused == nil {
			ctx = s.start(ctx)
		}
		return refused
	})
	if refused != nil {
		e.ended(ctx, s)
		return ctx, nil, refused
	}
	return ctx, s, nil
}

// next returns the next response, nil where there are no more.
func (s *streamed) next(ctx context.Context) *graphql.Response {
	response := s.e.recovered(ctx, func() *graphql.Response { return s.execution.next(ctx) })
	if response != nil && len(response.Data) > 0 {
		s.sent++
	}
	return response
}

// end writes the operation's line of the log. Its context has ended, or is about
// to.
func (s *streamed) end(ctx context.Context) { s.e.ended(ctx, s) }

// recovered returns what run does, or INTERNAL where it panics.
func (e *Endpoint) recovered(ctx context.Context, run func() *graphql.Response) (response *graphql.Response) {
	defer func() {
		if p := recover(); p != nil {
			e.o.Log.ErrorContext(ctx, "panic", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			response = e.refused(ctx, gqlerror.Wrap(&catalog.Error{
				Kind: catalog.KindInternal, Zh: "服务器出错了，我们已记录此问题", En: "something went wrong on the server; it has been logged",
			}))
		}
	}()
	return run()
}

// ended writes the operation's line of the log.
func (e *Endpoint) ended(ctx context.Context, s *streamed) {
	took, op := time.Since(s.began), s.record.Operation()
	attrs := []slog.Attr{
		slog.String("request_id", s.record.ID),
		slog.String("operation", strings.TrimSpace(op.Kind+" "+op.Name)),
		slog.Int("cost", op.Cost),
		slog.Int("responses", s.sent),
		slog.Duration("took", took),
	}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		attrs = append(attrs, slog.String("trace_id", span.TraceID().String()))
	}
	if len(op.Errors) > 0 {
		attrs = append(attrs, slog.Any("errors", op.Errors))
	}
	e.o.Observe(op, took)
	// The id is among the attributes already.
	e.o.Log.LogAttrs(context.WithoutCancel(WithRecord(ctx, nil)), slog.LevelInfo, "operation", attrs...)
}
