package indexer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// What looking for peers' cases goes by.
const (
	keyTermsAtMost  = 24  // words of the problem that are looked for
	peerCandidates  = 120 // of the best by their words
	keyTermsInTitle = 3   // how often a word of the title counts
)

// What a case that is like the problem gains, as a share of what the one with
// the most of its words has.
const (
	gainTopic     = 0.5
	gainSynonym   = 0.25
	gainLevel     = 0.08
	gainRegion    = 0.08
	gainBrand     = 0.05
	gainSteps     = 0.1 // with all eight documented
	gainAdoptions = 0.1 // with many
)

// syntheticShare is what a case counts that a generator made up: where a real
// one is about as near, it is the one to learn from.
const syntheticShare = 0.8

// Peers finds the cases of other committees that are nearest to a problem told
// in one's own words, or to a case: by the words that weigh most in it, by what
// those words are filed under, and then by level, region, documented steps and
// adoptions. Each comes with its reasons, strongest first, and all are true: a
// shared word stands in both. Cases that may be the same stand beside each
// other. first is 1..50. A problem that no case has anything of finds nothing;
// so does a case that the index does not have.
func (x *Index) Peers(ctx context.Context, q catalog.PeerQuery) ([]catalog.PeerHit, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: look for peers: %w", err)
	}
	v := x.acquire()
	if v == nil {
		return nil, x.nothing()
	}
	defer v.release()
	// Cutting a page of text cannot be broken off. With as many at work as there are
	// processors, the others wait where they can leave when their time is up.
	select {
	case x.looking <- struct{}{}:
		defer func() { <-x.looking }()
	case <-ctx.Done():
		return nil, fmt.Errorf("indexer: look for peers: %w", ctx.Err())
	}
	p := &peers{words: x.words, view: v, query: q}
	p.query.First = min(max(q.First, 1), 50)
	hits, err := p.run(ctx)
	if err == nil {
		err = ctx.Err() // what was left out for lack of time makes no answer
	}
	if err != nil {
		return nil, fmt.Errorf("indexer: look for peers of case %d, problem %.40q: %w", q.Case, q.Problem, err)
	}
	return hits, nil
}

// peers is one look for peers on its way.
type peers struct {
	words *Words
	view  *view
	query catalog.PeerQuery

	own     *catalog.Document // the case, where one was given
	problem []rune            // the problem's text, folded
	said    []text.Word       // the words of the table of synonyms that stand in it
	terms   []keyTerm
	filed   []string // words that the problem's words are filed under; see synonyms
}

// keyTerm is a word of the problem with what it weighs.
type keyTerm struct {
	text   string
	weight float64
}

// peer is a case that may be shown.
type peer struct {
	doc     *catalog.Document
	score   float64
	reasons []catalog.Reason
}

func (p *peers) run(ctx context.Context) ([]catalog.PeerHit, error) {
	if ok, err := p.read(ctx); !ok || err != nil {
		return nil, err
	}
	if err := p.weigh(ctx); err != nil {
		return nil, err
	}
	best, err := p.best(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]peer, 0, len(best))
	for _, r := range best {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		doc, err := p.view.Document(r.doc)
		if err != nil {
			return nil, err
		}
		if one, ok := p.judge(doc, r.value/best[0].value); ok {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b peer) int { return cmp.Compare(b.score, a.score) })
	return hitsOf(together(out), p.query.First), nil
}

// best returns the cases that may be shown and have most of the problem's words.
func (p *peers) best(ctx context.Context) ([]ranked, error) {
	ws, err := p.view.weigh(ctx, p.scored())
	if err != nil || len(ws) == 0 {
		return nil, err
	}
	scores, lent := newScores(p.view.size), docset.NewWorkspace(p.view.size)
	defer scores.free()
	defer lent.Free()
	set := p.candidates(ctx, lent)
	t := top{n: peerCandidates}
	first, err := p.view.scoreFirst(ctx, ws, scores, set, set.Count(), t.n)
	if err != nil {
		return nil, err
	}
	for _, d := range first {
		if s := scores.score[d]; s > 0 {
			t.offer(ranked{float64(s), p.view.ID(d), d})
		}
	}
	return t.sorted(), nil
}

