package indexer

import (
	"context"
	"fmt"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/peers"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// Peers finds the cases of other committees that are nearest to a problem told in
// one's own words, or to a case; see peers.Look. first is 1..50.
func (x *Index) Peers(ctx context.Context, q catalog.PeerQuery) (hits []catalog.PeerHit, err error) {
	defer x.guarded(ctx, "look for peers", &err)()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: look for peers: %w", err)
	}
	v, err := x.held(ctx)
	if v == nil {
		return nil, err
	}
	defer v.release()
	q.First = min(max(q.First, 1), 50)
	name := fmt.Sprint("peers of ", x.layWords.Load())
	if x.o.Meaning != nil {
		name += fmt.Sprint(" and ", x.o.Meaning.Version())
	}
	return once(ctx, &v.worked, name, q, func() ([]catalog.PeerHit, error) { return x.peersIn(ctx, v.core, q) })
}

// peersIn is Peers over a view.
func (x *Index) peersIn(ctx context.Context, v *view, q catalog.PeerQuery) ([]catalog.PeerHit, error) {
	// Cutting a page of text cannot be broken off. With as many at work as there are
	// processors, the others wait where they can leave when their time is up.
	select {
	case x.looking <- struct{}{}:
		defer func() { <-x.looking }()
	case <-ctx.Done():
		return nil, fmt.Errorf("indexer: look for peers: %w", ctx.Err())
	}
	var near peers.Near
	if !q.Private {
		at, err := x.placeOf(ctx, q.Problem, q.Case, peersNear)
		if err != nil {
			return nil, err
		}
		if at != nil {
			near = &nearPeers{v, at, q}
		}
	}
	hits, err := peers.Look(ctx, x.words, v, near, q)
	if err == nil {
		err = ctx.Err() // what was left out for lack of time makes no answer
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: look for peers of case %d, problem %.40q: %w", q.Case, q.Problem, err)
	}
	return hits, nil
}

// BestPeers returns up to n of the cases that the query lets be shown, those with most
// of the terms first; none where no case has any.
func (v *view) BestPeers(ctx context.Context, q catalog.PeerQuery, terms []query.Term, n int) ([]peers.Ranked, error) {
	ws, err := v.weigh(ctx, terms)
	if err != nil || len(ws) == 0 {
		return nil, err
	}
	scores, borrowed := newScores(v.size), docset.NewWorkspace(v.size)
	defer scores.free()
	defer borrowed.Free()
	set := v.peerCandidates(ctx, &q, borrowed)
	t := top{n: n}
	first, err := v.scoreFirst(ctx, ws, scores, set, set.Count(), t.n)
	if err != nil {
		return nil, err
	}
	for _, d := range first {
		if s := scores.score[d]; s > 0 {
			t.offer(ranked{float64(s), v.ID(d), d})
		}
	}
	best := t.sorted()
	out := make([]peers.Ranked, len(best))
	for i, r := range best {
		out[i] = peers.Ranked{Doc: r.doc, Score: r.value}
	}
	return out, nil
}

// Holding returns which documents may have a word of Chinese characters in their texts:
// those that have all its grams. It returns nil for other words, which may be a part of
// what the index has as one.
func (v *view) Holding(ctx context.Context, word string) (func(doc uint32) bool, error) {
	if !text.AllHan([]rune(word)) {
		return nil, nil //nolint:nilnil // nil says that it cannot tell
	}
	lists, err := v.listsOf(ctx, listName{listContains, document.FieldGrams, word})
	if err != nil {
		return nil, err
	}
	return func(doc uint32) bool {
		at := v.segmentIndex(doc)
		p, in := lists.lists[at], doc-v.segments[at].base
		if p.Bitmap != nil {
			return p.Bitmap.Has(in)
		}
		_, ok := slices.BinarySearch(p.List, in)
		return ok
	}, nil
}

// peerCandidates returns the cases that a query lets be shown at all.
func (v *view) peerCandidates(ctx context.Context, q *catalog.PeerQuery, w *docset.Workspace) docset.Bitmap {
	set := w.BorrowCopy(v.alive)
	set.And(v.passing(facetKinds, is(string(catalog.KindCase)), w))
	if d, ok := v.Find(ctx, q.Case); ok {
		set.Remove(d)
	}
	if q.Committee != "" {
		for _, s := range v.segments {
			s.committees.remove(q.Committee, s.of(set))
		}
	}
	switch {
	case q.Scope == catalog.ScopeSameLevel && q.Level != "":
		set.And(v.passing(facetLevels, is(string(q.Level)), w))
	case q.Scope == catalog.ScopeSamePrefecture && q.Region != "":
		set.And(v.passing(facetRegions, is(catalog.PrefectureOf(q.Region)), w))
	case q.Scope == catalog.ScopeOtherPrefectures && q.Region != "":
		// A case without a region may be from anywhere.
		set.And(v.passing(facetRegions, func(string) bool { return true }, w))
		set.Without(v.passing(facetRegions, is(catalog.PrefectureOf(q.Region)), w))
	}
	return set
}

func is(key string) func(string) bool { return func(k string) bool { return k == key } }

// remove takes the documents that have a key out of a set of the segment's.
func (f *facetColumn) remove(key string, from docset.Bitmap) {
	for k, have := range f.keys {
		if have == key {
			f.lists[k].Each(func(d uint32) { from.Remove(d) })
		}
	}
}
