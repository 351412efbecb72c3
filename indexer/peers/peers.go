package peers

import (
	"cmp"
	"context"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
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
	gainSteps     = 0.1  // with all eight documented
	gainAdoptions = 0.1  // with many
	gainMeaning   = 0.25 // for each standard deviation that it is nearer than most
)

// syntheticShare is what a case counts that a generator made up: where a real
// one is about as near, it is the one to learn from.
const syntheticShare = 0.8

// State is a state of the index.
type State interface {
	// Find returns the document of a record, false where there is none.
	Find(ctx context.Context, id catalog.ID) (doc uint32, found bool)
	// Document returns a document, of which nothing is to be changed.
	Document(doc uint32) (document.Stored, error)
	// Rarity returns the weight of a term: the rarer, the more; 0 where nothing has it.
	Rarity(ctx context.Context, field, term string) float32
	// Holding returns which documents may have a word of Chinese characters in their
	// texts: all that have it, and few others. It returns nil where it cannot tell.
	Holding(ctx context.Context, word string) (may func(doc uint32) bool, err error)
	// BestPeers returns up to n of the cases that the query lets be shown, those with
	// most of the terms first.
	BestPeers(ctx context.Context, q catalog.PeerQuery, terms []query.Term, n int) ([]Ranked, error)
}

// Near tells what is near a problem in meaning.
type Near interface {
	// Nearest returns the cases near the problem that the query lets be shown.
	Nearest(ctx context.Context) []uint32
	// Closeness returns how near documents are to it, 0 for those as far off as most.
	Closeness(ctx context.Context, docs []uint32) []float64
}

// Ranked is a document with the score of its words.
type Ranked struct {
	Doc   uint32
	Score float64
}

// Look finds the cases of other committees that are nearest to a problem told
// in one's own words, or to a case: by the words that weigh most in it, by what
// those words are filed under, and then by level, region, documented steps and
// adoptions. Each comes with its reasons, strongest first, and all are true: a
// shared word stands in both. Cases that may be the same stand beside each
// other. q.First is at least 1. A problem that no case has anything of finds
// nothing; so does a case that the index does not have.
//
// Where near is not nil, what is near in meaning is found as well, and what is nearer
// comes first.
func Look(ctx context.Context, words *text.Words, in State, near Near, q catalog.PeerQuery) ([]catalog.PeerHit, error) {
	return (&look{words: words, state: in, near: near, query: q}).run(ctx)
}

// look is one look for peers on its way.
type look struct {
	words *text.Words
	state State
	near  Near // nil where words alone are looked at
	query catalog.PeerQuery

	own     *catalog.Document // the case, where one was given
	problem []rune            // the problem's text, folded
	said    []text.Word       // the words of the table of synonyms that stand in it
	terms   []keyTerm
	others  []otherWord
	filed   []string // words that the problem's words are filed under; see indexer/text/synonyms.go
	whole   float64  // what all words of the problem weigh, those too that no case has
	many    bool     // the problem has more than one such word

	closest   map[uint32]bool    // those near the problem in meaning
	closeness map[uint32]float64 // how near each is
}

// keyTerm is a word of the problem with what it weighs.
type keyTerm struct {
	text   string
	weight float64
	may    func(doc uint32) bool // see State.Holding
}

// otherWord is a word that a word of the problem is another one for.
type otherWord struct {
	said, text string
	may        func(doc uint32) bool
}

// peer is a case that may be shown.
type peer struct {
	doc     *catalog.Document
	score   float64
	shared  float64
	reasons []catalog.Reason
}

func (p *look) run(ctx context.Context) ([]catalog.PeerHit, error) {
	if ok, err := p.read(ctx); !ok || err != nil {
		return nil, err
	}
	if err := p.weigh(ctx); err != nil {
		return nil, err
	}
	best, err := p.state.BestPeers(ctx, p.query, p.scored(), peerCandidates)
	if err == nil {
		err = p.lookUp(ctx)
	}
	if err != nil {
		return nil, err
	}
	most := 1.0
	if len(best) > 0 {
		most = best[0].Score
	}
	best = p.addNear(ctx, best)
	out := make([]peer, 0, len(best))
	for _, r := range best {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		doc, err := p.state.Document(r.Doc)
		if err != nil {
			return nil, err
		}
		if one, ok := p.judge(r.Doc, doc, r.Score/most); ok {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b peer) int { return cmp.Compare(b.score, a.score) })
	return hitsOf(together(out), p.query.First), nil
}

// addNear adds the cases that are near in meaning, and asks how near all of them are.
func (p *look) addNear(ctx context.Context, best []Ranked) []Ranked {
	if p.near == nil {
		return best
	}
	p.closest = map[uint32]bool{}
	for _, d := range p.near.Nearest(ctx) {
		p.closest[d] = true
		if !slices.ContainsFunc(best, func(r Ranked) bool { return r.Doc == d }) {
			best = append(best, Ranked{Doc: d})
		}
	}
	docs := make([]uint32, len(best))
	for i, r := range best {
		docs[i] = r.Doc
	}
	p.closeness = make(map[uint32]float64, len(docs))
	for i, c := range p.near.Closeness(ctx, docs) {
		p.closeness[docs[i]] = c
	}
	return best
}

