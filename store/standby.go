package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/jisiguangyi/jisi/catalog"
)

// ReadFrom is which of several servers records are read from. Whatever it is, who is
// signed in reads from the primary as long as there is one, and sees what they have
// written; and a standby is read from only where it has replayed all that this
// process has heard of, so that no answer is older than the index, or than an answer
// before.
type ReadFrom string

// The values of ReadFrom; "" is Primary.
const (
	Primary       ReadFrom = "primary"        // a standby while there is no primary
	PreferStandby ReadFrom = "prefer-standby" // a standby where there is one
	Any           ReadFrom = "any"            // the first of the address that answers
)

// replayedKey is the key of a context for the place in the WAL that a standby must
// have come to, to be read from.
type replayedKey struct{}

// replayedTo is the key of a connection's custom data for the place that its server
// was seen to have come to.
const replayedTo = "jisi.replayed"

// errBehind is what is told where no standby comes to a place in time.
var errBehind = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "备库暂时落后于最近的写入，请稍后再试", En: "the standby is behind what was written last; try again later"}

// walPlace is how far a server has come, in bytes.
const walPlace = `(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0')::bigint`

// readElsewhere sets a pool up to read from another server than the primary.
func readElsewhere(config *pgxpool.Config, from ReadFrom) {
	if from == PreferStandby {
		config.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPreferStandby
		config.MaxConnLifetime = time.Minute // who was a standby may be the primary by now
	}
	config.PingTimeout = primaryAnswer
	config.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		need, ok := ctx.Value(replayedKey{}).(uint64)
		if !ok {
			return true, nil // there is no primary, and nothing of one's own: what there is, is read
		}
		data := conn.PgConn().CustomData()
		if come, ok := data[replayedTo].(uint64); ok && come >= need {
			return true, nil
		}
		var come uint64
		if err := conn.QueryRow(ctx, `SELECT `+walPlace).Scan(&come); err != nil {
			return false, err
		}
		data[replayedTo] = come
		if come < need {
			return true, errBehind
		}
		return true, nil
	}
}
