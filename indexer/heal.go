package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/integrity"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// The index's files are checked before it is opened, each CheckEvery while it is
// followed, before and after each merge (see integrity), and at once when reading or
// writing it fails. An index with a damaged segment is set aside at once, answers
// UNAVAILABLE, and is built anew by whoever follows it. Where only root.bolt is damaged,
// or one of bleve's goroutines has ended, what is in memory is right: it goes on
// answering while another is built.
//
// What is not seen: a byte that turns over in a segment's file may change an answer
// until the next check, and a state of root.bolt of which a kill left no sum is taken
// as it is.

// errDamaged is what an index answers that is damaged, until it has been built anew.
var errDamaged = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "检索索引已损坏，正在重建，请稍后再试", En: "the search index is damaged and is being built anew; try again later"}

const (
	// DefaultCheckEvery is how often an index is checked that nobody complains of, and
	// checkShare how much of the time that may take at most: of an index that is read
	// in a second half a minute passes in between.
	DefaultCheckEvery = 10 * time.Second
	checkShare        = 30
	// failingShare is the same where reading fails, so that a fault of our own, which
	// is found over whole files again and again, does not read the disk all the time.
	failingShare = 10
)

// soundness is what is known of the files of an index. The zero value knows nothing.
type soundness struct {
	mu      sync.Mutex // held while they are checked
	began   time.Time  // when the last check began that found them whole
	took    time.Duration
	suspect chan struct{} // has one where they are to be checked at once
	found   chan struct{} // has one where a rebuild is needed

	// Guarded by Index.mu.
	damaged bool  // a segment is, and the index is not built anew yet
	replace error // why another is to be built while this one goes on answering
}

// guarded is deferred by what reads the index, as in
//
//	defer x.guarded(ctx, "search", &err)()
//
// A panic in there is an error. Where reading failed because a file is damaged the
// index is set aside, and the error says so.
func (x *Index) guarded(ctx context.Context, operation string, err *error) func() {
	before, began := debug.SetPanicOnFault(true), time.Now()
	x.warmer.busy.Add(1)
	return func() {
		x.warmer.busy.Add(-1)
		p := recover()
		debug.SetPanicOnFault(before)
		if p != nil {
			x.o.Logger.ErrorContext(ctx, "reading the index panicked", "operation", operation, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			*err = fmt.Errorf("indexer: %s: panic: %v", operation, p)
		}
		if *err == nil || catalog.ErrorKindOf(*err) != catalog.KindInternal || ctx.Err() != nil {
			return
		}
		if x.failedSince(began) {
			*err = errDamaged
		}
	}
}

// failedSince reports whether the index is damaged, where something has failed that began
// then. Files that were found whole since are not looked at again.
func (x *Index) failedSince(began time.Time) bool {
	x.sound.mu.Lock()
	defer x.sound.mu.Unlock()
	switch last := x.sound.began; {
	case x.isDamaged():
		return true
	case last.After(began):
		return false
	case time.Since(last) < failingShare*x.sound.took:
		x.suspect()
		return false
	}
	return x.check()
}

// suspect has the files checked as soon as may be.
func (x *Index) suspect() {
	select {
	case x.sound.suspect <- struct{}{}:
	default:
	}
}

// check checks the files of all that is read of the index, and reports whether a segment
// is damaged, which it then sets aside. Its caller holds sound.mu.
func (x *Index) check() bool {
	v := x.acquire()
	if v == nil {
		return x.isDamaged()
	}
	defer v.release()
	began := time.Now()
	readers := []index.IndexReader{v.reader}
	if now, err := v.generation.index.Reader(); err == nil {
		defer now.Close()
		readers = append(readers, now)
	}
	old := x.old.all()
	for _, v := range old {
		defer v.release()
		readers = append(readers, v.reader)
	}
	err := integrity.Snapshots(readers...)
	if err != nil && !errors.Is(err, integrity.ErrNothing) { // nobody has written anything yet
		x.setAside(v.generation, err)
		return true
	}
	if err := v.generation.root.Check(); err != nil {
		x.replace(v.generation, err)
	}
	x.sound.began, x.sound.took = began, time.Since(began)
	return false
}

func (x *Index) isDamaged() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sound.damaged
}

