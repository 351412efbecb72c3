package indexer

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/indexer/document"
)

// Finding a list and what its term adds at most takes some microseconds, and a question
// asks for sixty. So that no search has to wait for it, the longest lists of a segment
// that is new in a view are read beside the searches. Where small segments were left
// out, the first search for a keyword in 10,000 records took 2.7 ms in the median, and
// 1.1 ms where they are read too.
const (
	warmAtLeast = 256 // documents of a segment worth it; lists of smaller ones are read soon enough
	warmShare   = 64  // a list is long that has one of so many documents on it
	warmRoom    = 2   // one part in so many of the cache's room is filled

	mapAtMost = 256 << 20 // bytes of files that are mapped before anybody comes to them

	// Reading ahead makes way for whoever searches: on one processor the searches of
	// the first seconds took 22 ms at p95 where it did not, and 2 ms where it does. A
	// rest takes a millisecond where nobody searches, whatever it is asked for, and most
	// lists take microseconds: a rest after each would have it go on for many seconds,
	// in which searches read the lists themselves. While somebody searches it rests, but
	// not for ever: there may always be somebody.
	warmEntries = 64                    // entries of a dictionary between two offers of the processor
	warmTurn    = time.Millisecond      // of work between two rests
	warmPause   = 50 * time.Microsecond // of rest, in which requests that have come are taken
	warmYield   = 20 * time.Millisecond // of rest at most, while there are searches
)

// turns is how whoever reads ahead takes turns with whoever searches. It begins with a
// rest.
type turns struct {
	busy  *atomic.Int64 // how many search
	began time.Time
	mine  bool // it is taken though somebody searches
}

// offer lets others have the processor, and rests where the turn is over.
func (t *turns) offer() {
	runtime.Gosched()
	if time.Since(t.began) < warmTurn && (t.mine || t.busy.Load() == 0) {
		return
	}
	for rested := time.Now(); ; {
		time.Sleep(warmPause)
		t.began = time.Now()
		if t.mine = t.busy.Load() > 0; !t.mine || t.began.Sub(rested) >= warmYield {
			return
		}
	}
}

// warmer reads long lists ahead. One goroutine at a time; the zero value is ready.
type warmer struct {
	stop  atomic.Bool
	busy  atomic.Int64 // how many search, which it makes way for
	group sync.WaitGroup
	one   sync.Mutex
}

// warm reads the long lists of the view's segments that have not been read
// ahead yet, beside whatever else goes on.
func (x *Index) warm(v *view) {
	var cold []*segmentView
	for _, s := range v.segments {
		if len(s.ids) >= warmAtLeast && !s.warmed.Swap(true) {
			cold = append(cold, s)
		}
	}
	if len(cold) == 0 || x.warmer.stop.Load() || !v.acquire() {
		return
	}
	x.warmer.group.Go(func() {
		defer v.release()
		x.warmer.one.Lock()
		defer x.warmer.one.Unlock()
		defer func() {
			if p := recover(); p != nil {
				x.o.Logger.Error("reading the index panicked", "operation", "read ahead", "panic", fmt.Sprint(p))
				x.suspect()
			}
		}()
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		turn, room := turns{busy: &x.warmer.busy}, int64(mapAtMost)
		for _, s := range cold {
			room = s.lists.MapIn(room, turn.offer)
		}
		for _, s := range cold {
			for _, field := range []string{document.FieldGrams, document.FieldWords} {
				if err := v.warm(s, field, &x.warmer); err != nil {
					x.suspect()
					x.o.Logger.Warn("long lists of the index could not be read ahead", "error", err)
					return
				}
			}
		}
	})
}

// warm reads the long lists of a segment, the longest first, until half of the
// cache is full or it is told to stop.
func (v *view) warm(s *segmentView, field string, w *warmer) error {
	long, err := v.longLists(s, field, w)
	if err != nil {
		return err
	}
	turn := turns{busy: &w.busy}
	for _, term := range long {
		if w.stop.Load() || v.cache.Used() > v.cache.Limit()/warmRoom {
			return nil
		}
		if _, err := v.listOf(context.Background(), s, listName{listCounted, field, term}); err != nil {
			return err
		}
		turn.offer()
	}
	return nil
}

// longLists returns the terms of a field with long lists, the longest first.
// A damaged dictionary may have no end; it is given up when the damage is found.
func (v *view) longLists(s *segmentView, field string, w *warmer) ([]string, error) {
	type longList struct {
		term string
		n    int
	}
	var long []longList
	turn := turns{busy: &w.busy}
	i := 0
	err := s.lists.EachLength(field, func(term []byte, n int) bool {
		if i++; i%warmEntries == 0 {
			turn.offer()
		}
		if n >= len(s.ids)/warmShare {
			long = append(long, longList{string(term), n})
		}
		return !w.stop.Load() && !v.generation.isGivenUp()
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(long, func(a, b longList) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.term, b.term)) })
	terms := make([]string, len(long))
	for i, l := range long {
		terms[i] = l.term
	}
	return terms, nil
}
