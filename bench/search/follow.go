package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

// feed returns the first records as a snapshot, and the others as changes.
type feed struct {
	source     // all of them, in the order of their ids, which begin at 1
	first  int // of the snapshot
	known  int // so many have come so far: a rebuild follows what came meanwhile
}

func (f feed) Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	return f.source[:f.first].Snapshot(ctx, after, func(catalog.Cursor) { begin(f.cursor(f.first)) }, yield)
}

func (f feed) cursor(n int) catalog.Cursor { return catalog.Cursor{XID: uint64(n), Seq: int64(n)} }

func (f feed) Changes(_ context.Context, after catalog.Cursor, limit int) ([]catalog.Change, bool, error) {
	var out []catalog.Change
	for n := int(after.Seq); n < f.known && len(out) < limit; n++ {
		d := f.source[n]
		out = append(out, catalog.Change{Cursor: f.cursor(n + 1), Kind: d.Kind, RecordID: d.ID, Version: d.Version})
	}
	return out, false, nil
}

func (f feed) Documents(_ context.Context, ids []catalog.ID) ([]*catalog.Document, error) {
	out := make([]*catalog.Document, len(ids))
	for i, id := range ids {
		out[i] = f.source[id-1]
	}
	return out, nil
}

// measureFollowing has most of the records come by the feed, as after an import, and
// prints how long the index takes to have them. What the database takes is not in it.
func (o options) measureFollowing(ctx context.Context, x *indexer.Index) error {
	docs, err := readCases(o.cases, o.n)
	if err != nil {
		return err
	}
	f := feed{source: docs, first: max(o.n/20, 1)}
	f.known = f.first
	if err := x.Rebuild(ctx, f); err != nil {
		return err
	}
	f.known = len(docs)
	start, busy := time.Now(), processorTime()
	if err := x.CatchUp(ctx, f); err != nil {
		return err
	}
	took, n := time.Since(start), float64(len(docs)-f.first)
	fmt.Printf("%.0f records followed in %.1f s (%.0f a second; %.2f ms of processor time each), %d processors\n",
		n, took.Seconds(), n/took.Seconds(), float64((processorTime()-busy).Microseconds())/1000/n, runtime.GOMAXPROCS(0))
	return nil
}
