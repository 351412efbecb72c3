package feed

import (
	"context"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
)

// watcher is one subscription: what waits for it, and why it ended.
type watcher struct {
	filter catalog.CaseFilter
	key    string // of the filter
	most   int

	arrived chan struct{} // holds one token where something has changed for next
	taken   chan struct{} // holds one token where something has been taken

	mu    sync.Mutex
	queue []*catalog.Case
	err   error
}

func newWatcher(f catalog.CaseFilter, most int) *watcher {
	return &watcher{filter: f, key: keyOf(f), most: most, arrived: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
}

// put adds a case, waiting for room until ctx ends. It returns false where there
// is none, and true where the watcher has ended.
func (w *watcher) put(ctx context.Context, c *catalog.Case) bool {
	for !w.tryPut(c) {
		select {
		case <-w.taken:
		case <-ctx.Done():
			return w.tryPut(c)
		}
	}
	return true
}

func (w *watcher) tryPut(c *catalog.Case) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return true
	}
	if len(w.queue) >= w.most {
		return false
	}
	w.queue = append(w.queue, c)
	signal(w.arrived)
	return true
}

// end lets next return the error, the first one where there are several. What is
// waiting is let go: whoever is ended has to query anew.
func (w *watcher) end(err error) {
	if err == nil {
		err = errEnded
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err, w.queue = err, nil
	}
	signal(w.arrived)
	signal(w.taken)
}

// next returns what is waiting, or waits for it.
func (w *watcher) next(ctx context.Context) (*catalog.Case, error) {
	for {
		if c, err, ok := w.take(); ok {
			return c, err
		}
		select {
		case <-w.arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (w *watcher) take() (c *catalog.Case, err error, ok bool) { //nolint:revive // ok comes last, as everywhere
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) > 0 {
		c, w.queue[0] = w.queue[0], nil
		if w.queue = w.queue[1:]; len(w.queue) == 0 {
			w.queue = nil // lets go of what it grew to
		}
		signal(w.taken)
		return c, nil, true
	}
	return nil, w.err, w.err != nil
}

// signal leaves a token in a channel that holds one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
