package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/jisiguangyi/jisi/answer"
	"github.com/jisiguangyi/jisi/exchange/pdf"
	"github.com/jisiguangyi/jisi/exchange/permalink"
	"github.com/jisiguangyi/jisi/exchange/typeset"
	"github.com/jisiguangyi/jisi/feed"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/identity"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/files"
	"github.com/jisiguangyi/jisi/internal/follow"
	"github.com/jisiguangyi/jisi/internal/script"
	"github.com/jisiguangyi/jisi/loaders"
	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/notify"
	"github.com/jisiguangyi/jisi/schema"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/server/oai"
	"github.com/jisiguangyi/jisi/store"
)

func serveCommand() command {
	return command{
		name: "serve",
		zh:   "启动服务",
		en:   "serve the API over HTTP",
		help: `  jisi serve
  jisi serve -listen :9000 -data-dir ./data
  DATABASE_URL=postgres://jisi@db/jisi jisi serve -log-format json

升级数据库，新库装入文件所载记录，更新索引，然后监听；标准输出只有一行地址，日志在标准错误。
Ctrl-C 或 SIGTERM 停止：等请求完成，再关闭数据库；第二次立即停止。
It brings the database up to date, loads the documented records into a new one,
brings the index up to date, then listens. Its address is the one line on standard
output; the log is on standard error. Ctrl-C and SIGTERM stop it: requests end,
then the database. A second one stops it at once.
`,
		takes: []group{ofServer, ofAddress, ofDatabase},
		run:   func(a *app, ctx context.Context, c *config, _ []string) error { return a.serve(ctx, c) },
	}
}

// serve runs the server until ctx ends. It takes the address first, so that one
// that is in use is told at once; whoever connects before everything is ready
// waits for the answer.
func (a *app) serve(ctx context.Context, c *config) (err error) {
	log := slog.New(server.LogHandler(newLog(a.stderr, c).Handler()))
	slog.SetDefault(log)
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	operators, err := listenForOperators(ctx, c)
	if err != nil {
		return err
	}
	if operators != nil {
		defer operators.Close()
	}
	tracing, err := startTracing(ctx, a.getenv, log)
	if err != nil {
		return err
	}
	defer tracing.stop(log)
	go func() { _, _ = script.Load() }() // beside the database's start; who needs the tables gets its error
	d, err := a.openDatabase(ctx, c, tracing.store(store.Options{Log: log, LockTimeout: lockTimeout(c)}))
	if err != nil {
		return unlessStopped(ctx, err)
	}
	defer func() { err = errors.Join(err, a.closeDatabase(d)) }()
	if err := d.store.RoomToListen(ctx); err != nil {
		return unlessStopped(ctx, err)
	}
	if err := clearUnfinished(releasesDir(c)); err != nil {
		log.Warn("what an interrupted release has left could not be removed", "error", err)
	}
	defer a.noteServing(c, d, listener.Addr().String())()
	pdf.Compile(pdf.Compiling{Made: pdfiumMade(), Dir: pdfiumDir(c), Stays: true, Told: func(err error) { log.Warn("PDF files are read slowly", "error", err) }})
	log.Info("the database is open", "data_dir", c.dataDir, "database", d.where())
	upgrading := d.store.OlderServers()
	if err := seedWhereNew(ctx, c, d, log); err != nil {
		return unlessStopped(ctx, err)
	}
	near, err := meaningOf(c, d.store, log)
	if err != nil {
		return err
	}
	serving := make(chan struct{})
	serve := sync.OnceFunc(func() { close(serving) })
	index, err := openIndex(ctx, c, d.store, near, serving, log)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	defer func() {
		serve() // closing waits for the words
		err = errors.Join(err, index.Close())
	}()

	changes := d.store.Listen()
	defer changes.Close()
	notifier := follow.NewNotifier(changes, log)
	hub := feed.New(d.store, feed.Options{Log: log})
	background := inBackground(ctx, log)
	defer background.stop()
	background.do(notifier.Run)
	background.do(func(ctx context.Context) error { return index.Follow(ctx, d.store, notifier.Follow()) })
	background.do(func(ctx context.Context) error { return hub.Follow(ctx, notifier.Follow()) })
	if near != nil {
		background.do(func(ctx context.Context) error { return near.Follow(ctx, notifier.Follow()) })
		background.do(near.Watch)
	}
	if upgrading {
		background.do(func(ctx context.Context) error { return seedOnceAlone(ctx, c, d, log) })
	}
	background.do(func(ctx context.Context) error { return trimOutbox(ctx, d.store, log) })
	telling, err := notices(c, d.store, log)
	if err != nil {
		return err
	}
	background.do(telling.Run)
	held := &heldBack{store: d.store, log: log}
	background.do(held.watch)
	background.do((&rights{tokens: d.store, log: log}).watch)
	background.do((&layWords{store: d.store, index: index, log: log}).watch)
	streams := gqlhttp.NewStreams()
	metrics := metricsOf(d.store, index, hub, streams)
	if operators != nil {
		background.do(func(ctx context.Context) error { return serveOperators(ctx, operators, metrics, log) })
	}
	h, err := handler(c, d.store, index, near, notifier, hub, streams, metrics, tracing, held, log)
	if err != nil {
		return err
	}
	return a.listen(ctx, c, listener, h, streams, serve, log)
}