// read gets the problem's text: as told, or the case's.
func (p *peers) read(ctx context.Context) (bool, error) {
	s := p.query.Problem
	if p.query.Case != 0 {
		d, ok := p.view.Find(ctx, p.query.Case)
		if !ok {
			return false, nil
		}
		own, err := p.view.Document(d)
		if err != nil {
			return false, err
		}
		p.own = own.Document
		for range keyTermsInTitle {
			s += p.own.Title + "\n"
		}
		for _, f := range p.own.Fields {
			s += f.Text + "\n"
		}
		if p.query.Level == "" {
			p.query.Level = p.own.Level
		}
		if p.query.Region == "" {
			p.query.Region = p.own.Region
		}
	}
	p.problem = p.words.Fold(s).Runes
	if len(p.problem) > 10*query.LongestQuery {
		p.problem = p.problem[:10*query.LongestQuery]
	}
	return text.CountParts(p.problem) > 0, nil
}

// weigh picks the words that mark the problem out, by how often they stand in
// it and how rare they are in the index.
func (p *peers) weigh(ctx context.Context) error {
	counts := map[string]int{}
	for _, t := range p.words.CutPlain(p.problem) {
		if !p.words.Stop[t.Text] && (t.End-t.Start > 1 || !text.IsHan([]rune(t.Text)[0])) {
			counts[t.Text]++
		}
	}
	for text, n := range counts {
		if rarity := p.view.rarity(ctx, document.FieldWords, text); rarity > 0 {
			p.terms = append(p.terms, keyTerm{text, float64(rarity) * float64(n) / (float64(n) + 1)})
		}
	}
	slices.SortFunc(p.terms, func(a, b keyTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	p.terms = p.terms[:min(len(p.terms), keyTermsAtMost)]
	p.said = p.words.Synonyms.Find(p.problem)
	for _, s := range p.said {
		for _, other := range append([]string{s.Text}, p.words.Synonyms[s.Text]...) {
			if !slices.Contains(p.filed, other) {
				p.filed = append(p.filed, other)
			}
		}
	}
	return ctx.Err()
}

// scored are the terms that cases are scored by.
func (p *peers) scored() []query.Term {
	b := query.NewBuilder(p.words)
	for _, t := range p.terms {
		b.Terms([]rune(t.text), 1, nil)
	}
	for _, f := range p.filed {
		b.Terms([]rune(f), query.WeightSynonym, nil)
	}
	// Single characters are left out: a page has most of them.
	return slices.DeleteFunc(b.Plan.Terms, func(t query.Term) bool {
		return t.Field == document.FieldGrams && text.CountParts([]rune(t.Text)) == 1 && text.IsHan([]rune(t.Text)[0])
	})
}

// candidates returns the cases that may be shown at all.
func (p *peers) candidates(ctx context.Context, w *docset.Workspace) docset.Bitmap {
	v, q := p.view, &p.query
	set := w.LendCopy(v.alive)
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

// judge scores a case and gives the reasons; false where it has neither a word
// nor a topic of the problem.
func (p *peers) judge(doc document.Stored, words float64) (peer, bool) {
	out := peer{doc: doc.Document, score: words}
	add := func(gain float64, reason catalog.Reason) {
		out.score += gain
		out.reasons = append(out.reasons, reason)
	}
	if topics := p.topics(doc.Document); len(topics) > 0 {
		add(gainTopic, catalog.SharedTopics(topics))
	}
	texts := doc.Readable[:document.OwnCount(doc.Document)]
	if shared := p.shared(texts); len(shared) > 0 {
		add(0, catalog.SharedWords(shared))
	}
	problem, other := p.alike(texts)
	if len(out.reasons) == 0 {
		if problem == "" {
			return peer{}, false
		}
		add(0, catalog.OtherWords(problem, other))
	}
	if problem != "" {
		out.score += gainSynonym
	}
	p.circumstances(doc.Document, add)
	out.score += gainSteps * float64(len(doc.Steps)) / float64(len(catalog.Procedure))
	if doc.Origin == catalog.OriginSynthetic {
		out.score *= syntheticShare
	}
	return out, true
}

// circumstances adds what a case has in common with the asking committee.
func (p *peers) circumstances(doc *catalog.Document, add func(float64, catalog.Reason)) {
	if p.own != nil {
		for i, b := range doc.Brands {
			if i == 0 && slices.Contains(p.own.Brands, b) && len(doc.Names.Brand) > 0 {
				add(gainBrand, catalog.SameBrand(doc.Names.Brand[0]))
			}
		}
	}
	if p.query.Level.Valid() && p.query.Level != catalog.LevelUnstated && doc.Level == p.query.Level {
		add(gainLevel, catalog.SameLevel(doc.Level))
	}
	if code := catalog.PrefectureOf(p.query.Region); code != "" && p.query.Level != catalog.LevelProvince &&
		code != catalog.CodeProvince && slices.Contains(doc.Regions, code) {
		add(gainRegion, catalog.NearbyRegion(regionName(doc, code)))
	}
	if n := doc.AdoptionCount; n > 0 {
		add(gainAdoptions*float64(n)/(float64(n)+2), catalog.AdoptedByPeers(n))
	}
}

// regionName returns the name of one of the document's regions, "" where it is not known.
func regionName(doc *catalog.Document, code string) string {
	if i := slices.Index(doc.Regions, code); i >= 0 && len(doc.Names.Region) == len(doc.Regions) {
		return doc.Names.Region[i]
	}
	return ""
}

// topics returns the names of the topics that the problem and the case share: for
// a case its own topics; for a problem those that it names, or whose other name
// it says.
func (p *peers) topics(doc *catalog.Document) []string {
	var out []string
	for i, name := range doc.Names.Topics {
		if p.own != nil {
			if len(doc.Names.Topics) == len(doc.Topics) && slices.Contains(p.own.OwnTopics, doc.Topics[i]) {
				out = append(out, name)
			}
			continue
		}
		f := p.words.Fold(name).Runes
		if text.IndexRunes(p.problem, f) >= 0 || slices.Contains(p.filed, string(f)) {
			out = append(out, name)
		}
	}
	return out
}

// sharedAtMost is how many words a reason names.
const sharedAtMost = 5

// shared returns the heaviest words that stand both in the problem and the case.
func (p *peers) shared(texts []string) []string {
	var out []string
	for _, t := range p.terms {
		if len(out) < sharedAtMost && text.HoldsWord(texts, t.text) {
			out = append(out, t.text)
		}
	}
	return out
}

// alike returns a word of the problem for which the case has another, and that; ""
// where there is none.
func (p *peers) alike(texts []string) (problem, other string) {
	for _, s := range p.said {
		for _, other := range p.words.Synonyms[s.Text] {
			if text.HoldsWord(texts, other) {
				return s.Text, other
			}
		}
	}
	return "", ""
}

// together puts cases that may be the same beside each other, at the place of
// the best of them.
func together(all []peer) []peer {
	out := make([]peer, 0, len(all))
	done := make([]bool, len(all))
	var take func(i int)
	take = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		out = append(out, all[i])
		for j := range all {
			if slices.Contains(all[i].doc.PossiblySameAs, all[j].doc.ID) || slices.Contains(all[j].doc.PossiblySameAs, all[i].doc.ID) {
				take(j)
			}
		}
	}
	for i := range all {
		take(i)
	}
	return out
}

func hitsOf(all []peer, first int) []catalog.PeerHit {
	var out []catalog.PeerHit
	for _, p := range all[:min(len(all), first)] {
		out = append(out, catalog.PeerHit{ID: p.doc.ID, Score: p.score, Reasons: p.reasons})
	}
	return out
}
