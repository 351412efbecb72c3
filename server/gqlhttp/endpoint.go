package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/bounded"
)

// Endpoint answers GraphQL over HTTP, by the rules of
// https://graphql.github.io/graphql-over-http/draft/. gqlgen's own transports
// send 422 where 200 or 400 is due, a null data key with request errors, and
// the whole body back where it is not JSON. New makes one; it is safe for
// concurrent use.
type Endpoint struct {
	o           Options
	exec        graphql.GraphExecutor
	cache       *responseCache // nil keeps nothing
	initTimeout time.Duration
	turns       *turns
}

// New returns an endpoint for the schema of the options.
func New(o Options) *Endpoint {
	o = o.withDefaults()
	e := executor.New(o.Schema)
	e.SetErrorPresenter(presenter(o.PresentError))
	if o.Recover != nil {
		e.SetRecoverFunc(o.Recover)
	}
	e.SetQueryCache(bounded.New[*ast.QueryDocument](o.Limits.Queries))
	if o.NoSuggestions {
		e.SetDisableSuggestion(true)
		e.SetDefaultRulesFn(rulesWithoutSuggestions)
	}
	if o.Traces != nil {
		e.Use(spans{o.Traces.Tracer(instrumentation)})
	}
	if o.Persisted != nil {
		e.Use(registeredOnly{o.Persisted})
	}
	// In this order: a text is measured before it is kept, so that what a hash
	// stands for has been measured.
	e.Use(shapeLimit{o.Limits, bounded.New[struct{}](o.Limits.Queries)})
	e.Use(extension.AutomaticPersistedQuery{Cache: bounded.New[string](o.Limits.Queries)})
	e.Use(costLimit{o.Limits.Cost, o.Weights, o.Charge})
	if o.NoIntrospection {
		e.Use(noIntrospection{})
	} else {
		e.Use(extension.Introspection{})
	}
	for _, other := range o.Extensions {
		e.Use(other)
	}
	cache := newResponseCache(o.Cache)
	if cache != nil {
		e.Use(cache)
	}
	return &Endpoint{o: o, exec: e, cache: cache, initTimeout: initTimeout, turns: newTurns(0)}
}

func (e *Endpoint) withLoaders(ctx context.Context) context.Context {
	if e.o.Loaders == nil {
		return ctx
	}
	return e.o.Loaders(ctx)
}

// presenter makes an error fit for users, and notes its code for the log.
func presenter(present graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	if present == nil {
		present = graphql.DefaultErrorPresenter
	}
	return func(ctx context.Context, err error) *gqlerror.Error {
		if (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) && errors.Is(context.Cause(ctx), errTooLong) {
			err = tooLong()
		}
		shown := complete(present(ctx, err), err)
		code := fmt.Sprint(shown.Extensions["code"])
		recordOf(ctx).Failed(code)
		return shown
	}
}

// complete adds what is known of err and not shown yet: which limit it went
// past, and for gqlgen's own errors, which are in English, a code and a sentence
// in Chinese.
func complete(shown *gqlerror.Error, err error) *gqlerror.Error {
	extensions := map[string]any{}
	var raised *gqlerror.Error
	if errors.As(err, &raised) {
		maps.Copy(extensions, raised.Extensions)
	}
	maps.Copy(extensions, shown.Extensions)
	zh := ""
	if named := variableOf(shown.Path); named != "" {
		shown.Message = "the variable " + named + " " + shown.Message
	}
	switch extensions["code"] {
	case errcode.ParseFailed:
		zh = "查询有语法错误"
	case errcode.ValidationFailed:
		zh = "查询不符合接口定义"
	case nil:
		extensions["code"], zh = string(catalog.KindInvalid), "请求有误"
	}
	if zh != "" {
		extensions["message"] = map[string]string{"en": shown.Message, "zh": zh + "：" + shown.Message}
	}
	shown.Extensions = extensions
	return shown
}

// variableOf returns the variable whose value an error is about, as it is written in a
// query and with the fields below it, "" where it is about none: gqlparser says of a
// value that it "must be defined" and names it in the path alone.
func variableOf(path ast.Path) string {
	if len(path) < 2 || path[0] != ast.PathName("variable") {
		return ""
	}
	return "$" + path[1:].String()
}

func rulesWithoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return r
}

// errTooLong is the cause with which the context of an answer ends that takes
// longer than Limits.Time.
var errTooLong = errors.New("the time for an answer is over")

func tooLong() *gqlerror.Error {
	return limited("time", nil, &catalog.Error{Kind: catalog.KindLimit, Zh: "查询超过时间上限，请缩小范围后再试", En: "the query took longer than the limit; ask for less at once"})
}

func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isWebSocket(r) {
		e.serveWebSocket(w, r)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		w.Header().Set("Allow", "GET, HEAD, POST, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, POST, OPTIONS")
		e.refuse(w, r, mediaJSON, refusal(http.StatusMethodNotAllowed, catalog.KindInvalid, "请用 GET 或 POST 发送查询", "send queries by GET or POST"))
		return
	}
	media, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		e.refuse(w, r, mediaJSON, refusal(http.StatusNotAcceptable, catalog.KindInvalid, "只能返回 "+mediaResponse+" 或 "+mediaJSON, "there is only "+mediaResponse+" and "+mediaJSON))
		return
	}
	text, wrong := textOf(w, r, e.o.Limits)
	if wrong != nil {
		e.refuse(w, r, media, wrong)
		return
	}
	if media != mediaEvents && e.cache != nil && catalog.ViewerFrom(r.Context()) == nil {
		e.answerCached(w, r, media, text)
		return
	}
	params, wrong := paramsOf(r, text)
	if wrong != nil {
		e.refuse(w, r, media, wrong)
		return
	}
	if media == mediaEvents {
		e.serveEvents(w, r, params)
		return
	}
	if answer := e.answer(r, media, params); answer != nil {
		answer.write(w, r)
	}
}

// answerCached answers an anonymous reader from the cache where it can. Where the
// database is gone and the cache still has the answer, it is given with a word
// that it may be old.
func (e *Endpoint) answerCached(w http.ResponseWriter, r *http.Request, media string, text []byte) {
	run := func() *reply {
		params, wrong := paramsOf(r, text)
		if wrong != nil {
			return e.refusal(r, media, wrong)
		}
		return e.answer(r, media, params)
	}
	version, fresh := e.cache.version()
	key := keyOf(version, r.Method, media, text)
	var answer *reply
	if fresh {
		answer = e.cache.answer(r.Context(), key, run)
	} else {
		answer = run()
	}
	if answer != nil && answer.status == http.StatusServiceUnavailable {
		if cached := e.cache.last(key.request); cached != nil {
			w.Header().Set("Warning", `110 - "the database is not available; this answer may be old"`)
			answer = cached
		}
	}
	if answer != nil {
		answer.write(w, r)
	}
}

// answer runs one operation and returns the reply, nil where the client has gone.
func (e *Endpoint) answer(r *http.Request, media string, params *graphql.RawParams) *reply {
	ctx := r.Context()
	x, refused := e.prepare(ctx, params)
	if refused != nil {
		// graphql-over-http: a request that can't be run is 400, but 200 in the
		// older media type, whose clients take any other status for a proxy's.
		status := http.StatusOK
		if media == mediaResponse {
			status = http.StatusBadRequest
		}
		return newReply(media, status, refused, true)
	}
	if r.Method != http.MethodPost && !x.is(ast.Query) {
		refused := e.refusal(r, media, onlyQueries())
		refused.allow = "POST, OPTIONS"
		return refused
	}
	if x.is(ast.Subscription) {
		return e.refusal(r, media, refusal(http.StatusBadRequest, catalog.KindInvalid, "订阅请用 WebSocket 或 "+mediaEvents, "subscribe over a WebSocket or with Accept: "+mediaEvents))
	}
	response := x.next(x.start(ctx))
	if response == nil {
		if ctx.Err() != nil {
			return nil
		}
		response = e.refused(ctx, tooLong())
	}
	answer := newReply(media, statusOf(response), response, false)
	answer.shared = x.is(ast.Query) && len(response.Errors) == 0 && catalog.ViewerFrom(ctx) == nil
	answer.operation = recordOf(ctx).Operation()
	return answer
}

