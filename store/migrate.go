package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/jisiguangyi/jisi/catalog"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema of the database at url up to date. Any number of
// processes may do so at once: one works, the others wait. It changes nothing,
// and fails with a sentence of what to do, where the database is of a newer jisi,
// of another encoding than UTF-8, or takes no tables from its user.
func Migrate(ctx context.Context, url string) error {
	return migrate(ctx, url, upBeside)
}

// How a migration waits for the locks that it needs, beside servers that run: briefly,
// as whoever comes after it waits too, and again. It gives up well before PostgreSQL's
// deadlock_timeout of a second, after which a server's write might have to.
const (
	migrationLock     = 300 * time.Millisecond
	migrationPause    = 300 * time.Millisecond
	migrationPatience = 5 * time.Minute
)

// upBeside applies the migrations, each in a transaction of its own. One that has to
// give way to what servers write meanwhile is taken back and applied again, while the
// writes that come are held back: one that has a table's lock and waits for another,
// which a write has that waits for the first, would give way each time under load.
func upBeside(ctx context.Context, p *goose.Provider, config *pgx.ConnConfig) error {
	failed := 0
	for end := time.Now().Add(migrationPatience); ; {
		concurrent, err := nextIsConcurrent(ctx, p)
		if err != nil {
			return err
		}
		open := func() {}
		if failed%3 != 0 && !concurrent { // not each time, as a migration may be of the table that holds them back
			open = holdWrites(ctx, config)
		}
		if concurrent {
			err = upConcurrently(ctx, config)
		} else {
			_, err = p.UpByOne(ctx)
		}
		open()
		if errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		}
		if err == nil {
			failed, end = 0, time.Now().Add(migrationPatience)
			continue
		}
		if code, _ := sqlState(err); code != lockNotAvailable && !gaveWay(err) || time.Now().After(end) {
			return err
		}
		failed++
		select {
		case <-ctx.Done():
			return err
		case <-time.After(migrationPause):
		}
	}
}

// holdWrites waits until no write of a server is under way and keeps others from
// beginning, until what it returns is called: each takes its Idempotency-Key before it
// has any lock, so that they wait for each other in no other way. Imports and writes
// without a key go on. Where the database has no connection for it, nothing is held.
func holdWrites(ctx context.Context, config *pgx.ConnConfig) (open func()) {
	conn, err := connect(ctx, config)
	if err != nil {
		return func() {}
	}
	open = func() { _ = conn.Close(context.WithoutCancel(ctx)) } // which takes the lock back
	_, err = conn.Exec(ctx, `BEGIN; SET LOCAL lock_timeout = '10s'; LOCK TABLE idempotency_keys IN SHARE ROW EXCLUSIVE MODE`)
	if err != nil {
		open()
		return func() {}
	}
	return open
}

// migrate has run take the database at url as far as it likes.
func migrate(ctx context.Context, url string, run func(context.Context, *goose.Provider, *pgx.ConnConfig) error) error {
	config, err := parseURL(url, appName(), [2]string{"lock_timeout", strconv.FormatInt(migrationLock.Milliseconds(), 10)})
	if err != nil {
		return err
	}
	dial := newDialer()
	defer dial.close()
	if several(config.ConnConfig) {
		toPrimary(config.ConnConfig, dial)
	}
	err = untilReady(ctx, func() error { return refusePooling(ctx, config.ConnConfig) })
	if several(config.ConnConfig) && isNobody(err) { // a standby says as well whether anything is to be done
		toAny(config.ConnConfig, dial)
		err = refusePooling(ctx, config.ConnConfig)
	}
	if err != nil {
		return refused(err)
	}
	current, err := preflight(ctx, config.ConnConfig)
	if err != nil || current {
		return err
	}
	provider, db, err := newProvider(config.ConnConfig)
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	defer func() { _ = db.Close() }() // nothing is left to lose
	return wrap("migrate", run(ctx, provider, config.ConnConfig))
}

// newProvider returns what applies the migrations on connections of config, which its
// caller closes.
func newProvider(config *pgx.ConnConfig) (*goose.Provider, *sql.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, err
	}
	db := stdlib.OpenDB(*config)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker),
		goose.WithGoMigrations(codeMigrations()...))
	if err != nil {
		_ = db.Close() // it was not used
		return nil, nil, err
	}
	return provider, db, nil
}

// nextIsConcurrent reports whether the migration that comes next builds indexes
// CONCURRENTLY: it keeps nobody waiting, and waits itself for every transaction that
// runs, the longer the more there are.
func nextIsConcurrent(ctx context.Context, p *goose.Provider) (bool, error) {
	current, err := p.GetDBVersion(ctx)
	if err != nil {
		return false, err
	}
	for _, source := range p.ListSources() { // by version
		if source.Version <= current {
			continue
		}
		if source.Type == goose.TypeGo {
			return source.Version == readingsAgainVersion || source.Version == readingsFasterVersion, nil
		}
		text, err := migrations.ReadFile("migrations/" + path.Base(source.Path))
		return strings.HasPrefix(string(text), "-- +goose NO TRANSACTION"), err
	}
	return false, nil
}

// upConcurrently applies the next migration, which waits for locks as long as it takes.
func upConcurrently(ctx context.Context, config *pgx.ConnConfig) error {
	patient := config.Copy()
	set := patient.AfterConnect
	patient.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		if err := set(ctx, conn); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, `SET lock_timeout = 0`).ReadAll()
		return err
	}
	p, db, err := newProvider(patient)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing is left to lose
	_, err = p.UpByOne(ctx)
	return err
}

