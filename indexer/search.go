package indexer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/highlight"
	"github.com/jisiguangyi/jisi/indexer/query"
)

// Search answers a search from one state of the index. Whatever was typed is
// answered: a string that finds nothing returns a page without hits, an empty one
// returns all records. The only errors are a cursor of no search
// (catalog.KindInvalid), an ended ctx, and a disk that cannot be read. An index
// that has not been built yet finds nothing.
func (x *Index) Search(ctx context.Context, q catalog.SearchQuery) (page *catalog.SearchPage, err error) {
	defer x.guarded(ctx, "search", &err)()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: search: %w", err)
	}
	var after *cursor
	if q.After != "" {
		c, err := parseCursor(q.After)
		if err != nil {
			return nil, err
		}
		after = &c
	}
	now, err := x.held(ctx)
	if now == nil {
		return &catalog.SearchPage{}, err
	}
	defer now.release()
	v := now
	if after != nil && after.version != now.version {
		if old := x.old.get(after.version); old != nil {
			defer old.release()
			v = old
		}
	}
	s := &search{x: x, now: now, view: v.scoped(q.Kinds), query: q, after: after}
	page, err = s.run(ctx)
	if err == nil {
		err = ctx.Err() // what was left out for lack of time makes no answer
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: search for %.40q: %w", q.Query, err)
	}
	return page, nil
}

// search is one search on its way.
type search struct {
	x     *Index
	now   *view // the index as it is
	view  *view // what is searched: of an older state where pages are turned
	query catalog.SearchQuery
	after *cursor

	parsed query.Parsed
	plan   *query.Plan
	found  *found
	mode   mode
	page   catalog.SearchPage
	hits   docset.Bitmap              // those that pass the filter
	total  int                        // how many those are
	place  *place                     // of the query in meaning; nil where that takes no part
	near   []uint32                   // those that only their meaning brought, nearest first
	first  []uint32                   // those of them that may be on the page, ascending; nil for all
	read   map[uint32]document.Stored // those that have been read
}

