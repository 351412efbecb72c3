package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// Options set a Hub up; the zero value is usable.
type Options struct {
	// Pending is how many cases may wait for a subscriber that does not take
	// them; 0 is 1000. Cases are shared: what waits for many is held once.
	Pending int
	// Patience is how long the feed waits for subscribers who have no room left,
	// before they are dropped; 0 is 2 s. All subscribers wait with them.
	Patience time.Duration
	Log      *slog.Logger // nil is slog's default
}

// Stats are counts of a hub since it was made.
type Stats struct {
	Subscribers int   // there are now
	Events      int64 // given to subscribers
	Dropped     int64 // subscribers who were too slow
}

// Hub hands the cases that change to all who watch for them. It is safe for
// concurrent use.
type Hub struct {
	source Source
	o      Options

	events, dropped atomic.Int64

	mu       sync.Mutex
	watchers map[*watcher]struct{}
}

// New makes a hub over the source. It tells nothing until Follow runs.
func New(source Source, o Options) *Hub {
	if o.Pending <= 0 {
		o.Pending = 1000
	}
	if o.Patience <= 0 {
		o.Patience = 2 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Hub{source: source, o: o, watchers: map[*watcher]struct{}{}}
}

// Stats returns how the hub does.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{Subscribers: len(h.watchers), Events: h.events.Load(), Dropped: h.dropped.Load()}
}

// WatchCases watches for published cases that pass the filter, from now until
// ctx ends. Next returns the next one that has come or changed, as it was when the
// change was read; it waits for it, and is called by one goroutine at a time.
// Its error is the context's, LIMIT where the caller took too long for what
// came, or UNAVAILABLE where changes were missed; nothing follows it. A filter
// that the list of cases refuses is refused here with the same error.
//
// A case comes once for each time that it was seen to have changed, also where
// only a name that it shows did, so that a version may come twice. A case that
// is no longer published does not come.
func (h *Hub) WatchCases(ctx context.Context, f catalog.CaseFilter) (next func(context.Context) (*catalog.Case, error), err error) {
	if _, err := h.source.CasesMatching(ctx, nil, f); err != nil {
		return nil, fmt.Errorf("feed: filter: %w", err)
	}
	w := newWatcher(f, h.o.Pending)
	h.mu.Lock()
	h.watchers[w] = struct{}{}
	h.mu.Unlock()
	context.AfterFunc(ctx, func() { h.end(w, ctx.Err()) })
	return w.next, nil
}

// end takes a watcher off the hub.
func (h *Hub) end(w *watcher, err error) {
	h.mu.Lock()
	delete(h.watchers, w)
	h.mu.Unlock()
	w.end(err)
}

// changesAtOnce is how many changes are read and told together.
const changesAtOnce = 500

// Follow tells subscribers of what changes from now on until ctx ends, and
// returns nil then. What fails is tried again, after a second at first, after a
// minute at last; nothing is passed over. One goroutine follows a hub.
func (h *Hub) Follow(ctx context.Context, waiter Waiter) error {
	var at *catalog.Cursor
	return follow.Loop(ctx, func(ctx context.Context) error { return h.step(ctx, waiter, &at) }, func(err error, again time.Duration) error {
		h.o.Log.Error("subscribers could not be told of changes", "error", err, "again_in", again)
		return nil
	})
}

// step tells of all changes after the cursor, which it moves on, and waits for
// more.
func (h *Hub) step(ctx context.Context, waiter Waiter, at **catalog.Cursor) error {
	if *at == nil {
		latest, err := h.source.Latest(ctx)
		if err != nil {
			return fmt.Errorf("feed: latest: %w", err)
		}
		*at = &latest
	}
	for {
		changes, truncated, err := h.source.Changes(ctx, **at, changesAtOnce)
		if err != nil {
			return fmt.Errorf("feed: changes: %w", err)
		}
		if truncated {
			h.endAll(errMissed)
			*at = nil
			return nil
		}
		if err := h.tell(ctx, changes); err != nil {
			return err
		}
		if len(changes) > 0 {
			*at = &changes[len(changes)-1].Cursor
		}
		if len(changes) < changesAtOnce {
			break
		}
	}
	if err := waiter.Wait(ctx); err != nil {
		return fmt.Errorf("feed: wait: %w", err)
	}
	return nil
}

