package indexer

import (
	"sync"
	"time"
)

// snapshots keeps views that were swapped out for a while, so that a reader who
// turns pages goes through one state of the index from first to last. Only
// views that handed out a cursor are kept. The zero value is ready; safe for
// concurrent use.
type snapshots struct {
	mu    sync.Mutex
	views []pagedView
}

type pagedView struct {
	*view
	until time.Time
}

// How many views are kept, and for how long after they were swapped out. Each
// holds its files open and its columns in memory.
const (
	cachedViews = 4
	cachedFor   = time.Minute
)

// keep keeps a view that is being swapped out, if anybody may come back to it.
func (s *snapshots) keep(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(time.Now())
	if !v.paged.Load() || !v.acquire() {
		return
	}
	if len(s.views) == cachedViews {
		s.views[0].release()
		s.views = s.views[1:]
	}
	s.views = append(s.views, pagedView{v, time.Now().Add(cachedFor)})
}

// get returns the view of that version, held; nil where it is not kept.
func (s *snapshots) get(version uint64) *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(time.Now())
	for _, k := range s.views {
		if k.version == version && k.acquire() {
			return k.view
		}
	}
	return nil
}

// all returns the views that are kept, each held.
func (s *snapshots) all() (views []*view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.views {
		if k.acquire() {
			views = append(views, k.view)
		}
	}
	return views
}

func (s *snapshots) expire(now time.Time) {
	for len(s.views) > 0 && s.views[0].until.Before(now) {
		s.views[0].release()
		s.views = s.views[1:]
	}
}

// drop releases all views.
func (s *snapshots) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.views {
		k.release()
	}
	s.views = nil
}
