package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
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

// home is where the private PostgreSQL keeps the database, "" where another has it.
func (d *database) home() string {
	if d.cluster == nil {
		return ""
	}
	return d.cluster.Home()
}

// where tells where the database is, without a password.
func (d *database) where() string {
	if d.cluster != nil {
		return d.cluster.Home()
	}
	return store.Place(d.url)
}

// openDatabase makes the data directory, starts or joins the private PostgreSQL
// where no other is given, brings the tables up to date, and opens the store with
// the options, to which it adds the settings.
func (a *app) openDatabase(ctx context.Context, c *config, o store.Options) (*database, error) {
	d, err := a.reachDatabase(ctx, c, o.Log)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, d.url); err != nil {
		return nil, errors.Join(err, a.closeDatabase(d))
	}
	return d, a.openStore(ctx, c, d, o)
}

// reachDatabase makes the data directory, and starts or joins the private
// PostgreSQL where no other is given. Its database has no open store yet.
func (a *app) reachDatabase(ctx context.Context, c *config, log *slog.Logger) (*database, error) {
	if err := os.MkdirAll(c.dataDir, 0o700); err != nil {
		return nil, &sentence{"无法建立数据目录 " + c.dataDir, "the data directory cannot be made", err}
	}
	d := &database{url: c.databaseURL}
	if d.url != "" {
		return d, nil
	}
	forgetPG()
	cluster, err := localpg.Start(ctx, localpg.Options{Dir: c.dataDir, Log: log})
	if err != nil {
		return nil, &sentence{"自带的 PostgreSQL 没有启动", "the private PostgreSQL did not start", err}
	}
	d.cluster, d.url = cluster, cluster.URL()
	return d, nil
}

// openStore opens the store of a database that is up to date, which it closes
// where it fails.
func (a *app) openStore(ctx context.Context, c *config, d *database, o store.Options) error {
	var err error
	o.MaxConns = int32(c.maxConns)
	if d.cluster == nil {
		o.ReadURL, o.ReadFrom = c.readDatabaseURL, store.ReadFrom(c.readFrom)
	}
	if d.store, err = store.Open(ctx, d.url, o); err != nil {
		return errors.Join(err, a.closeDatabase(d))
	}
	return nil
}

// forgetPG takes PostgreSQL's variables out of this process: they are for somebody
// else's database, and drivers and programs would heed them for the private one
// too.
func forgetPG() {
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "PG") && pgVariables[name] {
			_ = os.Unsetenv(name) // it is there
		}
	}
}

// pgVariables are those that libpq knows, of all versions from 14 on.
var pgVariables = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Fields(`PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGREQUIREAUTH PGCHANNELBINDING PGPASSFILE
		PGSERVICE PGSERVICEFILE PGOPTIONS PGAPPNAME PGSSLMODE PGREQUIRESSL PGSSLCOMPRESSION PGSSLCERT PGSSLCERTMODE PGSSLKEY PGSSLPASSWORD
		PGSSLROOTCERT PGSSLCRL PGSSLCRLDIR PGSSLSNI PGSSLNEGOTIATION PGREQUIREPEER PGSSLMINPROTOCOLVERSION PGSSLMAXPROTOCOLVERSION
		PGMINPROTOCOLVERSION PGMAXPROTOCOLVERSION PGGSSENCMODE PGKRBSRVNAME PGKRBSPN PGGSSLIB PGGSSDELEGATION PGCONNECT_TIMEOUT PGCLIENTENCODING
		PGTARGETSESSIONATTRS PGLOADBALANCEHOSTS PGDATESTYLE PGTZ PGGEQO PGSYSCONFDIR PGLOCALEDIR PGTCPUSERTIMEOUT PGOAUTHDEBUG`) {
		known[name] = true
	}
	return known
}()

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

// withDatabase runs f with the database open, and closes it whatever comes. It
// works in a database that is there, brings its tables up to date, and says which
// it is.
func (a *app) withDatabase(ctx context.Context, c *config, f func(*database) error) (err error) {
	if err := a.settle(ctx, c); err != nil {
		return err
	}
	log := newLog(a.stderr, quietly(c))
	d, err := a.reachDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	if d.cluster == nil {
		if made, err := store.Made(ctx, d.url); err != nil || !made {
			return errors.Join(err, unless(err != nil, noDatabase("数据库 "+store.Place(d.url), "the database "+store.Place(d.url))))
		}
	}
	a.whereabouts(c, d)
	if err := store.Migrate(ctx, d.url); err != nil {
		return errors.Join(err, a.closeDatabase(d))
	}
	if err := a.openStore(ctx, c, d, store.Options{Log: log}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.closeDatabase(d)) }()
	return f(d)
}

// unless returns the error where the condition does not hold.
func unless(condition bool, err error) error {
	if condition {
		return nil
	}
	return err
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
// any, in one transaction: a database is either new or has them all. One that holds
// an earlier edition of them is brought up to this binary's, in one transaction as
// well; what somebody has changed there stays. While a server is running that does not
// know all kinds of them, nothing is written.
func seedWhereNew(ctx context.Context, c *config, d *database, log *slog.Logger) error {
	if !c.seed {
		return nil
	}
	if d.store.OlderServers() {
		log.Info("the documented records are brought up to date once no older server is left")
		return nil
	}
	empty, err := d.store.IsEmpty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		renewed, err := exchange.Renew(ctx, sink{d.store})
		if err != nil {
			return err
		}
		if renewed.From < renewed.To {
			n := renewed.Counts()
			log.Info("renewed the documented records", "from", renewed.From, "to", renewed.To, "new", n.New, "changed", n.Changed,
				"kept", renewed.Kept, "took", renewed.Elapsed.Round(time.Millisecond))
		}
		return nil
	}
	report, err := exchange.Seed(ctx, sink{d.store})
	if err != nil {
		return err
	}
	log.Info("loaded the documented records", "records", report.Counts().New, "took", report.Elapsed.Round(time.Millisecond))
	return nil
}

// seedOnceAlone does what seedWhereNew left while older servers were running, once none
// is. Other servers do so at the same time: whoever loses finds it done at the next try.
func seedOnceAlone(ctx context.Context, c *config, d *database, log *slog.Logger) error {
	if d.store.AwaitUpgrade(ctx) != nil {
		return nil //nolint:nilerr // the server stops
	}
	err := seedWhereNew(ctx, c, d, log)
	for ; err != nil && ctx.Err() == nil; err = seedWhereNew(ctx, c, d, log) {
		log.Warn("the documented records could not be brought up to date yet", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(seedAgain):
		}
	}
	return nil
}

// seedAgain is after how long it is tried again.
const seedAgain = 5 * time.Second

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

// printedDir returns where versions before cached the PDFs of books.
func printedDir(c *config) string { return filepath.Join(c.dataDir, "printed") }

// fontsDir returns where fonts for PDFs may lie besides those of the system.
func fontsDir(c *config) string { return filepath.Join(c.dataDir, "fonts") }
