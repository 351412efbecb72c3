package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/store"
)

// heldBack watches for transactions, in whichever database of the server, that
// have been open for so long that search and subscriptions fall behind for them.
type heldBack struct {
	store *store.Store
	log   *slog.Logger
	since atomic.Int64 // when the one that is told of was begun, in Unix nanoseconds; 0 for none
}

// How often the database is asked for them, and how often one is told of again.
const (
	askHolder  = 5 * time.Second
	tellHolder = 5 * time.Minute
)

// age returns for how long changes have been held back, 0 where they are not.
func (h *heldBack) age() time.Duration {
	since := h.since.Load()
	if since == 0 {
		return 0
	}
	return time.Since(time.Unix(0, since))
}

// watch watches until ctx ends.
func (h *heldBack) watch(ctx context.Context) error {
	ticker := time.NewTicker(askHolder)
	defer ticker.Stop()
	var last sighting
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		found, err := h.store.Holder(ctx)
		if err != nil {
			continue // that the database is away is told elsewhere
		}
		h.look(ctx, &last, found, time.Now())
	}
}

// sighting is the transaction that was the oldest when it was last asked.
type sighting struct {
	xid         string
	first, told time.Time // when it was first seen, and last told of
}

// look compares what is found with what was seen before, and tells of what is old.
// Our user may not be shown the age of others' transactions: then it is as old as we
// have seen it.
func (h *heldBack) look(ctx context.Context, last *sighting, found *store.Holder, now time.Time) {
	if found == nil || found.XID != last.xid {
		if !last.told.IsZero() {
			h.log.InfoContext(ctx, "the transaction that held changes back has ended")
		}
		*last = sighting{}
		h.since.Store(0)
		if found == nil {
			return
		}
		*last = sighting{xid: found.XID, first: now}
	}
	found.Age = max(found.Age, now.Sub(last.first))
	if found.Age < store.HoldingLong {
		return
	}
	h.since.Store(now.Add(-found.Age).UnixNano())
	if now.Sub(last.told) < tellHolder {
		return
	}
	last.told = now
	h.log.WarnContext(ctx, "an open transaction holds changes back: search and subscriptions learn of none until it ends",
		"pid", found.PID, "prepared", found.Prepared, "database", found.Database, "user", found.User, "state", found.State, "age", found.Age.Round(time.Second))
}