// copied returns a value of JSON with maps and lists of its own.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, value := range v {
			m[name] = copied(value)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, value := range v {
			l[i] = copied(value)
		}
		return l
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return v
	}
	l := make([]any, rv.Len()) // one of strings, say
	for i := range l {
		l[i] = copied(rv.Index(i).Interface())
	}
	return l
}

// Query runs an operation of the same process as ServeHTTP runs a client's: through
// the same limits, loaders and permissions, and into the same record. It need not
// be registered. It returns the data as JSON, and the errors as they are presented.
func (e *Endpoint) Query(ctx context.Context, document, operation string, variables map[string]any) (json.RawMessage, gqlerror.List) {
	ctx = ownQuery(ctx)
	// The validator writes coerced values into the maps and lists that it is given; those
	// of a page may be everybody's.
	own, _ := copied(variables).(map[string]any)
	params := &graphql.RawParams{Query: document, OperationName: operation, Variables: own}
	params.ReadTime.Start = graphql.Now()
	params.ReadTime.End = params.ReadTime.Start
	x, response := e.prepare(ctx, params)
	if response != nil {
		return nil, response.Errors
	}
	if response = x.next(x.start(ctx)); response == nil {
		response = e.refused(ctx, tooLong())
	}
	return response.Data, response.Errors
}

// Refuse answers a request with an error in the shape of a GraphQL one, whatever
// was asked for, so that a client has one shape to read. A refused request that
// would accept neither media type gets JSON.
func (e *Endpoint) Refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	media, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		media = mediaJSON
	}
	e.refuse(w, r, media, &problem{status, err})
}

// RefuseJSON is Refuse for those who get JSON whatever they accept.
func (e *Endpoint) RefuseJSON(w http.ResponseWriter, r *http.Request, status int, err error) {
	e.refuse(w, r, mediaJSON, &problem{status, err})
}

// refuse answers a request of which no operation could be read.
func (e *Endpoint) refuse(w http.ResponseWriter, r *http.Request, media string, p *problem) {
	e.refusal(r, media, p).write(w, r)
}

func (e *Endpoint) refusal(r *http.Request, media string, p *problem) *reply {
	return newReply(media, p.status, e.refused(r.Context(), raised(p.err)), true)
}

// raised returns err as an error of GraphQL's, for presenters to make fit.
func raised(err error) *gqlerror.Error {
	var e *gqlerror.Error
	if errors.As(err, &e) {
		return e
	}
	return gqlerror.Wrap(err)
}

// refused returns the response to an operation that is not run, or not to its end.
// The context that it is made in knows no operation: one that did would have
// extensions run it after all.
func (e *Endpoint) refused(ctx context.Context, problems ...*gqlerror.Error) *graphql.Response {
	return e.exec.DispatchError(graphql.WithOperationContext(ctx, &graphql.OperationContext{}), problems)
}

// problem is what is wrong with a request before GraphQL comes to it.
type problem struct {
	status int
	err    error // a *catalog.Error, or one made by limited
}

func refusal(status int, kind catalog.ErrorKind, zh, en string) *problem {
	return &problem{status, &catalog.Error{Kind: kind, Zh: zh, En: en}}
}

// jsonOf writes a response in the order that the specification advises. A
// response to a request that could not be run has no data, not even null. The
// data are JSON already and go in as they are.
func jsonOf(response *graphql.Response, noData bool) []byte {
	var b bytes.Buffer
	b.Grow(len(response.Data) + len(`{"data":}`))
	b.WriteByte('{')
	if len(response.Errors) > 0 {
		encodeField(&b, "errors", response.Errors)
	}
	if !noData {
		comma(&b)
		b.WriteString(`"data":`)
		if len(response.Data) == 0 {
			b.WriteString("null")
		}
		b.Write(response.Data)
	}
	if len(response.Extensions) > 0 {
		encodeField(&b, "extensions", response.Extensions)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// encode writes an event of a stream, in one line; one that is refused has no
// data.
func encode(response *graphql.Response) []byte { return jsonOf(response, len(response.Data) == 0) }

func encodeField(b *bytes.Buffer, name string, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("writing a response's %s: %w", name, err)) // recovered tells the client
	}
	comma(b)
	b.WriteString(`"` + name + `":`)
	b.Write(text)
}

// comma goes between fields.
func comma(b *bytes.Buffer) {
	if b.Len() > 1 {
		b.WriteByte(',')
	}
}
