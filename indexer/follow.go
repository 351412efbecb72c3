package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/segment"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// Source is what the index is derived from; store implements it.
type Source interface {
	// Snapshot calls yield with every document past the id that is to be found, in
	// the order of ids, all as they were at one moment. Before the first it calls
	// begin with the cursor after which the changes that are not in them follow. It
	// stops at yield's first error and returns it.
	Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error
	// Changes returns up to limit changes after the cursor, in the order in which
	// they were committed. truncated says that the feed no longer goes back to
	// the cursor, so that the index has to be built anew.
	Changes(ctx context.Context, after catalog.Cursor, limit int) (changes []catalog.Change, truncated bool, err error)
	// Documents returns the documents of those ids as they are now. The ids that
	// are missing in the answer are to be found no longer.
	Documents(ctx context.Context, ids []catalog.ID) ([]*catalog.Document, error)
	// Backlog returns how many changes follow the cursor, and how old the first is.
	Backlog(ctx context.Context, after catalog.Cursor) (changes int, age time.Duration, err error)
	// Failed records that a change could not be applied, and why. The index goes
	// on without it.
	Failed(ctx context.Context, c catalog.Change, cause error) error
}

// Waiter waits for changes of a source.
type Waiter interface {
	// Wait returns when a change may have come, or after a poll interval; an
	// error only when ctx has ended.
	Wait(ctx context.Context) error
}

// changesAtOnce is how many changes are read and applied together.
const changesAtOnce = 500

// Follow keeps the index up to date until ctx ends, and returns nil then. It
// builds the index first where it has to be built, and again when a rebuild is
// asked for or the feed has been cut. An error of the source or the disk is
// kept for State and tried again, after a second at first, after a minute at
// last; nothing is passed over. One goroutine follows an index.
func (x *Index) Follow(ctx context.Context, src Source, changes Waiter) error {
	ctx, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		x.watch(ctx)
	}()
	defer func() { cancel(); <-watched }()
	return follow.Loop(ctx, func(ctx context.Context) error { return x.step(ctx, src, changes) }, func(err error, again time.Duration) error {
		if errors.Is(err, errClosed) {
			return err
		}
		x.note(err)
		x.o.Logger.Error("the search index could not follow", "error", err, "again_in", again)
		return nil
	})
}

// step brings the index up to date and, where that went well, waits until
// something may have changed.
func (x *Index) step(ctx context.Context, src Source, changes Waiter) error {
	began, sound := time.Now(), !x.toBeBuilt()
	err := x.CatchUp(ctx, src)
	if err == nil {
		err = x.refresh()
	}
	if err != nil {
		if sound && (x.failedSince(began) || x.toBeBuilt()) {
			return nil // the next step builds it
		}
		return err
	}
	x.note(nil)
	return wrap("wait for changes", x.waitWhole(ctx, changes))
}

// without is why there is no generation to write to.
func (x *Index) without() error {
	if x.isDamaged() {
		return errDamaged // it was found while changes were read; the next step builds it
	}
	return errClosed
}

func (x *Index) note(err error) {
	x.mu.Lock()
	x.lastError = err
	x.mu.Unlock()
}

// CatchUp brings the index up to date with the source as it is now, and
// returns: it applies what is left of the feed, or builds the index where it
// has to be built or a rebuild was asked for.
func (x *Index) CatchUp(ctx context.Context, src Source) error {
	if err := x.await(ctx); err != nil {
		return err
	}
	return x.catchUp(ctx, src)
}

func (x *Index) catchUp(ctx context.Context, src Source) error {
	if !x.State().Ready || x.toBeBuilt() || RebuildRequested(x.dir) {
		return x.rebuildNow(ctx, src)
	}
	if err := x.dropUnfinished(); err != nil {
		return err
	}
	applied, told := 0, time.Now()
	var next *ahead // what is read while the changes before are written
	defer func() { next.drop() }()
	for {
		now := next
		next = nil
		c, err := x.nextChanges(ctx, src, now)
		if err != nil {
			return err
		}
		if len(c.changes) == changesAtOnce {
			if applied == 0 {
				if sooner, err := x.soonerBuilt(ctx, src); err != nil {
					return err
				} else if sooner {
					return x.rebuildNow(ctx, src)
				}
			}
			next = x.readAhead(ctx, src, c.to())
		}
		n, truncated, err := x.applyNext(ctx, src, c)
		if err != nil {
			return err
		}
		if truncated {
			x.o.Logger.Warn("the feed of changes does not go back to the index; it is built anew")
			return x.rebuildNow(ctx, src)
		}
		if n < changesAtOnce {
			return nil
		}
		if applied += n; time.Since(told) > progressEvery {
			told = time.Now()
			x.o.Logger.Info("following the feed of changes", "changes", applied)
		}
	}
}

