package store

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// During a rolling upgrade servers of the version before are still running, which do not
// know the kinds of records, and the values, that have come since: they would pass such a
// record on to readers and indexes without knowing what it is. So each connection says by
// its application_name which migrations its program knows, and as long as one is there
// that does not know a kind, no record of it is written. What all know is written on.

// appName returns the application_name of this program's servers: jisi/N, with N the
// newest migration that it knows. Those of 2026-11-27 and before say jisi.
var appName = sync.OnceValue(func() string { return fmt.Sprintf("jisi/%d", knownMigration()) })

// since has for each kind of record that servers have not always known the migration
// that brought it; the kinds of the first release are not there.
var since = map[catalog.RecordKind]int64{
	catalog.KindNeed:       44,
	catalog.KindActivity:   66,
	catalog.KindRound:      67,
	catalog.KindCall:       73,
	catalog.KindCollection: 73,
	catalog.KindReport:     83,
}

// unstatedSince is the migration that let an outcome's status be UNSTATED.
const unstatedSince = 41

// neededFor returns the migration that a server has to know to know all that a checked
// input holds, and what of it came last.
func neededFor(in catalog.Input) (migration int64, zh, en string) {
	kind := in.Kind()
	migration, zh, en = since[kind], kind.Label(), string(kind)
	var outcomes []catalog.OutcomeInput
	switch in := in.(type) {
	case *catalog.CaseInput:
		outcomes = in.Outcomes
	case *catalog.ProposalInput:
		outcomes = in.Outcomes
	}
	for _, o := range outcomes {
		if o.Status == catalog.OutcomeUnstated {
			return max(migration, unstatedSince), "成果状态“" + o.Status.Label() + "”", "an outcome's status UNSTATED"
		}
	}
	return migration, zh, en
}

// older knows which migration the oldest jisi knows that is connected to the primary.
// The zero value knows of none. It is safe for concurrent use.
type older struct {
	left atomic.Int64 // one more than that migration, as long as an older jisi is there; 0 for none
	stop context.CancelFunc
	done chan struct{} // closed once none is left; nil where none was
}

// How often it is asked whether older servers are left, how long an answer may take, and
// how often in turn none has to be there: one that has lost its connections comes again.
const (
	olderInterval = 500 * time.Millisecond
	olderPatience = 2 * time.Second
	olderLooks    = 2
)

// olderSelect asks for the newest migration that the oldest jisi knows of those of this
// user that are connected to this database, $1 where there is none: who has the one
// user of an installation may see its sessions. Commands that only look (jisi doctor)
// have another name.
const olderSelect = `SELECT coalesce(min(CASE application_name WHEN 'jisi' THEN 0 ELSE substr(application_name, 6)::bigint END), $1) FROM pg_stat_activity
	WHERE datname = current_database() AND usename = session_user AND backend_type = 'client backend' AND application_name ~ '^jisi(/[0-9]{1,9})?$'`

// watch finds out whether older servers are there, and as long as they are, or nobody can
// tell, asks again until none is.
func (o *older) watch(ctx context.Context, p *pool) {
	left := o.ask(ctx, p)
	if left == 0 {
		return
	}
	o.left.Store(left)
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	o.done = make(chan struct{})
	go func() {
		defer close(o.done)
		for none := 0; none < olderLooks; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(olderInterval):
			}
			if left := o.ask(ctx, p); left > 0 {
				o.left.Store(left)
				none = 0
				continue
			}
			none++
		}
		o.left.Store(0)
	}()
}

// ask returns what left is to be. Where that cannot be told it is as it was, and at first
// as if the oldest were there.
func (o *older) ask(ctx context.Context, p *pool) (left int64) {
	ctx, cancel := context.WithTimeout(ctx, olderPatience)
	defer cancel()
	var knows int64
	err := p.writing(ctx, func(on *pgxpool.Pool) error {
		return on.QueryRow(ctx, olderSelect, knownMigration()).Scan(&knows)
	})
	switch {
	case err != nil:
		return max(o.left.Load(), 1)
	case knows >= knownMigration():
		return 0
	}
	return knows + 1
}

func (o *older) close() {
	if o.stop != nil {
		o.stop()
		<-o.done
	}
}

// knows returns the newest migration that every server knows that is there.
func (o *older) knows() int64 {
	if o == nil {
		return math.MaxInt64
	}
	if left := o.left.Load(); left > 0 {
		return left - 1
	}
	return math.MaxInt64
}

// OlderServers reports whether a jisi that does not know all that this one knows is
// connected to the database. What only this one knows is refused with UNAVAILABLE as
// long as that is so.
func (s *Store) OlderServers() bool { return s.pool.older.left.Load() > 0 }

// AwaitUpgrade returns once no older jisi is left that was there when the store was
// opened, or ctx has ended, with its error.
func (s *Store) AwaitUpgrade(ctx context.Context) error {
	if s.pool.older.done == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.pool.older.done:
		return nil
	}
}

// olderThan returns what is known of older servers in a transaction of a pool's.
func olderThan(tx pgx.Tx) *older {
	if t, ok := tx.(*writingTx); ok {
		return t.older
	}
	return nil
}

// spareOlder refuses what a server that is still running does not know.
func (b *batch) spareOlder(context.Context) error {
	known := b.older.knows()
	if known == math.MaxInt64 {
		return nil
	}
	for _, d := range b.drafts {
		if !d.changes() {
			continue
		}
		if needed, zh, en := neededFor(d.in); needed > known {
			d.refuse(&catalog.Error{
				Kind: catalog.KindUnavailable,
				Zh:   "还有旧版 jisi 服务器在运行，它不认识" + zh + "，等全部升级后再写",
				En:   "an older jisi server is still running, which does not know " + en + "; try again when all are upgraded",
			})
		}
	}
	return nil
}