func (s *search) run(ctx context.Context) (*catalog.SearchPage, error) {
	s.query.First = min(max(s.query.First, 1), 100)
	s.prepare(s.query.Query)
	s.page.DataVersion = s.view.version
	if err := s.locate(ctx); err != nil {
		return nil, err
	}
	if s.plan.Empty() {
		return &s.page, nil
	}
	err := s.find(ctx)
	if s.found != nil {
		defer s.found.free()
	}
	if err != nil {
		return nil, err
	}
	s.page.Terms = s.plan.Words
	if s.query.WantAbsent && s.found.set.Any() {
		if s.page.Absent, err = s.absent(ctx); err != nil {
			return nil, err
		}
	}
	s.addNear(ctx)
	s.filter()
	if err := s.score(ctx); err != nil {
		return nil, err
	}
	ranks, err := s.rank(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.show(ctx, ranks); err != nil {
		return nil, err
	}
	return &s.page, nil
}

// prepare reads the query.
func (s *search) prepare(str string) {
	p := query.Parse(s.x.words.FoldQuery(str).Runes)
	p.Text = s.x.words.JoinPieces(p.Text)
	p.Blank = strings.TrimSpace(str) == ""
	s.take(p)
}

func (s *search) take(p query.Parsed) {
	s.parsed = p
	s.plan = query.NewPlan(s.x.words, p)
}

// find looks for what has enough of the query; where nothing has, for what has
// some of it; and where nothing has any, for what was probably meant. A page
// after the first goes the way that the first one went.
func (s *search) find(ctx context.Context) error {
	m := modeStrict
	if s.after != nil {
		m = s.after.mode
	}
	for ; m < modeCount; m++ {
		done, err := s.findBy(ctx, m)
		if done || err != nil || s.after != nil {
			return err
		}
	}
	return nil
}

// findBy looks in one of the ways; true where it need not be looked in another.
func (s *search) findBy(ctx context.Context, m mode) (bool, error) {
	if m != modeStrict && (s.query.WantCorrection || m == modeCorrected) {
		var err error
		if s.page.Correction, err = s.correction(ctx); err != nil {
			return false, err
		}
	}
	if m == modeCorrected {
		if s.page.Correction == "" {
			return true, nil
		}
		s.prepare(s.page.Correction)
	}
	relaxed := m == modeRelaxed
	if relaxed && s.plan.Question && len(s.parsed.Phrases) > 0 {
		// A question that quotes something has it in quotes for its readers, not
		// for the search: what nobody wrote just so is looked for as words.
		s.take(s.parsed.Loosened())
		relaxed = false
	}
	if s.found != nil {
		s.found.free()
	}
	s.mode = m
	var err error
	s.found, err = s.view.run(ctx, s.plan, relaxed)
	return err != nil || len(s.plan.Units) == 0 || s.enough(m), err
}

// enough reports whether what was found need not be looked for in another way. A source
// has most words of most questions somewhere in it: where a question among cases too finds
// nothing but such, what has some of it is looked for as if there were none.
func (s *search) enough(m mode) bool {
	core := s.view.core
	if m != modeStrict || !s.plan.Question || core == s.view || !slices.ContainsFunc(s.query.Kinds, catalog.RecordKind.FoundUnasked) {
		return s.found.set.Any()
	}
	return s.found.set.CountBoth(core.alive) > 0
}

// filter keeps the documents that pass the filter, and counts facets.
func (s *search) filter() {
	left := newFilter(s.query).apply(s.view, s.found.set, s.found.Workspace)
	s.hits, s.total = left.hits, left.hits.Count()
	if s.query.WantFacets {
		s.page.Facets = left.count(s.view)
	}
	if s.query.WantTotal {
		s.page.Total = s.total
	}
}

// score scores the hits: all of them where later pages are asked for, and as far
// as they can come on it for the first.
func (s *search) score(ctx context.Context) (err error) {
	switch {
	case s.found.terms != nil || s.query.Order == catalog.OrderNewest || s.query.Order == catalog.OrderOldest:
	case s.after != nil:
		s.found.terms, err = s.view.addTerms(ctx, s.plan.Terms, s.found.scores)
	default:
		if s.found.terms, err = s.view.weigh(ctx, s.plan.Terms); err == nil {
			s.first, err = s.view.scoreFirst(ctx, s.found.terms, s.found.scores, s.hits, s.total, max(rerankedForQuestion, s.query.First+1))
		}
	}
	return err
}

// eachHit calls visit with the hits that may be on the page.
func (s *search) eachHit(visit func(d uint32)) {
	if s.first == nil {
		s.hits.Each(visit)
		return
	}
	for _, d := range s.first {
		visit(d)
	}
}

// rank returns the hits of the page, and one more where there are more.
func (s *search) rank(ctx context.Context) ([]ranked, error) {
	switch s.query.Order {
	case catalog.OrderNewest:
		return s.rest(s.byDate(-1), nil), nil
	case catalog.OrderOldest:
		return s.rest(s.byDate(1), nil), nil
	}
	best, err := s.rerank(ctx)
	if err != nil {
		return nil, err
	}
	seen := make(map[uint32]bool, len(best))
	page := make([]ranked, 0, s.query.First+1)
	for _, r := range best {
		seen[r.doc] = true
		if s.follows(r) && len(page) <= s.query.First {
			page = append(page, r)
		}
	}
	if len(page) > s.query.First || len(best) == s.total {
		return page, nil
	}
	more := s.rest(func(d uint32) float64 { return float64(s.found.score[d]) }, seen)
	return append(page, more[:min(len(more), s.query.First+1-len(page))]...), nil
}

// rest returns the first hits by a value, but for those that are seen already.
func (s *search) rest(value func(d uint32) float64, seen map[uint32]bool) []ranked {
	t := top{n: s.query.First + 1}
	s.eachHit(func(d uint32) {
		r := ranked{value: value(d), id: s.view.ID(d), doc: d}
		if s.follows(r) && !seen[d] {
			t.offer(r)
		}
	})
	return t.sorted()
}

// byDate orders by date, newest first where sign is -1... and those without a
// date last in both orders.
func (s *search) byDate(sign int) func(d uint32) float64 {
	return func(d uint32) float64 {
		seg := s.view.segmentOf(d)
		date := seg.dates[d-seg.base]
		switch {
		case date == 0:
			return -1e9
		case sign < 0:
			return float64(date)
		}
		return -float64(date)
	}
}

// follows reports whether a hit stands after the cursor.
func (s *search) follows(r ranked) bool {
	return s.after == nil || ranked{value: s.after.value, id: s.after.id}.before(r)
}

// show makes the page's hits. A record that has been withdrawn since is left
// out of a page of an older state.
func (s *search) show(ctx context.Context, ranks []ranked) error {
	if len(ranks) > s.query.First {
		s.page.HasNext = true
		ranks = ranks[:s.query.First]
		s.view.state().paged.Store(true)
	}
	var h *highlight.Highlighter
	if s.query.WantHighlights {
		h = s.newHighlighter(ctx)
	}
	for _, r := range ranks {
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.view.state() != s.now {
			if _, ok := s.now.Find(ctx, r.id); !ok {
				continue
			}
		}
		c := cursor{value: r.value, id: r.id, version: s.view.version, mode: s.mode, near: s.place != nil}
		at := s.view.segmentIndex(r.doc)
		hit := catalog.Hit{ID: r.id, Kind: s.view.Kind(at, r.doc-s.view.segments[at].base), Cursor: c.String(), Score: r.value}
		if h != nil {
			doc, err := s.document(r.doc)
			if err != nil {
				return err
			}
			hit.Highlights = h.Document(doc)
		}
		s.page.Hits = append(s.page.Hits, hit)
	}
	return nil
}

// document reads a hit, once.
func (s *search) document(d uint32) (document.Stored, error) {
	if doc, ok := s.read[d]; ok {
		return doc, nil
	}
	doc, err := s.view.Document(d)
	if err != nil {
		return document.Stored{}, err
	}
	if s.read == nil {
		s.read = make(map[uint32]document.Stored, rerankedForQuestion)
	}
	s.read[d] = doc
	return doc, nil
}

// ID returns the record's id of document d.
func (v *view) ID(d uint32) catalog.ID {
	s := v.segmentOf(d)
	return s.ids[d-s.base]
}
