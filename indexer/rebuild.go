package indexer

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/integrity"
	"github.com/jisiguangyi/jisi/indexer/segment"
)

// A rebuild writes a batch, which becomes one segment, once its texts have batchBytes
// bytes or it has recordsAtOnce documents: a segment is made in memory, in some ten
// times as much, one on each processor.
const (
	batchBytes    = 8 << 20
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
	name, err := nextGeneration(x.dir)
	if err != nil {
		return err
	}
	path := filepath.Join(x.dir, name)
	g, err := x.openGeneration(path)
	if err != nil {
		return err
	}
	x.hold(g)
	if err := x.fill(ctx, src, g, name); err != nil {
		g.retired.Store(true)
		g.release()
		select {
		case <-g.closed:
		case <-g.broken:
		}
		return err
	}
	return nil
}

// fill writes a snapshot and what has changed since into the generation, and
// swaps it in.
func (x *Index) fill(ctx context.Context, src Source, g *generation, name string) error {
	cursor, err := x.writeSnapshot(ctx, src, g)
	if err != nil {
		return err
	}
	m := marks{print: x.fingerprint(), cursor: cursor, version: nextVersion(x.State().DataVersion)}
	// What changed during the snapshot is applied while the old index is still
	// followed; the last of it with the follower standing still.
	for {
		n, _, err := x.apply(ctx, src, g, &m)
		if err != nil {
			return err
		}
		if n < changesAtOnce {
			break
		}
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	if _, _, err := x.apply(ctx, src, g, &m); err != nil {
		return err
	}
	m.complete = true
	m.version = nextVersion(max(m.version, x.State().DataVersion))
	b := index.NewBatch()
	if err := m.set(b); err != nil {
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
		v.release()
		return err
	}
	if err := writeCurrent(x.dir, name); err != nil {
		v.release()
		return err
	}
	x.show(v)
	if old := x.gen; old != nil {
		old.retired.Store(true)
		old.release()
	}
	x.gen = g
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

// writeSnapshot cuts and writes the documents of a snapshot, several at once.
func (x *Index) writeSnapshot(ctx context.Context, src Source, g *generation) (catalog.Cursor, error) {
	workers := x.workers()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	docs := make(chan *catalog.Document, 2*workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			if err := x.writeDocuments(g, docs); err != nil {
				cancel(err)
				for range docs { // let the sender go on to its end
				}
			}
		})
	}
	sent, told := 0, time.Now()
	cursor, err := src.Snapshot(ctx, func(d *catalog.Document) error {
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
	return cursor, wrap("write a snapshot", err)
}

// writeDocuments writes documents until the channel is closed.
func (x *Index) writeDocuments(g *generation, docs <-chan *catalog.Document) error {
	b := segment.NewBuilder(fields)
	flush := func() error {
		if b.Len() == 0 {
			return nil
		}
		batch := index.NewBatch()
		b.AddTo(batch)
		err := g.batch(batch)
		b.Reset()
		return err
	}
	var r record
	for d := range docs {
		if err := x.cut(&r, d); err != nil {
			x.o.Logger.Error("a record could not be indexed", "id", int64(d.ID), "error", err)
			continue
		}
		r.addTo(b)
		if b.Bytes() >= batchBytes || b.Len() == recordsAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