var (
	errMissed = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "有变更未能送达，请重新查询后再订阅", En: "changes were missed; query anew, then subscribe again"}
	errSlow   = &catalog.Error{Kind: catalog.KindLimit, Zh: "接收太慢，订阅已结束，请重新查询后再订阅", En: "what came was not taken in time; query anew, then subscribe again"}
)

func (h *Hub) endAll(err error) {
	for _, w := range h.all() {
		h.end(w, err)
	}
}

func (h *Hub) all() []*watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.watchers))
}

// tell queues the cases among the changes to those who watch for them. It reads
// everything before it hands on anything, so that it can be tried again.
func (h *Hub) tell(ctx context.Context, changes []catalog.Change) error {
	ids := changedCases(changes)
	groups := byFilter(h.all())
	if len(ids) == 0 || len(groups) == 0 {
		return nil
	}
	cases, err := h.source.CasesByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("feed: cases: %w", err)
	}
	matches := make([]map[catalog.ID]bool, len(groups))
	for i, g := range groups {
		matching, err := h.source.CasesMatching(ctx, ids, g.filter)
		if kind := catalog.ErrorKindOf(err); kind == catalog.KindInvalid || kind == catalog.KindNotFound {
			h.endGroup(g, err) // what the filter names is there no longer
			continue
		}
		if err != nil {
			return fmt.Errorf("feed: filter: %w", err)
		}
		matches[i] = map[catalog.ID]bool{}
		for _, id := range matching {
			matches[i][id] = true
		}
	}
	patience, cancel := context.WithTimeout(ctx, h.o.Patience) // of all together
	defer cancel()
	for i, g := range groups {
		h.give(patience, g, ids, cases, matches[i])
	}
	return nil
}

func (h *Hub) endGroup(g group, err error) {
	for _, w := range g.watchers {
		h.end(w, err)
	}
}

// give puts in the queues of a group's watchers the cases that match, in the order of ids.
func (h *Hub) give(patience context.Context, g group, ids []catalog.ID, cases map[catalog.ID]*catalog.Case, matching map[catalog.ID]bool) {
	for _, w := range g.watchers {
		for _, id := range ids {
			c := cases[id]
			if c == nil || c.Status != catalog.StatusPublished || !matching[id] {
				continue
			}
			if !w.put(patience, c) {
				h.dropped.Add(1)
				h.end(w, errSlow)
				break
			}
			h.events.Add(1)
		}
	}
}

// changedCases returns the ids of the cases among the changes, each once, where it
// was changed last.
func changedCases(changes []catalog.Change) []catalog.ID {
	seen := map[catalog.ID]bool{}
	var ids []catalog.ID
	for _, c := range slices.Backward(changes) {
		if c.Kind == catalog.KindCase && !seen[c.RecordID] {
			seen[c.RecordID] = true
			ids = append(ids, c.RecordID)
		}
	}
	slices.Reverse(ids)
	return ids
}

// group is the watchers with one filter.
type group struct {
	filter   catalog.CaseFilter
	watchers []*watcher
}

// byFilter puts watchers with the same filter together.
func byFilter(watchers []*watcher) []group {
	at := map[string]int{}
	var groups []group
	for _, w := range watchers {
		i, ok := at[w.key]
		if !ok {
			i = len(groups)
			at[w.key] = i
			groups = append(groups, group{filter: w.filter})
		}
		groups[i].watchers = append(groups[i].watchers, w)
	}
	return groups
}

// keyOf is the same for filters that say the same in the same order.
func keyOf(f catalog.CaseFilter) string {
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // it is made of strings, numbers and booleans
	}
	return string(text)
}

// errEnded is what a watcher ends with where nobody says why.
var errEnded = errors.New("feed: the subscription has ended")