// lockTimeout is how long a request may wait for a table that somebody has locked
// in the database: so long that the request's own time is not over before, which
// would be taken for the request's fault.
func lockTimeout(c *config) time.Duration { return min(5*time.Second, c.limits.Time/2) }

// unlessStopped returns the error, but where the server was stopped before it
// served: whatever failed did so for that, as was asked for.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// openIndex opens the search index and brings it up to date. Where there is one, that
// goes on beside the serving: reading needs no words, and searches wait for theirs. On
// one processor, loading them would keep the start from getting on; there it begins when
// serving is closed.
func openIndex(ctx context.Context, c *config, s *store.Store, near *meaning.Service, serving <-chan struct{}, log *slog.Logger) (*indexer.Index, error) {
	if runtime.GOMAXPROCS(0) > 1 || !indexer.Built(indexDir(c)) {
		serving = nil
	}
	words, err := indexer.BeginWords(wordsDir(c), serving)
	if err != nil {
		return nil, err
	}
	index, err := indexer.Open(ctx, indexDir(c), words, withMeaning(indexer.Options{CheckEvery: c.indexCheck, Logger: log, From: s}, near))
	if err != nil {
		return nil, err
	}
	if !index.Opened() {
		return index, nil
	}
	start := time.Now()
	if err := index.CatchUp(ctx, s); err != nil {
		return nil, errors.Join(err, index.Close())
	}
	log.Info("the index is up to date", "records", index.State().Documents, "took", time.Since(start).Round(time.Millisecond))
	return index, nil
}

// handler puts the parts together that answer requests.
func handler(c *config, s *store.Store, index *indexer.Index, near *meaning.Service, notifier *follow.Notifier, hub *feed.Hub, streams *gqlhttp.Streams, metrics *server.Metrics, tracing tracing, held *heldBack, log *slog.Logger) (http.Handler, error) {
	brought := files.Files{Store: s}
	_ = os.RemoveAll(printedDir(c)) // what versions before cached
	typeset.LookIn(fontsDir(c))
	released := &releaseFiles{store: s, dir: releasesDir(c)}
	resolver := &graph.Resolver{Store: s, Writer: s, Search: tracing.searcher(index), Feed: hub, Spell: permalink.Spell, Address: c.publicURL, Mail: c.mail.Host != "", Reachable: notify.Reachable(c.hookNetworks), Releases: released}
	persisted, err := persistedQueries(c)
	if err != nil {
		return nil, err
	}
	return server.Handler(server.Options{
		GraphQL: gqlhttp.Options{
			Schema:       graph.NewSchema(resolver),
			Weights:      graph.Weights,
			PresentError: graph.Errors{Log: log}.Present,
			Recover:      graph.Errors{Log: log}.Recover,
			Extensions:   graph.Extensions(resolver, answer.New(s), func(way graph.Way) { metrics.Answered(string(way)) }, log),
			Loaders: func(ctx context.Context) context.Context {
				return loaders.Later(ctx, func() *loaders.Loaders { return loaders.New(s, 0) })
			},
			Cache:           gqlhttp.Cache{Bytes: c.responseCache << 20, Version: func() (gqlhttp.DataVersion, bool) { return dataVersion(notifier, index, near) }},
			NoIntrospection: !c.introspection,
			NoSuggestions:   !c.suggestions,
			Persisted:       persisted,
			Streams:         streams,
		},
		Identity:     identity.NewAuthenticator(s, identitySettings(c)),
		PublicURL:    c.publicURL,
		Files:        brought,
		Harvest:      oai.Handler(oai.Options{Source: s, Address: c.publicURL, Email: c.harvestEmail, Log: log}),
		Sitemap:      s,
		Releases:     released,
		SDL:          schema.SDL(),
		Version:      version,
		Database:     s,
		HeldBack:     held.age,
		Index:        health{index, s},
		Meaning:      meaningHealth(near),
		Asked:        askedOf(c, s, index, log),
		Origins:      c.origins,
		NoPlayground: !c.playground,
		Proxies:      c.proxies,
		Metrics:      metrics,
		Traces:       tracing.traces(),
		Limits:       c.limits,
		Log:          log,
	}), nil
}

