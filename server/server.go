package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/playground"
)

// Options are what a server serves and how. Schema, Database and Index must be
// set.
type Options struct {
	Schema       graphql.ExecutableSchema
	PresentError graphql.ErrorPresenterFunc // makes an error fit for users; nil is gqlgen's default
	Recover      graphql.RecoverFunc        // makes a resolver's panic an error; nil is gqlgen's default
	// Extensions take part in answering, after all limits.
	Extensions []graphql.HandlerExtension
	// Loaders gives a request's context its own fresh loaders; nil leaves the
	// context as it is.
	Loaders func(context.Context) context.Context

	// Identity says who callers are; nil makes all of them anonymous readers.
	Identity Identity
	// PublicURL is where the public finds this server, "" where it is not known:
	// cookies are for https only where it is, and its host is our own.
	PublicURL string

	// Files brings records out in files, and in; nil leaves those addresses out.
	Files Files

	// Releases serves the files of research releases; nil leaves them out.
	Releases Releases

	// Harvest answers libraries at /oai; nil leaves that out.
	Harvest http.Handler

	SDL     string // served at /schema.graphql
	Version string // shown by /readyz

	Database Database
	Index    Index

	// Cache keeps answers for anonymous readers.
	Cache Cache

	// Origins are the web origins, such as "https://example.cn", whose pages may
	// ask this server from a browser; "*" is any. None: only its own pages.
	Origins []string
	// NoIntrospection and NoPlayground switch off what helps in trying queries,
	// and NoSuggestions what names the field that a mistyped one may have meant.
	NoIntrospection bool
	NoPlayground    bool
	NoSuggestions   bool

	// Proxies are the addresses of reverse proxies, whose X-Forwarded-For is taken
	// for the address of whoever asks. None: the header counts for nothing.
	Proxies []netip.Prefix
	// Identify gives the caller whose token a client sends in connection_init, an
	// error of kind UNAUTHENTICATED where it is nobody's. Nil asks Identity, and
	// without that there are no tokens.
	Identify func(ctx context.Context, token string) (*catalog.Viewer, error)
	// Persisted are the only documents that clients may run; nil lets them run any.
	Persisted Persisted
	// Streams are the connections that stay open, which whoever stops the server
	// closes; nil where nobody does.
	Streams *Streams

	Metrics *Metrics             // nil counts nothing
	Traces  trace.TracerProvider // takes a span of each request and operation; nil makes none
	Limits  Limits
	Log     *slog.Logger // nil is slog's default
}

// Database tells whether the database answers.
type Database interface {
	Ping(ctx context.Context) error
}

// Index tells how the search index does.
type Index interface {
	Health(ctx context.Context) IndexHealth
}

// IndexHealth is how the search index does.
type IndexHealth struct {
	Ready       bool    `json:"ready"`       // it can be searched
	Rebuilding  bool    `json:"rebuilding"`  // another is being built beside it
	Documents   int     `json:"documents"`   // that can be found
	Pending     int     `json:"pending"`     // changes that are not in it yet; -1 where not known
	LagSeconds  float64 `json:"lagSeconds"`  // age of the oldest of these
	Failing     bool    `json:"failing"`     // it could not follow the last time it tried
	DataVersion uint64  `json:"dataVersion"` // grows whenever it changes
}

// Handler returns all that the server answers. It is safe for concurrent use.
func Handler(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Streams == nil {
		o.Streams = NewStreams()
	}
	if o.Identify == nil && o.Identity != nil {
		o.Identify = o.Identity.Identify
	}
	o.Limits = o.Limits.withDefaults()

	mux := http.NewServeMux()
	endpoint := newEndpoint(o)
	doors := newDoors(o, endpoint)
	rates := newRates(o)
	doors.signIn(mux)
	mux.Handle("/graphql", allowOrigins(o.Origins, doors.identified(rates.limited(endpoint, endpoint))))
	mux.Handle("GET /schema.graphql", allowOrigins(o.Origins, text("text/plain; charset=utf-8", o.SDL)))
	mux.Handle("GET /healthz", alive())
	mux.Handle("GET /readyz", ready(o))
	var files *exporting
	if o.Files != nil {
		files = newExporting(o.Files, doors, o.Limits.ImportBytes)
	}
	page := doors.identified(rates.limited(endpoint, pages(o, endpoint, files)))
	mux.Handle("/", page)
	if files != nil {
		mux.Handle("GET /export/{file}", doors.identified(rates.limited(endpoint, http.HandlerFunc(files.cases))))
		mux.Handle("GET /export/template.xlsx", doors.identified(rates.limited(endpoint, http.HandlerFunc(files.template))))
		mux.Handle("GET /cases/{file}", files.orPage(page))
		mux.Handle("POST /import", doors.identified(rates.limited(endpoint, http.HandlerFunc(files.importing))))
	}
	if o.Harvest != nil {
		mux.Handle("/oai", rates.limited(endpoint, o.Harvest))
	}
	if o.Releases != nil {
		mux.Handle("GET /releases/{name}/{file...}", allowOrigins(o.Origins, releaseFiles(o.Releases, page, o.Log)))
	}
	if !o.NoPlayground {
		mux.Handle("GET /playground", playground.Handler())
		mux.Handle("GET /playground/", playground.Handler())
	}
	// What is traced has to stand next to the mux, which tells it the route.
	return logged(o.Log, o.Metrics, secured(recovered(o.Log, traced(o.Traces, mux))))
}

// Bounds on what a slow or hostile client can hold. Reading and writing are
// bounded as a whole: no request or answer of ours takes long on a working line.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10 // a query by GET is part of the header
)

// New returns an HTTP server with h that lets no client hold a connection for
// long. Its own complaints go to log.
func New(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return context.Background() },
	}
}
