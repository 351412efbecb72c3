package indexer

import (
	"context"
	"math"
	"math/bits"
	"sync"

	"github.com/jisiguangyi/jisi/indexer/docset"
)

// listName names what a list is of.
type listName struct {
	kind  listKind
	field string
	text  string
}

// listKind is which documents a list has.
type listKind uint8

const (
	listPlain    listKind = iota // those that have a term in a field
	listCounted                  // the same, with how often
	listContains                 // those that have all grams of a text in a field
	listExact                    // those that have the text itself
)

// termLists are the lists of one name in the segments of a view. Nothing in them
// is to be changed: other searches have them too.
type termLists struct {
	lists []*docset.Postings
	df    int     // live documents that are on them
	share float32 // the most that any of these gets of what a document full of the term would; 0 where it is not counted
}

// addTo adds the documents, deleted ones among them, to a set of the view.
func (t *termLists) addTo(v *view, set docset.Bitmap) {
	for i, s := range v.segments {
		t.lists[i].AddTo(s.of(set))
	}
}

// bytes is what the lists take in memory.
func (t *termLists) bytes() (n int64) {
	for _, p := range t.lists {
		n += p.Bytes()
	}
	return n
}

// termCache keeps the lists that searches of a view have asked for, put together: a
// question asks for some sixty names, each in up to twenty segments. It ends with
// the view. Safe for concurrent use.
type termCache struct {
	mu    sync.RWMutex
	lists map[listName]*termLists
	bytes int64
}

// termCacheShare: one part in so many of the room for lists may be held by what a
// view has put together, whatever the cache drops. When it is full, all goes: to
// put it together anew takes little.
const termCacheShare = 4

// listsOf returns the lists of a name in the view's segments.
func (v *view) listsOf(ctx context.Context, name listName) (*termLists, error) {
	v.terms.mu.RLock()
	t, ok := v.terms.lists[name]
	v.terms.mu.RUnlock()
	if ok {
		return t, nil
	}
	t = &termLists{lists: make([]*docset.Postings, len(v.segments))}
	for i, s := range v.segments {
		p, err := v.listOf(ctx, s, name)
		if err != nil {
			return nil, err
		}
		t.lists[i] = p
		t.df += s.alive(p)
		// With a longer average, a document of the same length adds more: at most
		// as much more as the average is longer.
		if name.kind == listCounted && p.Len > 0 {
			t.share = max(t.share, min(p.MaxImpact*max(v.average(name.field)/p.MeanLength, 1), 1))
		}
	}
	v.remember(name, t)
	return t, nil
}

func (v *view) remember(name listName, t *termLists) {
	v.terms.mu.Lock()
	defer v.terms.mu.Unlock()
	if v.terms.lists == nil || v.terms.bytes > v.cache.Limit()/termCacheShare {
		v.terms.lists, v.terms.bytes = map[listName]*termLists{}, 0
	}
	v.terms.lists[name] = t
	v.terms.bytes += t.bytes()
}

// listOf returns the list of a name in a segment.
func (v *view) listOf(ctx context.Context, s *segmentView, name listName) (*docset.Postings, error) {
	k := listKey{s.id, name}
	if p, ok := v.cache.Get(k); ok {
		return p, nil
	}
	if err := ctx.Err(); err != nil { // long lists take milliseconds each
		return nil, err
	}
	p, err := v.readList(ctx, s, name)
	if err != nil {
		return nil, err
	}
	v.cache.Put(k, p)
	return p, nil
}

func (v *view) readList(ctx context.Context, s *segmentView, name listName) (*docset.Postings, error) {
	switch name.kind {
	case listCounted:
		p, err := s.lists.Counted(name.field, name.text)
		if err == nil && p.Len > 0 { // the empty one is everybody's
			v.setBest(s, name.field, p)
		}
		return p, err
	case listContains:
		return v.contains(ctx, s, name.field, []rune(name.text))
	case listExact:
		p, err := v.contains(ctx, s, name.field, []rune(name.text))
		if err != nil {
			return nil, err
		}
		return v.verify(ctx, s, p, []rune(name.text))
	}
	return s.lists.Plain(name.field, name.text)
}

// postings returns a term's list in a segment; whether it has counts is left open.
func (v *view) postings(ctx context.Context, s *segmentView, field, term string) (*docset.Postings, error) {
	if p, ok := v.cache.Get(listKey{s.id, listName{listCounted, field, term}}); ok {
		return p, nil
	}
	return v.listOf(ctx, s, listName{listPlain, field, term})
}

// setBest notes the most that a list's term adds to a score, but for its weight. Of the
// documents with the same count that is what the shortest gets, so that lengths are
// compared first, and one division a count does.
func (v *view) setBest(s *segmentView, field string, p *docset.Postings) {
	norm := v.norm(field)[s.base:]
	p.MeanLength = v.average(field)
	const none = math.MaxFloat32
	var least [math.MaxUint8 + 1]float32 // by count
	for n := range least {
		least[n] = none
	}
	counts, step, i := p.Counts, p.Step, 0
	for _, d := range p.List {
		n := docset.CountAt(counts, step, i)
		least[n] = min(least[n], norm[d])
		i++
	}
	for at, word := range p.Bitmap {
		for ; word != 0; word &= word - 1 {
			n := docset.CountAt(counts, step, i)
			least[n] = min(least[n], norm[at*64+bits.TrailingZeros64(word)])
			i++
		}
	}
	for n, of := range least {
		if of < none {
			p.MaxImpact = max(p.MaxImpact, float32(n)/(float32(n)+of))
		}
	}
}

// listKey names a list.
type listKey struct {
	id uint64 // of the segment
	listName
}

func (k listKey) Segment() uint64 { return k.id }

// documentKey names a document of the index.
type documentKey struct {
	id     uint64 // of the segment
	number uint32 // in the segment
}

func (k documentKey) Segment() uint64 { return k.id }
