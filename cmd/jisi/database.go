package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/internal/localpg"
	"github.com/jisiguangyi/jisi/store"
)

// database is the open store, with the private PostgreSQL below it where there
// is one.
type database struct {
	store   *store.Store
	cluster *localpg.Cluster // nil where DATABASE_URL names another
	url     string
}

// openDatabase makes the data directory, starts or joins the private PostgreSQL
// where no other is given, brings the tables up to date, and opens the store with
// the options, to which it adds the settings.
func (a *app) openDatabase(ctx context.Context, c *config, o store.Options) (*database, error) {
	if err := os.MkdirAll(c.dataDir, 0o700); err != nil {
		return nil, &sentence{"无法建立数据目录 " + c.dataDir, "the data directory cannot be made", err}
	}
	d := &database{}
	where := c.databaseURL
	if where == "" {
		cluster, err := localpg.Start(ctx, localpg.Options{Dir: c.dataDir, Log: o.Log})
		if err != nil {
			return nil, &sentence{"自带的 PostgreSQL 没有启动", "the private PostgreSQL did not start", err}
		}
		d.cluster, where = cluster, cluster.URL()
	}
	d.url = where
	if err := store.Migrate(ctx, where); err != nil {
		return nil, errors.Join(fmt.Errorf("bringing the tables up to date: %w", err), a.closeDatabase(d))
	}
	var err error
	o.MaxConns = int32(c.maxConns)
	if d.store, err = store.Open(ctx, where, o); err != nil {
		return nil, errors.Join(err, a.closeDatabase(d))
	}
	return d, nil
}

// closeTimeout bounds the private PostgreSQL's orderly end, which writes what is
// in memory to disk; past it, it is stopped at once and recovers at the next
// start.
const closeTimeout = 30 * time.Second

// closeDatabase closes what openDatabase has opened.
func (a *app) closeDatabase(d *database) error {
	if d.store != nil {
		d.store.Close()
	}
	if d.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(a.hurry, closeTimeout)
	defer cancel()
	return d.cluster.Close(ctx)
}

// withDatabase runs f with the database open, and closes it whatever comes.
func (a *app) withDatabase(ctx context.Context, c *config, f func(*database) error) (err error) {
	log := newLog(a.stderr, quietly(c))
	d, err := a.openDatabase(ctx, c, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.closeDatabase(d)) }()
	return f(d)
}

// quietly lets an interactive command log warnings and errors only, unless a
// setting says otherwise.
func quietly(c *config) *config {
	quiet := *c
	if quiet.logLevel == slog.LevelInfo {
		quiet.logLevel = slog.LevelWarn
	}
	return &quiet
}

// seedWhereNew loads the documented records into a database that has never held
// any, in one transaction: a database is either new or has them all.
func seedWhereNew(ctx context.Context, c *config, d *database, log *slog.Logger) error {
	if !c.seed {
		return nil
	}
	empty, err := d.store.IsEmpty(ctx)
	if err != nil || !empty {
		return err
	}
	report, err := exchange.Seed(ctx, sink{d.store})
	if err != nil {
		return err
	}
	log.Info("loaded the documented records", "records", report.Counts().New, "took", report.Elapsed.Round(time.Millisecond))
	return nil
}

// sink is the store as exchange wants it, which the store does not know.
type sink struct{ *store.Store }

// Begin starts a transaction.
func (s sink) Begin(ctx context.Context, actor catalog.Actor) (exchange.Writer, error) {
	return s.Store.Begin(ctx, actor)
}

// indexDir returns the folder of the search index in a data directory, and
// wordsDir that of its dictionaries.
func indexDir(c *config) string { return filepath.Join(c.dataDir, "index") }
func wordsDir(c *config) string { return filepath.Join(c.dataDir, "dictionaries") }