// read gets the problem's text: as told, or the case's.
func (p *look) read(ctx context.Context) (bool, error) {
	s := p.query.Problem
	if p.query.Case != 0 {
		d, ok := p.state.Find(ctx, p.query.Case)
		if !ok {
			return false, nil
		}
		own, err := p.state.Document(d)
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
func (p *look) weigh(ctx context.Context) error {
	counts := map[string]int{}
	for _, t := range p.words.CutPlain(p.problem) {
		if !p.words.Stop[t.Text] && !common[t.Text] && (t.End-t.Start > 1 || !text.IsHan([]rune(t.Text)[0])) {
			counts[t.Text]++
		}
	}
	for text, n := range counts {
		if rarity := p.state.Rarity(ctx, document.FieldWords, text); rarity > 0 {
			p.terms = append(p.terms, keyTerm{text: text, weight: float64(rarity) * float64(n) / (float64(n) + 1)})
		}
	}
	slices.SortFunc(p.terms, func(a, b keyTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text))
	})
	p.whole, p.many = 0, len(counts) > 1
	for _, t := range p.terms {
		p.whole += t.weight
	}
	// A word that no case has is as rare as any: the problem is about it all the same.
	for text := range counts {
		if len(p.terms) > 0 && !slices.ContainsFunc(p.terms, func(t keyTerm) bool { return t.text == text }) {
			p.whole += p.terms[0].weight
		}
	}
	p.terms = p.terms[:min(len(p.terms), keyTermsAtMost)]
	p.said = p.words.FindSynonyms(p.problem)
	for _, s := range p.said {
		for _, other := range append([]string{s.Text}, p.words.SynonymsOf(s.Text)...) {
			if !slices.Contains(p.filed, other) {
				p.filed = append(p.filed, other)
			}
		}
	}
	return ctx.Err()
}

// scored are the terms that cases are scored by.
func (p *look) scored() []query.Term {
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

// judge scores a case and returns it with the reasons; false where it has neither a word
// nor a topic of the problem.
func (p *look) judge(number uint32, doc document.Stored, words float64) (peer, bool) {
	out := peer{doc: doc.Document, score: words}
	add := func(gain float64, reason catalog.Reason) {
		out.score += gain
		out.reasons = append(out.reasons, reason)
	}
	if topics := p.topics(doc.Document); len(topics) > 0 {
		add(gainTopic, catalog.SharedTopics(topics))
	}
	texts := doc.Readable[:document.OwnCount(doc.Document)]
	shared, share := p.shared(number, texts)
	out.shared = share
	switch {
	case len(shared) == 0:
	// One word of several is no likeness: 机器学习 is not near for 学习.
	case p.own == nil && (share < nearShare || len(shared) == 1 && p.many):
		add(0, catalog.FewSharedWords(shared))
	default:
		add(0, catalog.SharedWords(shared))
	}
	out.score += gainMeaning * p.closeness[number]
	if p.closest[number] {
		add(0, catalog.CloseMeaning())
	}
	problem, other := p.alike(number, texts)
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
func (p *look) circumstances(doc *catalog.Document, add func(float64, catalog.Reason)) {
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
func (p *look) topics(doc *catalog.Document) []string {
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

// nearShare is the share of what a problem's words weigh that a case must have for
// its words to make it near. Below it a word or two happen to stand in both. It is
// fitted on judged problems, half of which nothing answers, on folds
// (indexer/near_test.go; the table is in testdata/ranking/near.txt).
const nearShare = 0.45

// common are words that any case of a consultation uses: what it shares with a problem
// by them is no reason.
var common = map[string]bool{
	"协商": true, "案例": true, "搭建": true, "平台": true, "政协": true, "委员": true, "问题": true, "工作": true, "开展": true, "推进": true,
	"解决": true, "意见": true, "建议": true, "办法": true, "怎么办": true, "如何": true, "怎样": true,
}

// shared returns the heaviest words that stand both in the problem and the case, and
// the share that all such words have of what the problem weighs.
func (p *look) shared(doc uint32, texts []string) (words []string, share float64) {
	weight := 0.0
	for _, t := range p.terms {
		if holds(doc, texts, t.text, t.may) {
			weight += t.weight
			if len(words) < sharedAtMost {
				words = append(words, t.text)
			}
		}
	}
	if p.whole > 0 {
		share = weight / p.whole
	}
	return words, share
}

// alike returns a word of the problem for which the case has another, and that; ""
// where there is none.
func (p *look) alike(doc uint32, texts []string) (problem, other string) {
	for _, o := range p.others {
		if holds(doc, texts, o.text, o.may) {
			return o.said, o.text
		}
	}
	return "", ""
}

// holds reports whether a word stands in a document's texts. Most that do not are
// told by the index, without reading them.
func holds(doc uint32, texts []string, word string, may func(uint32) bool) bool {
	return (may == nil || may(doc)) && text.HoldsWord(texts, word)
}

// lookUp asks the index where the words stand that each case will be looked through
// for, once for all cases.
func (p *look) lookUp(ctx context.Context) (err error) {
	for i := range p.terms {
		if p.terms[i].may, err = p.state.Holding(ctx, p.terms[i].text); err != nil {
			return err
		}
	}
	looked := map[string]bool{}
	for _, s := range p.said {
		for _, other := range p.words.SynonymsOf(s.Text) {
			if looked[other] {
				continue // it is not there the second time either
			}
			looked[other] = true
			may, err := p.state.Holding(ctx, other)
			if err != nil {
				return err
			}
			p.others = append(p.others, otherWord{s.Text, other, may})
		}
	}
	return nil
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
		out = append(out, catalog.PeerHit{ID: p.doc.ID, Score: p.score, Shared: p.shared, Reasons: p.reasons})
	}
	return out
}