// codeMigrations are those that SQL alone cannot say.
func codeMigrations() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(mergeAdoptionsVersion, &goose.GoFunc{RunTx: mergeAdoptions}, nil),
		goose.NewGoMigration(readingsVersion, &goose.GoFunc{RunTx: makeReading}, &goose.GoFunc{RunTx: dropReading}),
		goose.NewGoMigration(readingsAgainVersion, &goose.GoFunc{RunDB: makeReadingAgain}, nil),
		goose.NewGoMigration(readingsFasterVersion, &goose.GoFunc{RunDB: makeReadingAgain}, nil),
	}
}

// preflight reports whether the tables are as this program wants them, and fails
// where they cannot be made so.
func preflight(ctx context.Context, config *pgx.ConnConfig) (current bool, err error) {
	conn, err := connect(ctx, config)
	if err != nil {
		return false, refused(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // it was only asked
	e := &Examination{Known: knownMigration()}
	if err := e.server(ctx, conn); err != nil {
		return false, wrap("preflight", err)
	}
	if err := e.tables(ctx, conn); err != nil {
		return false, wrap("preflight", err)
	}
	if err := e.fit(); err != nil || e.Applied == e.Known {
		return e.Applied == e.Known, err
	}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		inv, err := takeInventory(ctx, tx)
		if err != nil {
			return err
		}
		return inv.taken()
	})
	return false, wrap("preflight", err)
}

func wrong(zh, en string) error { return &catalog.Error{Kind: catalog.KindInvalid, Zh: zh, En: en} }

// writable says why nothing can be written into the database, nil where it can.
func (e *Examination) writable() error {
	switch {
	case e.Standby:
		return wrong("这是只读的备库，不能建表、升级表结构或恢复：请连接主库", "this is a standby, where tables cannot be made, brought up to date or restored: connect to the primary")
	case e.ReadOnly:
		reset := `ALTER ROLE "` + strings.ReplaceAll(e.User, `"`, `""`) + `" RESET default_transaction_read_only`
		return wrong("事务默认只读（default_transaction_read_only），不能建表或恢复：请执行 "+reset+"，并检查 ALTER DATABASE 和 postgresql.conf 中的同名设置",
			"transactions are read-only by default (default_transaction_read_only), and tables cannot be made or restored: run "+reset+", and look for the same setting of ALTER DATABASE and postgresql.conf")
	}
	return nil
}

// fit says why tables cannot be made or brought up to date in the database, nil
// where they can, or need not.
func (e *Examination) fit() error {
	switch {
	case e.Other != "":
		return wrong("这不是 PostgreSQL，而是 "+e.Other+"，jisi 没有在其上试过：请去掉 DATABASE_URL 用自带的 PostgreSQL，或连接 PostgreSQL 14 以上的版本",
			"this is no PostgreSQL but "+e.Other+", on which jisi was never tried: leave DATABASE_URL away and use the private PostgreSQL, or connect to PostgreSQL 14 or newer")
	case e.Applied > e.Known:
		return wrong(fmt.Sprintf("数据库来自更新的 jisi（表结构第 %d 版，本程序第 %d 版），请升级 jisi，或恢复升级前的备份", e.Applied, e.Known),
			fmt.Sprintf("the database is of a newer jisi (its tables are of version %d, this program's of %d): upgrade jisi, or restore a backup from before", e.Applied, e.Known))
	case e.Skipped > 0 && e.Applied == e.Known: // where others are to be applied goose says so, and the tables may not even be ours
		return wrong(fmt.Sprintf("数据库已到第 %d 版，编号更小的迁移 %d 却没有执行过：它是后来加进程序的，请把它的编号改为 %d 以后", e.Applied, e.Skipped, e.Known),
			fmt.Sprintf("the tables are of version %d, and migration %d was never applied: it came into the program afterwards; give it a number above %d", e.Applied, e.Skipped, e.Known))
	case e.Applied == e.Known:
		return nil
	case e.Encoding != "UTF8":
		return wrong("数据库的编码是 "+e.Encoding+"，须为 UTF8：请用 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 另建一个",
			"the database's encoding is "+e.Encoding+" and has to be UTF8: make another by CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0")
	}
	if err := e.writable(); err != nil {
		return err
	}
	switch {
	case e.Schema == "":
		return wrong("search_path 所列的模式都不存在，请先建立：CREATE SCHEMA … AUTHORIZATION "+e.User, "no schema of search_path exists; make one: CREATE SCHEMA … AUTHORIZATION "+e.User)
	case !e.MayCreate:
		quoted := strings.ReplaceAll(e.User, `"`, `""`)
		return wrong(fmt.Sprintf(`用户 %s 不能在模式 %s 中建表：请由管理员执行 GRANT CREATE ON SCHEMA %s TO "%s"，或 CREATE SCHEMA "%s" AUTHORIZATION "%s"`, e.User, e.Schema, e.Schema, quoted, quoted, quoted),
			fmt.Sprintf(`user %s may not make tables in schema %s: have an administrator run GRANT CREATE ON SCHEMA %s TO "%s", or CREATE SCHEMA "%s" AUTHORIZATION "%s"`, e.User, e.Schema, e.Schema, quoted, quoted, quoted))
	}
	return nil
}
