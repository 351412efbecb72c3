package indexer

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/integrity"
	"github.com/jisiguangyi/jisi/indexer/segment"
)

// A rebuild writes a batch, which becomes one segment, once its texts have rebuildBatch
// bytes or it has recordsAtOnce documents: a segment is made in memory, in some ten
// times as much, one on each processor.
const (
	rebuildBatch  = 8 << 20
	recordsAtOnce = 8192
)

// Rebuild builds the index anew from a snapshot of the source, beside the one
// in use, which goes on being searched and followed, and swaps it in when it
// has everything. On an error the one in use stays. Calls queue up behind each
// other.
func (x *Index) Rebuild(ctx context.Context, src Source) error {
	if err := x.await(ctx); err != nil {
		return err
	}
	return x.rebuildNow(ctx, src)
}

func (x *Index) rebuildNow(ctx context.Context, src Source) error {
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	if x.closed.Load() {
		return errClosed
	}
	x.building.Store(true)
	defer x.building.Store(false)
	// The request is taken before the snapshot: one that comes later is for
	// what has changed later, and is another rebuild.
	if err := x.takeRequest(); err != nil {
		return err
	}
	if err := x.rebuild(ctx, src); err != nil {
		_ = putBackRequest(x.dir) // what failed is told
		return err
	}
	return x.requestDone()
}

func (x *Index) rebuild(ctx context.Context, src Source) error {
	again := true
	for {
		b, err := x.begin(ctx, src)
		if err != nil {
			return err
		}
		err = x.fill(ctx, src, b)
		if err == nil {
			return forgetUnfinished(x.dir)
		}
		lost := errors.Is(err, errLost)
		x.leave(b, !lost)
		if !lost || !again {
			return err
		}
		again = false
		x.o.Logger.Warn("the index is built from the beginning once more", "reason", err)
	}
}

// errLost is why a generation cannot be finished.
var errLost = errors.New("indexer: the feed of changes does not go back to what was built, or the database lacks changes that are in it")

// fill writes what a snapshot has that is not in the generation yet, and what has changed
// since, and swaps it in.
func (x *Index) fill(ctx context.Context, src Source, g *begun) error {
	resumed := g.written > 0
	if err := x.writeSnapshot(ctx, src, g); err != nil {
		return err
	}
	g.version = nextVersion(x.State().DataVersion)
	// What changed during the snapshot is applied while the old index is still
	// followed; the last of it with the follower standing still.
	for {
		n, err := x.apply(ctx, src, g)
		if err != nil {
			return err
		}
		if n < changesAtOnce {
			break
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	if _, err := x.apply(ctx, src, g); err != nil {
		return err
	}
	if resumed {
		if lost, err := g.lost(ctx, src); err != nil || lost {
			return cmp.Or(err, errLost)
		}
	}
	g.complete = true
	g.version = nextVersion(max(g.version, x.State().DataVersion))
	b := index.NewBatch()
	if err := g.set(b); err != nil {
		return err
	}
	if err := g.batchPersisted(b); err != nil {
		return err
	}
	v, err := g.view(nil)
	if err != nil {
		return err
	}
	// A disk that damages what is written to it does so to this one as well.
	if err := integrity.Snapshots(v.reader); err != nil && !errors.Is(err, integrity.ErrNothing) {
		g.unwritable.Store(true)
		v.release()
		return err
	}
	if err := writeName(x.dir, currentFile, g.name); err != nil {
		g.unwritable.Store(true)
		v.release()
		return err
	}
	x.show(v)
	if old := x.gen; old != nil {
		old.retired.Store(true)
		old.release()
	}
	x.gen = g.generation
	x.mended()
	return nil
}

// progressEvery is how often a long build says how far it is.
const progressEvery = 10 * time.Second

// workers is how many goroutines cut texts at once.
func (x *Index) workers() int {
	if x.o.Workers > 0 {
		return x.o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// writeSnapshot cuts and writes the documents of a snapshot that are not in the generation
// yet, several at once.
func (x *Index) writeSnapshot(ctx context.Context, src Source, g *begun) error {
	workers := x.workers()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	docs := make(chan *catalog.Document, 2*workers)
	w := &snapshotWriter{x: x, g: g.generation, left: unwritten{upTo: g.written}, marks: g.marks}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			if err := w.write(docs); err != nil {
				cancel(err)
				for range docs { // let the sender go on to its end
				}
			}
		})
	}
	sent, told := 0, time.Now()
	if g.written > 0 {
		sent = int(g.documents()) //nolint:gosec // fewer than that
	}
	err := src.Snapshot(ctx, g.written, func(c catalog.Cursor) {
		w.marks.read = c
		if g.written == 0 {
			w.marks.cursor = c
		}
	}, func(d *catalog.Document) error {
		w.left.hand(d.ID)
		select {
		case docs <- d:
			if sent++; x.o.Building != nil {
				x.o.Building(sent)
			}
			if time.Since(told) > progressEvery {
				told = time.Now()
				x.o.Logger.Info("building the index", "records", sent)
			}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(docs)
	wg.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	g.marks = w.marks
	g.written = w.left.with(nil)
	return wrap("write a snapshot", err)
}

// snapshotWriter writes the documents of a snapshot. Its method is safe for concurrent use.
type snapshotWriter struct {
	x     *Index
	g     *generation
	left  unwritten
	marks marks // set before the first document is sent
}

// write writes documents until the channel is closed.
func (w *snapshotWriter) write(docs <-chan *catalog.Document) error {
	b, ids := segment.NewBuilder(fields), []catalog.ID(nil)
	flush := func() error {
		if len(ids) == 0 {
			return nil
		}
		batch, m := index.NewBatch(), w.marks
		m.written = w.left.with(ids)
		if err := m.set(batch); err != nil {
			return err
		}
		b.AddTo(batch)
		if err := w.g.batch(batch); err != nil {
			return err
		}
		w.left.wrote(ids)
		b.Reset()
		ids = ids[:0]
		return nil
	}
	var r record
	for d := range docs {
		ids = append(ids, d.ID)
		if err := w.x.cut(&r, d); err != nil {
			w.x.o.Logger.Error("a record could not be indexed", "id", int64(d.ID), "error", err)
			continue
		}
		r.addTo(b)
		if b.Bytes() >= w.x.batchBytes || b.Len() == recordsAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
