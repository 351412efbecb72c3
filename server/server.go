package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/server/playground"
	"github.com/jisiguangyi/jisi/web"
)

// Options are what a server serves and how. GraphQL.Schema, Database and Index must
// be set.
type Options struct {
	// GraphQL is what is served at /graphql, and what the pages ask. Its limits,
	// origins, log and traces, and the functions that tell callers apart, are taken
	// from what follows here.
	GraphQL gqlhttp.Options

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

	// Sitemap lists the published records for /sitemap.xml; nil leaves that out.
	Sitemap Sitemap

	SDL     string // served at /schema.graphql
	Version string // shown by /readyz

	Database Database
	Index    Index
	Meaning  func() *MeaningHealth // nil where searching by meaning is not set
	Asked    web.Asked             // keeps readers' questions; nil where none are kept
	// HeldBack tells for how long a transaction of somebody's has kept changes from
	// being followed, 0 where none has; nil is never.
	HeldBack func() time.Duration

	// Origins are the web origins, such as "https://example.cn", whose pages may
	// ask this server from a browser; "*" is any. None: only its own pages.
	Origins      []string
	NoPlayground bool // switches off what helps in trying queries

	// Proxies are the addresses of reverse proxies, whose X-Forwarded-For is taken
	// for the address of whoever asks. None: the header counts for nothing.
	Proxies []netip.Prefix

	Metrics *Metrics             // nil counts nothing
	Traces  trace.TracerProvider // takes a span of each request and operation; nil makes none
	Limits  Limits
	Log     *slog.Logger // nil is slog's default
}

// Database reports whether the database answers: Ping to reading, PingPrimary to
// writing. Writable is what is known of the latter without asking.
type Database interface {
	Ping(ctx context.Context) error
	PingPrimary(ctx context.Context) error
	Writable() bool
}

// Index tells how the search index does.
type Index interface {
	Health(ctx context.Context) IndexHealth
}

// MeaningHealth is how searching by meaning does.
type MeaningHealth struct {
	Available  bool   `json:"available"`  // it takes part in searches
	Model      string `json:"model"`      // of the embeddings server
	Dimensions int    `json:"dimensions"` // of a vector; 0 where not known yet
	Vectors    int    `json:"vectors"`    // records that have one
	Records    int    `json:"records"`    // records that are to have one
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
	o.Limits = o.Limits.withDefaults()
	auth := newAuthenticator(o)
	endpoint := gqlhttp.New(graphQL(o, auth))
	auth.endpoint = endpoint
	auth.lock = newLockout(o.Proxies)
	untold := &untoldProxy{}
	mux := http.NewServeMux()
	rates := newRates(o)
	auth.rates = rates
	// Who asks is known before it is counted, and both before anything is done.
	counted := func(h http.Handler) http.Handler {
		return auth.identified(named(o.Proxies, rates.limited(endpoint, h)))
	}
	auth.signIn(mux)
	mux.Handle("/graphql", allowOrigins(o.Origins, counted(endpoint)))
	mux.Handle("GET /schema.graphql", allowOrigins(o.Origins, rates.limited(endpoint, text("text/plain; charset=utf-8", o.SDL))))
	mux.Handle("/mcp", allowOrigins(o.Origins, counted(assistants(o, endpoint))))
	mux.Handle("GET /llms.txt", text("text/plain; charset=utf-8", aboutForAssistants(o.PublicURL)))
	mux.Handle("GET /healthz", alive())
	mux.Handle("GET /readyz", rates.limited(endpoint, ready(o, untold)))
	mux.Handle("GET /robots.txt", text("text/plain; charset=utf-8", robots(o)))
	mux.Handle("GET /favicon.ico", http.RedirectHandler("/assets/icon.svg", http.StatusMovedPermanently))
	var files *exporting
	if o.Files != nil {
		files = newExporting(auth, o)
	}
	site := pages(o, endpoint, files)
	auth.crossedPage = site.Refuse
	page := counted(site)
	mux.Handle("/", page)
	if files != nil {
		mux.Handle("GET /export/{file}", counted(http.HandlerFunc(files.records)))
		mux.Handle("GET /export/template.xlsx", counted(http.HandlerFunc(files.template)))
		mux.Handle("GET /cases/{file}", rates.limited(endpoint, files.orPage(page)))
		mux.Handle("GET /attachments/{id}", counted(http.HandlerFunc(files.attachment)))
		mux.Handle("POST /import", counted(http.HandlerFunc(files.importing)))
	}
	if o.Sitemap != nil {
		mux.Handle("GET /sitemap.xml", counted(sitemap(o.Sitemap, o.PublicURL, o.Log)))
	}
	if files != nil {
		files.books(mux, counted, page)
	}
	if o.Harvest != nil {
		mux.Handle("/oai", rates.limited(endpoint, o.Harvest))
	}
	if o.Releases != nil {
		mux.Handle("GET /releases/{name}/{file...}", allowOrigins(o.Origins, rates.limited(endpoint, ReleaseFiles(o.Releases, page, o.Log))))
	}
	if !o.NoPlayground {
		mux.Handle("GET /playground", playground.Handler())
		mux.Handle("GET /playground/", playground.Handler())
	}
	// What is traced has to stand next to the mux, which tells it the route.
	return logged(o.Log, o.Metrics, o.Proxies, untold, secured(readOnly(o, recovered(o.Log, traced(o.Traces, mux)))))
}

// graphQL returns the options of the endpoint, with what it takes from the site's.
func graphQL(o Options, auth *authenticator) gqlhttp.Options {
	g := o.GraphQL
	g.Limits, g.Origins, g.Traces, g.Log = o.Limits.Limits, o.Origins, o.Traces, o.Log
	if o.Identity != nil {
		g.Identify, g.Standing = o.Identity.Identify, auth.standing
	}
	g.Caller = func(r *http.Request) string { return callerOf(r, o.Proxies) }
	g.Admit, g.Charge, g.Pay = admit, charge, pay
	g.Observe = func(op gqlhttp.Operation, took time.Duration) { o.Metrics.observe(op, "refused", took) }
	return g
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
