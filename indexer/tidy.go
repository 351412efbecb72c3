package indexer

import (
	"runtime/debug"
	"sync"
	"time"
)

// tidier returns memory that is free to the system once an analysis is over. One takes
// up to 100 MB for as long as it works, and Go keeps that for what may come, which is
// seldom another analysis; a collection on top takes some 50 ms of processor of an index
// of 20,000 records, once for all analyses that follow each other. The zero value is
// ready; it is safe for concurrent use.
type tidier struct {
	mu     sync.Mutex
	timer  *time.Timer
	closed bool
}

// tidyAfter is how long after the last analysis that is.
const tidyAfter = 300 * time.Millisecond

// soon has memory given back after a while, in which nobody else asks for it.
func (t *tidier) soon() {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
	case t.timer == nil:
		t.timer = time.AfterFunc(tidyAfter, debug.FreeOSMemory)
	default:
		t.timer.Reset(tidyAfter)
	}
}

// stop ends it.
func (t *tidier) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	if t.timer != nil {
		t.timer.Stop()
	}
}
