package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// HoldingLong is how long a transaction may be open before it is told that it
// holds back the feed of changes.
const HoldingLong = 30 * time.Second

// A Holder is a transaction, in whichever database of the server, that has been
// open for longer than HoldingLong. Changes that are younger are not followed
// until it ends: neither the index nor subscribers learn of them.
type Holder struct {
	XID      string        // its number, which tells it from others
	PID      int           // its process, 0 for a prepared transaction
	Prepared string        // the name of a prepared one, which outlives connections; "" for others
	Database string        // where it is
	User     string        // whose it is
	State    string        // of its connection, as in "idle in transaction"; "" where our user may not see it
	Age      time.Duration // since it began; 0 where our user may not see it
}

// String names the transaction as the log does.
func (h *Holder) String() string {
	who := fmt.Sprintf("pid %d", h.PID)
	if h.Prepared != "" {
		who = fmt.Sprintf("the prepared transaction %q", h.Prepared)
	}
	return fmt.Sprintf("%s of user %s in database %s, open for %s", who, h.User, h.Database, h.Age.Round(time.Second))
}

// Holder returns the oldest transaction that has written and is still open, which
// may have begun just now, nil for none. Whoever may not see others' times knows
// its age by asking again.
func (s *Store) Holder(ctx context.Context) (*Holder, error) {
	h, err := oldest(ctx, s.pool)
	return h, wrap("holder", err)
}

// holder returns the oldest one if it is old, or nobody may say how old.
func holder(ctx context.Context, on querier) (*Holder, error) {
	h, err := oldest(ctx, on)
	if err != nil || h == nil || h.Age < HoldingLong {
		return nil, err
	}
	return h, nil
}

// querier is a connection or a pool of them.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// oldest asks for it. Only transactions with a number count, as the feed waits for
// those alone. PostgreSQL hides the times of other users' sessions from a plain
// user, but not their numbers.
func oldest(ctx context.Context, on querier) (*Holder, error) {
	h := &Holder{}
	var seconds float64
	err := on.QueryRow(ctx, `
		SELECT xid, pid, prepared, database, owner, state, coalesce(extract(epoch FROM clock_timestamp() - since), 0) FROM (
			SELECT backend_xid::text AS xid, age(backend_xid) AS old, pid, '' AS prepared, coalesce(datname, '') AS database,
				coalesce(usename, '') AS owner, coalesce(state, '') AS state, xact_start AS since
			FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
			UNION ALL
			SELECT transaction::text, age(transaction), 0, gid, database, owner, 'prepared', prepared FROM pg_prepared_xacts) open
		ORDER BY old DESC LIMIT 1`).Scan(&h.XID, &h.PID, &h.Prepared, &h.Database, &h.User, &h.State, &seconds)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // that there is none is what was asked
	}
	h.Age = time.Duration(seconds * float64(time.Second))
	return h, err
}