// leastForBuild is how many changes have to be pending before an index is built anew for
// their sake, and shareForBuild how many times its documents. A document that comes by the
// feed takes about twice the processor of one that is built: its segments are smaller, so
// that they are merged once more, and each state is shown.
const (
	leastForBuild = 5000
	shareForBuild = 1
)

// soonerBuilt reports whether so many changes are pending, as after an import while no
// server ran, that building the index anew beside is less work than following them.
func (x *Index) soonerBuilt(ctx context.Context, src Source) (bool, error) {
	s := x.State()
	pending, _, err := src.Backlog(ctx, s.Cursor)
	if err != nil || pending < max(leastForBuild, shareForBuild*s.Documents) {
		return false, wrap("count the changes that are pending", err)
	}
	x.o.Logger.Info("so many changes are pending that the index is built anew beside", "changes", pending, "documents", s.Documents)
	return true, nil
}

// ahead is the next changes being read. The methods of nil do nothing.
type ahead struct {
	cancel context.CancelFunc
	done   chan struct{}
	got    *cutChanges
	err    error
}

// readAhead begins to read and cut the changes after a cursor.
func (x *Index) readAhead(ctx context.Context, src Source, after catalog.Cursor) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(a.done)
		a.err = follow.Recovered(ctx, func(ctx context.Context) (err error) {
			a.got, err = x.readChanges(ctx, src, after)
			return err
		})
	}()
	return a
}

// drop ends the reading and waits until it has ended.
func (a *ahead) drop() {
	if a != nil {
		a.cancel()
		<-a.done
	}
}

// nextChanges returns what was read ahead, or reads what follows the index as it is.
func (x *Index) nextChanges(ctx context.Context, src Source, a *ahead) (*cutChanges, error) {
	if a != nil {
		<-a.done
		a.cancel()
		return a.got, a.err
	}
	v := x.acquire()
	if v == nil {
		return nil, x.without()
	}
	after := v.cursor
	v.release()
	return x.readChanges(ctx, src, after)
}

// applyNext applies changes to the generation in use and shows the result. It returns
// how many there were. Where another generation is in use by now, it reads them again.
func (x *Index) applyNext(ctx context.Context, src Source, c *cutChanges) (n int, truncated bool, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.gen == nil {
		return 0, false, x.without()
	}
	m := marks{print: x.fingerprint(), complete: true}
	before := x.view.Load() // only changed by whoever holds writing, or to nil
	if before == nil || x.isDamaged() {
		return 0, false, x.without()
	}
	m.cursor, m.version = before.cursor, before.version
	if c.after != m.cursor {
		if c, err = x.readChanges(ctx, src, m.cursor); err != nil {
			return 0, false, err
		}
	}
	n, truncated, err = x.writeChanges(ctx, src, x.gen, &m, c)
	if n == 0 || err != nil {
		return n, truncated, err
	}
	v, err := x.gen.view(before)
	if err != nil {
		return n, false, err
	}
	x.showNext(v)
	x.mu.Lock()
	x.applied = time.Now()
	x.mu.Unlock()
	return n, false, nil
}

// apply reads the changes after the cursor of a generation that is being built, and writes
// them into it. It returns how many there were.
func (x *Index) apply(ctx context.Context, src Source, g *begun) (int, error) {
	c, err := x.readChanges(ctx, src, g.cursor)
	if err != nil {
		return 0, err
	}
	n, truncated, err := x.writeChanges(ctx, src, g.generation, &g.marks, c)
	if truncated {
		err = errLost
	}
	return n, err
}

// cutChanges are changes of the feed with the documents that they lead to, cut into
// terms.
type cutChanges struct {
	after     catalog.Cursor // they follow this one
	changes   []catalog.Change
	truncated bool
	ids       []catalog.ID // of the records, each once
	docs      []*catalog.Document
	cut       []cutDocument // of docs
}

// to returns the cursor of the last one.
func (c *cutChanges) to() catalog.Cursor { return c.changes[len(c.changes)-1].Cursor }

