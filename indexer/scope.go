package indexer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
)

// A search that names no kinds finds cases, brands, proposals and practices, in the order
// in which it did when the index had nothing else: what else is held must count neither
// towards a word's rarity nor the average length, nor make a query be answered as if
// something had been found for it. So such a search, and whatever else is about those
// kinds only, is of a view's core: the same segments, in which the documents of other
// kinds count as deleted.

// scoped returns what a search among these kinds is of: the view, or its core where none
// of the others is among them.
func (v *view) scoped(kinds []catalog.RecordKind) *view {
	for _, k := range kinds {
		if !k.FoundUnasked() {
			return v
		}
	}
	return v.core
}

// state returns the view that v is, or is the core of: it has the holds on the files.
func (v *view) state() *view {
	if v.whole != nil {
		return v.whole
	}
	return v
}

// setCore makes the view's core, which is the view itself where nothing of another kind
// is live.
func (v *view) setCore() {
	v.core = v
	core := &view{shared: v.shared, whole: v}
	for _, s := range v.segments {
		core.segments = append(core.segments, s.withoutOthers())
		core.live += len(s.ids) - core.segments[len(core.segments)-1].gone
	}
	if core.live == v.live {
		return
	}
	core.setAlive()
	core.setNorms()
	core.core, v.core = core, core
}

// withoutOthers returns the segment with what only a search for its kind finds deleted.
func (s *segmentView) withoutOthers() *segmentView {
	others := docset.NewBitmap(len(s.ids))
	kinds := s.facet(facetKinds)
	for k, key := range kinds.keys {
		if !catalog.RecordKind(key).FoundUnasked() {
			kinds.lists[k].AddTo(others)
		}
	}
	if !others.Any() {
		return s
	}
	if s.deleted != nil {
		others.Or(s.deleted)
	}
	c := *s
	c.deleted, c.gone, c.except = others, others.Count(), others.Exclusion()
	return &c
}
