package follow

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Listener hears of changes; the store's is one.
type Listener interface {
	// Heard returns when a change may have come, or after a poll interval, and
	// reports which. An error says that changes may come of which it does not hear.
	Heard(ctx context.Context) (bool, error)
}

// pollInterval is how long a follower waits at most: a notification may be lost
// with its connection, a standby has none, and what was committed beside a longer
// transaction can be read only after that.
const pollInterval = 500 * time.Millisecond

// Notifier wakes the followers of a process at a change. It is safe for concurrent
// use; NewNotifier makes one.
type Notifier struct {
	listener Listener
	log      *slog.Logger

	heard   atomic.Uint64
	current atomic.Bool

	mu        sync.Mutex
	followers []*Follower
}

// NewNotifier returns a notifier that hears nothing until Run does.
func NewNotifier(l Listener, log *slog.Logger) *Notifier { return &Notifier{listener: l, log: log} }

// Run hears of changes until ctx ends, and returns nil then. One goroutine runs a
// notifier, and whoever starts it waits for it.
func (n *Notifier) Run(ctx context.Context) error {
	return Loop(ctx, n.hear, func(err error, again time.Duration) error {
		n.log.Error("the database's changes could not be heard of", "error", err, "again_in", again)
		return nil
	})
}

// hear waits for one change. The version is another before anybody is woken.
func (n *Notifier) hear(ctx context.Context) error {
	current := false
	defer func() { n.current.Store(current) }() // also where the listener panics
	heard, err := n.listener.Heard(ctx)
	current = err == nil // a database that is away is tried again at once, and shows elsewhere
	if heard {
		n.heard.Add(1)
		n.wake()
	}
	return nil
}

func (n *Notifier) wake() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range n.followers {
		select {
		case f.woken <- struct{}{}:
		default: // it has not taken the last one yet, and will find this change too
		}
	}
}

// Version returns how often a change may have come. current is false while there may
// be changes of which nobody hears.
func (n *Notifier) Version() (heard uint64, current bool) {
	current = n.current.Load()
	return n.heard.Load(), current
}

// Follow returns a follower that is woken from now on; Close it at the end.
func (n *Notifier) Follow() *Follower {
	f := &Follower{n: n, woken: make(chan struct{}, 1)}
	n.mu.Lock()
	n.followers = append(n.followers, f)
	n.mu.Unlock()
	return f
}

// Follower waits for changes. It holds up neither the notifier nor other followers,
// however long it takes for what it reads.
type Follower struct {
	n     *Notifier
	woken chan struct{} // holds one token where something may have changed
}

// Wait returns when a change may have come since the last Wait, or after a poll
// interval; an error only when ctx has ended. One goroutine waits at a time.
func (f *Follower) Wait(ctx context.Context) error {
	t := time.NewTimer(pollInterval)
	defer t.Stop()
	select {
	case <-f.woken:
	case <-t.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Close takes the follower off its notifier.
func (f *Follower) Close() {
	f.n.mu.Lock()
	defer f.n.mu.Unlock()
	f.n.followers = slices.DeleteFunc(f.n.followers, func(other *Follower) bool { return other == f })
}
