package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/time/rate"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// entry is what the log says of one request besides its line and status: what
// becomes of its operation, and who asks. No query text, no variables and no
// address's parameters come into it.
type entry struct {
	gqlhttp.Record

	mu    sync.Mutex
	trace string // the trace that its span belongs to; "" where it has none
	// tooOften says that the request was refused for its caller's rate.
	tooOften bool
	viewer   string // the caller's name, as revisions have it; "" for an anonymous reader
	// gone says that the client closed the connection before it had its answer.
	gone bool
}

// statusGone is what the log and the metrics have in the place of a status where the
// client closed the connection before it had its answer: nothing went wrong here. The
// number is nginx's.
const statusGone = 499

// noteGone notes that the client of the request has gone.
func noteGone(ctx context.Context) { note(ctx, func(e *entry) { e.gone = true }) }

// logFailure logs what went wrong with a request, unless its client has gone: what comes
// of that is no failure.
func logFailure(ctx context.Context, log *slog.Logger, what string, about ...any) {
	if errors.Is(ctx.Err(), context.Canceled) {
		noteGone(ctx)
		return
	}
	log.ErrorContext(ctx, what, about...)
}

type entryKey struct{}

// note changes the entry of the request that ctx belongs to, where there is one.
func note(ctx context.Context, change func(*entry)) {
	e, ok := ctx.Value(entryKey{}).(*entry)
	if !ok {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

// LogHandler returns a handler that adds to each record the id of the request in
// whose context it was logged, and of its trace.
func LogHandler(next slog.Handler) slog.Handler { return idHandler{next} }

type idHandler struct{ slog.Handler }

// Handle adds the id and passes the record on.
func (h idHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := gqlhttp.RequestID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("request_id", id))
		if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
			r.AddAttrs(slog.String("trace_id", span.TraceID().String()))
		}
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the handler around.
func (h idHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return idHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the handler around.
func (h idHandler) WithGroup(name string) slog.Handler { return idHandler{h.Handler.WithGroup(name)} }

// requestIDPattern is what is taken over of a caller's own id: nothing that
// could break a line of a log or a header.
var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// logged assigns each request an id, its own or the one that it brings, and writes
// one line when it is done.
func logged(log *slog.Logger, metrics *Metrics, proxies []netip.Prefix, untold *untoldProxy, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		untold.heed(log, r, proxies)
		id := r.Header.Get("X-Request-ID")
		if !requestIDPattern.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-ID", id)
		e := &entry{Record: gqlhttp.Record{ID: id}}
		ctx := gqlhttp.WithRecord(context.WithValue(r.Context(), entryKey{}, e), &e.Record)
		record := &recorder{ResponseWriter: w}
		// Deferred: an export that breaks off ends by a panic.
		defer func() {
			took := time.Since(start)
			op := e.Operation()
			if e.hasGone(r, record) {
				record.code, op.Errors = statusGone, nil
			}
			e.write(ctx, log, r, record, op, took)
			e.auditRefusal(ctx, log, r, op, proxies)
			metrics.observe(op, strconv.Itoa(record.status()), took)
		}()
		next.ServeHTTP(record, r.WithContext(ctx))
	})
}

// hasGone reports whether the client closed the connection before it had its answer,
// so that what went wrong, or was not sent, is no failure of the server's.
func (e *entry) hasGone(r *http.Request, sent *recorder) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.gone || errors.Is(r.Context().Err(), context.Canceled) && (sent.code == 0 || sent.code >= http.StatusInternalServerError)
}

func (e *entry) write(ctx context.Context, log *slog.Logger, r *http.Request, sent *recorder, op gqlhttp.Operation, took time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.tooOften && !refusalLines.Allow() {
		return // whoever floods the server does not flood its disk; metrics count them all
	}
	attrs := []slog.Attr{
		slog.String("request_id", e.ID),
		slog.String("method", r.Method),
		slog.String("path", cut(r.URL.Path)),
		slog.Int("status", sent.status()),
		slog.Int64("bytes", sent.bytes),
		slog.Duration("took", took),
		slog.String("remote", r.RemoteAddr),
	}
	if e.trace != "" {
		attrs = append(attrs, slog.String("trace_id", e.trace))
	}
	if op.Kind != "" {
		attrs = append(attrs, slog.String("operation", strings.TrimSpace(op.Kind+" "+op.Name)), slog.Int("cost", op.Cost))
	}
	if e.viewer != "" {
		attrs = append(attrs, slog.String("viewer", e.viewer))
	}
	if len(op.Errors) > 0 {
		attrs = append(attrs, slog.Any("errors", op.Errors))
	}
	// Not in ctx: the id is among the attributes already.
	log.LogAttrs(context.WithoutCancel(gqlhttp.WithRecord(ctx, nil)), slog.LevelInfo, "request", attrs...)
}

// auditRefusal writes an audit line where the caller had not the right to what was asked
// for, or showed what is nobody's.
func (e *entry) auditRefusal(ctx context.Context, log *slog.Logger, r *http.Request, op gqlhttp.Operation, proxies []netip.Prefix) {
	at := slices.IndexFunc(op.Errors, func(code string) bool {
		return code == string(catalog.KindForbidden) || code == string(catalog.KindUnauthenticated)
	})
	if at < 0 || !auditLines.Allow() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	log.LogAttrs(ctx, slog.LevelInfo, "audit", slog.String("event", "refused"), slog.String("code", op.Errors[at]),
		slog.String("viewer", e.viewer), slog.String("operation", strings.TrimSpace(op.Kind+" "+cut(op.Name))),
		slog.String("path", cut(r.URL.Path)), slog.String("from", addressOf(r, proxies)))
}

// auditLines bounds how many audit lines a second tell of refusals.
var auditLines = rate.NewLimiter(10, 100)

// refusalLines bounds how many lines of the log a second tell of requests past a rate.
var refusalLines = rate.NewLimiter(10, 100)

// cut keeps what a caller sends to 200 bytes of a line, at a character's end.
func cut(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// recorder remembers what was sent.
type recorder struct {
	http.ResponseWriter
	code  int
	bytes int64
}

// WriteHeader passes the status on.
func (r *recorder) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

// Write passes the bytes on.
func (r *recorder) Write(b []byte) (int, error) {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what can flush and hijack.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// status is 0 where nothing was sent, as to a client that has gone.
func (r *recorder) status() int { return r.code }

// recovered answers 500 where a handler panics, and keeps the rest going.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // net/http's own way to drop a connection
			}
			log.ErrorContext(r.Context(), "panic", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Header().Del("Content-Length")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"errors":[{"message":"something went wrong on the server; it has been logged | 服务器出错了，我们已记录此问题","extensions":{"code":"INTERNAL"}}]}`))
		}()
		next.ServeHTTP(w, r)
	})
}