// persistedQueries reads the registered queries, nil where any may be run.
func persistedQueries(c *config) (gqlhttp.Persisted, error) {
	if c.persisted == "" {
		return nil, nil //nolint:nilnil // no list is not an empty list
	}
	persisted, err := gqlhttp.ReadPersisted(os.DirFS(c.persisted), schema.SDL())
	if err != nil {
		return nil, &sentence{"登记的查询有误", "the registered queries are not right", err}
	}
	return persisted, nil
}

// dataVersion returns the version of the records that this process knows of: what
// the database has told at each commit, before the index has followed, and the
// index's own. current is false while there may be changes of which it does not know.
func dataVersion(notifier *follow.Notifier, index *indexer.Index, near *meaning.Service) (v gqlhttp.DataVersion, current bool) {
	heard, current := notifier.Version()
	state := index.State()
	v = gqlhttp.DataVersion{Heard: heard, Index: state.DataVersion, Meaning: index.LayWordsVersion()}
	if near != nil {
		v.Meaning += near.Version() // both only grow
	}
	return v, current && state.Ready && state.LastError == nil
}

// health tells the server how the index does.
type health struct {
	index *indexer.Index
	store *store.Store
}

// Health asks the index how it does, and the store how far it is behind.
func (h health) Health(ctx context.Context) server.IndexHealth {
	state := h.index.State()
	health := server.IndexHealth{
		Ready: state.Ready, Rebuilding: state.Rebuilding, Documents: state.Documents,
		Failing: state.LastError != nil, DataVersion: state.DataVersion, Pending: -1,
	}
	if pending, age, err := h.store.Backlog(ctx, state.Cursor); err == nil {
		health.Pending, health.LagSeconds = pending, age.Seconds()
	}
	return health
}

// listen serves until ctx ends, then lets the requests under way end and tells
// those who stay connected. The listener is closed when it returns.
func (a *app) listen(ctx context.Context, c *config, listener net.Listener, h http.Handler, streams *gqlhttp.Streams, serving func(), log *slog.Logger) error {
	s := server.New(h, log)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	fmt.Fprintf(a.stdout, "吉思广益 http://%s\n", shown(listener.Addr()))
	serving()
	select {
	case err := <-ended:
		return err // it was not asked to end
	case <-ctx.Done():
	}
	log.Info("stopping")
	drain, cancel := context.WithTimeout(a.hurry, c.drain)
	defer cancel()
	told := make(chan error, 1)
	go func() { told <- streams.Close(drain) }()
	if err := errors.Join(s.Shutdown(drain), <-told); err != nil {
		log.Warn("requests were cut off", "error", err)
		return s.Close()
	}
	return nil
}

// shown returns an address that a browser can open: one that listens everywhere is
// told as this machine's own.
func shown(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}

// keepOutbox is how long changes stay in the feed; an index that has not
// followed for longer is built anew.
const keepOutbox = 7 * 24 * time.Hour

// trimOutbox keeps the feed of changes from growing for ever.
func trimOutbox(ctx context.Context, s *store.Store, log *slog.Logger) error {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if n, err := s.TrimOutbox(ctx, keepOutbox); err != nil {
			log.Warn("the feed of changes could not be trimmed", "error", err)
		} else if n > 0 {
			log.Info("trimmed the feed of changes", "changes", n)
		}
		if err := s.TrimFiles(ctx); err != nil {
			log.Warn("removing files that nothing is made of", "error", err)
		}
		if err := s.TrimWritings(ctx); err != nil {
			log.Warn("what was kept for writers could not be trimmed", "error", err)
		}
		if err := s.TrimDeliveries(ctx); err != nil {
			log.Warn("what was sent long ago could not be trimmed", "error", err)
		}
		if err := s.TrimAsked(ctx); err != nil {
			log.Warn("readers' questions whose time is over could not be removed", "error", err)
		}
		if _, err := s.TrimIdempotencyKeys(ctx); err != nil {
			log.Warn("keys of requests that no longer hold could not be removed", "error", err)
		}
	}
}

// tasks run beside the server until they are stopped.
type tasks struct {
	ctx    context.Context // of all tasks, begun by inBackground and ended by stop: no one call's
	cancel context.CancelFunc
	wait   sync.WaitGroup
	log    *slog.Logger
}

func inBackground(ctx context.Context, log *slog.Logger) *tasks {
	// Not stopped with ctx: requests that are being let to end may still wait
	// for the index to follow.
	t := &tasks{log: log}
	t.ctx, t.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return t
}

func (t *tasks) do(f func(context.Context) error) {
	t.wait.Go(func() {
		if err := follow.Recovered(t.ctx, f); err != nil {
			t.log.Error("a background task ended", "error", err)
		}
	})
}

// stop ends the tasks and waits until they have.
func (t *tasks) stop() {
	t.cancel()
	t.wait.Wait()
}
