package store

import (
	"context"
	"fmt"
	"log/slog"
	"math/big"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// A primary that has taken over without all that the last one had committed, as it
// may where replication does not wait, hands the numbers of the lost transactions
// to others. What had followed the lost ones, as an index, then holds what the
// database does not, and would pass over the changes that came in their place.
//
// It is recognised so: PostgreSQL counts its timelines, one more at each taking
// over. A cursor carries the timeline that it was read on, and the sum of all
// changes up to it since a base: of a number of 64 bits each, made of all that a
// change says with its moment. On another timeline the database sums up the same
// range: other changes, or fewer, make another sum. Where it is the same, nothing
// was lost that was followed, and following goes on.

// timelineSelect is the cluster and its timeline; "" on a standby, which need not
// know of the newest.
const timelineSelect = `CASE WHEN pg_is_in_recovery() THEN '' ELSE
	(SELECT system_identifier::text FROM pg_control_system()) || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END`

// changeSum is the number of a change in the sum.
const changeSum = `hashtextextended(concat_ws(' ', xid, seq, record_id, version, extract(epoch FROM at)), 0)`

// horizon is what a transaction sees of the feed.
type horizon struct {
	feed     string
	timeline string
	base     catalog.Place // up to which the outbox was trimmed
}

// sumUpTo returns the sum of the changes after the base, up to the place.
func sumUpTo(ctx context.Context, tx pgx.Tx, base, upTo catalog.Place) (uint64, error) {
	var text string
	err := tx.QueryRow(ctx, `SELECT coalesce(sum(`+changeSum+`::numeric), 0)::text FROM outbox
		WHERE (xid, seq) > ($1::text::xid8, $2::bigint) AND (xid, seq) <= ($3::text::xid8, $4::bigint)`,
		strconv.FormatUint(base.XID, 10), base.Seq, strconv.FormatUint(upTo.XID, 10), upTo.Seq).Scan(&text)
	if err != nil {
		return 0, fmt.Errorf("sum of changes: %w", err)
	}
	sum, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return 0, fmt.Errorf("sum of changes: %q is no number", text)
	}
	return sum.Mod(sum, new(big.Int).Lsh(big.NewInt(1), 64)).Uint64(), nil
}

// proofs remembers the last cursors whose sum was worked out, so that one at which
// nothing comes is not summed up at each look. It is safe for concurrent use.
type proofs struct {
	mu   sync.Mutex
	last map[catalog.Cursor]catalog.Cursor
}

func (p *proofs) find(c catalog.Cursor) (catalog.Cursor, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.last[c]
	return known, ok
}

func (p *proofs) keep(c, proven catalog.Cursor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil || len(p.last) > 100 { // there are two followers
		p.last = map[catalog.Cursor]catalog.Cursor{}
	}
	p.last[c] = proven
}

// prove returns the cursor as one of the timeline that the transaction sees, with a
// base that the outbox still reaches back to. ok is false where changes up to it
// were lost, or that cannot be told any more.
func (s *Store) prove(ctx context.Context, tx pgx.Tx, c catalog.Cursor, h horizon) (proven catalog.Cursor, ok bool, err error) {
	if h.timeline == "" || c.Timeline == h.timeline && !c.Base.Less(h.base) {
		return c, true, nil
	}
	if known, ok := s.proofs.find(c); ok && known.Timeline == h.timeline && !known.Base.Less(h.base) {
		return known, true, nil
	}
	if c.Timeline != "" && c.Timeline != h.timeline {
		if c.Base.Less(h.base) {
			s.log.WarnContext(ctx, "another server has taken the database over, and it cannot be told any more whether it has all that was followed", slog.String("timeline", h.timeline), slog.String("before", c.Timeline))
			return c, false, nil
		}
		sum, err := sumUpTo(ctx, tx, c.Base, c.Place())
		if err != nil || sum != c.Sum {
			if err == nil {
				s.log.WarnContext(ctx, "the server that has taken the database over lacks changes that were followed", slog.String("timeline", h.timeline), slog.String("before", c.Timeline))
			}
			return c, false, err
		}
	}
	proven = c
	proven.Timeline = h.timeline
	if c.Timeline == "" || c.Base.Less(h.base) {
		proven.Base = h.base
		if proven.Sum, err = sumUpTo(ctx, tx, h.base, c.Place()); err != nil {
			return c, false, err
		}
	}
	s.proofs.keep(c, proven)
	return proven, true, nil
}