// readChanges reads the changes after a cursor and cuts their documents.
func (x *Index) readChanges(ctx context.Context, src Source, after catalog.Cursor) (*cutChanges, error) {
	c := &cutChanges{after: after}
	var err error
	c.changes, c.truncated, err = src.Changes(ctx, after, changesAtOnce)
	if err != nil || c.truncated || len(c.changes) == 0 {
		return c, wrap("read the feed of changes", err)
	}
	seen := map[catalog.ID]bool{}
	for _, change := range c.changes {
		if !seen[change.RecordID] {
			seen[change.RecordID] = true
			c.ids = append(c.ids, change.RecordID)
		}
	}
	if c.docs, err = src.Documents(ctx, c.ids); err != nil {
		return nil, wrap("read the documents that changed", err)
	}
	c.cut = x.cutAll(c.docs)
	return c, nil
}

// writeChanges writes changes into the generation and moves m on.
func (x *Index) writeChanges(ctx context.Context, src Source, g *generation, m *marks, c *cutChanges) (n int, truncated bool, err error) {
	if c.truncated || len(c.changes) == 0 {
		return 0, c.truncated, nil
	}
	b, built := index.NewBatch(), segment.NewBuilder(fields)
	for _, id := range c.ids {
		b.Delete(strconv.FormatInt(int64(id), 10))
	}
	for i, d := range c.docs {
		r := &c.cut[i]
		if r.err != nil {
			// The record stays as the index has it; the feed's row keeps the reason.
			delete(b.IndexOps, strconv.FormatInt(int64(d.ID), 10))
			if err := src.Failed(ctx, c.last(d.ID), r.err); err != nil {
				return 0, false, wrap("note a change that failed", err)
			}
			continue
		}
		r.record.addTo(built)
	}
	built.AddTo(b)
	m.cursor = c.to()
	m.version = nextVersion(m.version)
	if err := m.set(b); err != nil {
		return 0, false, err
	}
	if err := g.batch(b); err != nil {
		return 0, false, err
	}
	return len(c.changes), false, nil
}

// last returns the last change of a record.
func (c *cutChanges) last(id catalog.ID) catalog.Change {
	for _, change := range slices.Backward(c.changes) {
		if change.RecordID == id {
			return change
		}
	}
	return catalog.Change{}
}

// cutDocument is what became of a document: its record, or why there is none.
type cutDocument struct {
	record record
	err    error
}

// cutAll makes records of documents, in their order, on all processors: cutting
// is most of what a long feed costs.
func (x *Index) cutAll(docs []*catalog.Document) []cutDocument {
	cut := make([]cutDocument, len(docs))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(x.workers(), len(docs)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(docs); i = int(next.Add(1)) - 1 {
				cut[i].err = x.cut(&cut[i].record, docs[i])
			}
		})
	}
	wg.Wait()
	return cut
}

// cut makes a record of a document. A panic in there is the document's error,
// not the follower's end.
func (x *Index) cut(r *record, d *catalog.Document) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("indexer: cut the texts of record %d: %v", d.ID, p)
		}
	}()
	r.cut(x.words, d)
	return nil
}

func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("indexer: %s: %w", operation, err)
}

// nextVersion counts the data version up. It is a time in microseconds where
// that is more, so that an index that was deleted does not start over with
// versions that stood for something else.
func nextVersion(v uint64) uint64 { return max(v+1, uint64(time.Now().UnixMicro())) }

// refresh shows what bleve's merges have made of the index since: the same
// documents in fewer segments.
func (x *Index) refresh() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.gen == nil {
		return x.without()
	}
	before := x.view.Load()
	if before == nil || x.isDamaged() {
		return x.without()
	}
	if merged, err := x.gen.merged(before); !merged || err != nil {
		return err
	}
	v, err := x.gen.view(before)
	if err != nil {
		return err
	}
	present := map[uint64]bool{}
	for _, s := range v.segments {
		present[s.id] = true
	}
	x.showNext(v)
	x.gen.cache.Retain(present)
	x.gen.docs.Retain(present)
	x.gen.parts.Retain(present)
	return nil
}

// takeRequest takes the request for a rebuild, if there is one. It is kept until that is
// done: a process that is killed meanwhile leaves it to the next.
func (x *Index) takeRequest() error {
	err := os.Rename(filepath.Join(x.dir, rebuildFile), filepath.Join(x.dir, begunFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return wrap("take the request for a rebuild", err)
}

// requestDone forgets the request that was taken.
func (x *Index) requestDone() error {
	err := os.Remove(filepath.Join(x.dir, begunFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return wrap("forget the request for a rebuild", err)
}

// putBackRequest asks again for a rebuild that was begun and not done.
func putBackRequest(dir string) error {
	err := os.Rename(filepath.Join(dir, begunFile), filepath.Join(dir, rebuildFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return wrap("ask again for a rebuild", err)
}
