package indexer

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
)

// workedAtMost is how many results a view keeps. The largest, of 1,000 pairs of words,
// has some 60 KB.
const workedAtMost = 200

// worked has what was worked out over a view, so that those who ask the same wait for
// the first of them and get what it got: a case that is published is shown to every
// subscriber at once, each of whom wants the peers of the same case. The zero value is
// empty; it is safe for concurrent use.
type worked struct {
	mu   sync.Mutex
	work map[[32]byte]*working
}

// working is a result that is there once done is closed, unless it failed.
type working struct {
	done  chan struct{}
	value any
	ok    bool
}

// once returns what do returned the first time that it was asked for under that name
// with that query over the view, or does it. Whoever waits for another's work leaves
// with ctx's error, and does it itself where the other failed: its time was over, or
// its caller had gone.
func once[T any](ctx context.Context, w *worked, name string, q any, do func() ([]T, error)) ([]T, error) {
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // it is made of strings and numbers
	}
	key := sha256.Sum256(append([]byte(name+"\n"), text...))
	for {
		one, mine := w.begin(key)
		if mine {
			return finish(w, key, one, do)
		}
		select {
		case <-one.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if list, ok := one.value.([]T); ok && one.ok {
			return slices.Clone(list), nil
		}
	}
}

// begin returns the work under the key; mine says that it is the caller's to do.
func (w *worked) begin(key [32]byte) (one *working, mine bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if one, ok := w.work[key]; ok {
		return one, false
	}
	if w.work == nil || len(w.work) >= workedAtMost {
		w.work = map[[32]byte]*working{}
	}
	one = &working{done: make(chan struct{})}
	w.work[key] = one
	return one, true
}

// finish does the work; where it fails, or panics, the next one who asks does it.
func finish[T any](w *worked, key [32]byte, one *working, do func() ([]T, error)) ([]T, error) {
	defer close(one.done)
	defer func() {
		if one.ok {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.work[key] == one {
			delete(w.work, key)
		}
	}()
	list, err := do()
	if err == nil {
		one.value, one.ok = slices.Clone(list), true
	}
	return list, err
}
