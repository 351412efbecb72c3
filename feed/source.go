package feed

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

// Source is what the hub follows and reads; store implements it.
type Source interface {
	// Latest is the place in the feed from which what changes now is followed.
	Latest(ctx context.Context) (catalog.Cursor, error)
	// Changes returns up to limit changes after the cursor, in the order in which
	// they were committed. truncated says that the feed no longer goes back to the
	// cursor.
	Changes(ctx context.Context, after catalog.Cursor, limit int) (changes []catalog.Change, truncated bool, err error)
	// CasesByID returns the published cases of these ids as they are now.
	CasesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Case, error)
	// CasesMatching returns those of the ids whose cases are published and pass the
	// filter, as the list of cases would have them. With no ids it checks the
	// filter.
	CasesMatching(ctx context.Context, ids []catalog.ID, f catalog.CaseFilter) ([]catalog.ID, error)
}

// Waiter waits for changes.
type Waiter interface {
	// Wait returns when a change may have come, or after a poll interval; an error
	// only when ctx has ended.
	Wait(ctx context.Context) error
}