// toBeBuilt reports whether the index is to be built anew for its files' sake.
func (x *Index) toBeBuilt() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sound.damaged || x.sound.replace != nil
}

// setAside stops using a damaged generation, unless another is in use by now, and has
// whoever follows the index build it anew.
func (x *Index) setAside(g *generation, cause error) {
	// Nobody is to read it from here on, whatever is being written meanwhile.
	x.mu.Lock()
	if v := x.view.Load(); v == nil || v.generation != g {
		x.mu.Unlock()
		return
	}
	x.sound.damaged, x.lastError = true, cause
	x.mu.Unlock()
	x.o.Logger.Error("the search index is damaged; it is set aside and built anew", "error", cause)
	x.hide(g)
	x.old.drop()
	g.giveUp(cause)
	x.wake()
}

// hide lets nobody begin to read the generation.
func (x *Index) hide(g *generation) {
	if v := x.view.Load(); v != nil && v.generation == g && x.view.CompareAndSwap(v, nil) {
		v.release()
	}
}

// replace has another index built while the generation, which answers but cannot be
// written or opened again, goes on being read.
func (x *Index) replace(g *generation, cause error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if v := x.view.Load(); v == nil || v.generation != g || x.sound.replace != nil {
		return
	}
	x.sound.replace = cause
	x.o.Logger.Error("the search index cannot be kept as it is; another is built beside it", "error", cause)
	x.wake()
}

// wake has the follower look whether the index is to be built anew.
func (x *Index) wake() {
	select {
	case x.sound.found <- struct{}{}:
	default:
	}
}

// mended says that the index has been built anew. Its caller holds writing.
func (x *Index) mended() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sound.damaged || x.sound.replace != nil {
		x.sound.damaged, x.sound.replace, x.lastError = false, nil, nil
		x.o.Logger.Info("the search index has been built anew")
	}
}

// told is called by bleve when it cannot write a generation, or one of its goroutines
// has ended. It must not wait.
func (x *Index) told(g *generation, err error) {
	if errors.Is(err, scorch.ErrAsyncPanic) {
		g.giveUp(err)
		x.replace(g, err)
	}
	x.suspect()
}

// watch checks the files until ctx ends: when something says that they may be damaged,
// and now and then.
func (x *Index) watch(ctx context.Context) {
	for ctx.Err() == nil {
		x.sound.mu.Lock()
		due := x.sound.began.Add(max(x.o.CheckEvery, checkShare*x.sound.took))
		soonest := x.sound.began.Add(failingShare * x.sound.took)
		x.sound.mu.Unlock()
		timer := time.NewTimer(max(time.Until(due), x.o.CheckEvery/10))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-x.sound.suspect:
			select {
			case <-ctx.Done():
			case <-time.After(time.Until(soonest)):
			}
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
		if err := follow.Recovered(ctx, func(context.Context) error {
			x.sound.mu.Lock()
			defer x.sound.mu.Unlock()
			x.check()
			return nil
		}); err != nil {
			x.o.Logger.Error("the files of the search index could not be checked", "error", err)
		}
	}
}

// waitWhole waits for changes, and returns as well when the index is to be built anew.
func (x *Index) waitWhole(ctx context.Context, changes Waiter) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	watched, woken := make(chan struct{}), false
	go func() {
		defer close(watched)
		select {
		case <-x.sound.found:
			woken = true
			cancel()
		case <-waiting.Done():
		}
	}()
	err := changes.Wait(waiting)
	cancel()
	<-watched
	if woken && ctx.Err() == nil {
		return nil
	}
	return err
}

// setAsideFolder renames a damaged generation that cannot be opened, for whoever wants
// to look at it; the next one takes its place.
func setAsideFolder(dir, name string) {
	to := filepath.Join(dir, damagedFolder)
	_ = os.RemoveAll(to)
	_ = os.Rename(filepath.Join(dir, name), to)
}

// damagedFolder is what the last damaged generation that was found at opening is
// renamed to.
const damagedFolder = "damaged"
