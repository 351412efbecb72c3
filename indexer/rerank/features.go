package rerank

import (
	"sync"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The second look compares the text of each of the best hits with the query,
// by numbers that say how well one answers the other. They are all shares,
// none hangs on the size of the collection, so that weights learned
// on one collection hold for another.
const (
	FeatScore         = iota // BM25 of all terms, as a share of the best hit's
	FeatWords                // BM25 of the words alone, the same
	FeatGrams                // BM25 of characters and pairs alone, the same
	FeatUnits                // share of the query's words, weighed by rarity, in the document
	FeatPairs                // share of its pairs of characters in the document
	FeatPairsSentence        // the same of pairs and of characters, in the best sentence
	FeatCharsSentence        //
	FeatPairsWindow          // the same in the best two sentences
	FeatCharsWindow          //
	FeatOrder                // share of neighbouring words that stand near each other in the same order
	FeatRun                  // the longest stretch of the query that stands in the document
	FeatTitleAsked           // share of the title that the query says
	FeatTitleUnits           // share of the query's words in the title
	FeatNumbers              // share of the query's numbers and Latin words in the best window
	FeatDense                // characters and pairs in a sentence, the more the shorter it is
	FeatWhen                 // asked when: whether the best sentence has a date or year that was not asked with
	featureCount
)

// Features are those numbers for one hit.
type Features [featureCount]float32

// FeatureNames names the numbers of Candidate.Features, in order.
var FeatureNames = [featureCount]string{
	"score", "words", "grams", "units", "pairs",
	"pairs_sentence", "chars_sentence", "pairs_window", "chars_window",
	"order", "run", "title_asked", "title_units", "numbers", "dense", "when",
}

// Query is a query as the second look compares it: its characters and runs
// numbered, its pairs and words as numbers of those.
type Query struct {
	runes  map[rune]int16    // number of a single character
	table  *[codeCount]int16 // the same for the codes of Parts: one more than the number, 0 for none
	runs   map[string]int16  // number of a run of letters or digits
	chars  []float32         // weight of each number
	number []bool            // whether it is a number or a Latin word
	pairs  map[[2]int16]int  // place in pairW
	pairW  []float32
	units  [][]int16 // the words, as numbers
	unitW  []float32
	starts map[int16][]int // the words that begin with a number
	seq    []int16         // the query as numbers, -1 where something stands between
	joins  []int16         // pairs by the numbers of their parts, where those are not too many
	places [][]int         // where each number stands in seq, last first
	runW   []float32       // weight of the pair that ends at this place of seq
	dates  bool            // it asks when something was
	sums   struct{ chars, pairs, units, numbers float32 }
}

// weigher returns the weight of a term by how rare it is.
type weigher func(field, term string) float32

// NewQuery takes the query's text, which is cut into words, and its units apart.
// Stop words count in the longest stretch, and nowhere else.
func NewQuery(f []rune, words []text.Word, stop map[string]bool, units []query.Unit, unitWeights []float32, weight weigher) *Query {
	a := &Query{
		runes: map[rune]int16{}, table: newTable(), runs: map[string]int16{},
		pairs: map[[2]int16]int{}, starts: map[int16][]int{},
	}
	a.dates = asksWhen(string(f))
	silent := text.SilentIn(f, words, stop)
	prev := int16(-1)
	prevEnd, prevSilent, prevStart := -1, false, 0
	for i := 0; i < len(f); {
		if !text.IsWordRune(f[i]) {
			i++
			continue
		}
		end := text.PartEnd(f, i)
		quiet := silent[i]
		id := a.add(f[i:end], quiet, weight)
		if prevEnd != i {
			prev = -1
			a.seq = append(a.seq, -1)
			a.runW = append(a.runW, 0)
		}
		pw := float32(0)
		if prev >= 0 {
			pw = weight(document.FieldGrams, string(f[prevStart:end]))
			if _, ok := a.pairs[[2]int16{prev, id}]; !ok && (!quiet || !prevSilent) {
				a.pairs[[2]int16{prev, id}] = len(a.pairW)
				a.pairW = append(a.pairW, pw)
				a.sums.pairs += pw
			}
		}
		a.seq = append(a.seq, id)
		a.runW = append(a.runW, pw)
		prev, prevStart, prevEnd, prevSilent = id, i, end, quiet
		i = end
	}
	for i, u := range units {
		a.addUnit([]rune(u.Text), unitWeights[i])
	}
	a.joins = a.pairTable()
	a.places = make([][]int, len(a.chars))
	for j := len(a.seq) - 1; j >= 0; j-- {
		if id := a.seq[j]; id >= 0 {
			a.places[id] = append(a.places[id], j)
		}
	}
	return a
}

var tables sync.Pool

// newTable returns an empty table: one that Free has given back, where there is one.
func newTable() *[codeCount]int16 {
	if t, ok := tables.Get().(*[codeCount]int16); ok {
		return t
	}
	return new([codeCount]int16)
}

// Free returns the table of the query, which has 40 KB, to those that come. Nothing is to
// be compared with the query afterwards.
func (a *Query) Free() {
	for r := range a.runes {
		if r >= text.FirstCommon && r <= text.LastCommon {
			a.table[codeCommon+r-text.FirstCommon] = 0
		}
	}
	tables.Put(a.table)
	a.table = nil
}

// pairTable is the pairs by the numbers of their parts: where to find them for
// every two neighbours of every text. nil for a page of text, which has too many.
func (a *Query) pairTable() []int16 {
	n := len(a.chars)
	if n > 128 {
		return nil
	}
	out := make([]int16, n*n)
	for i := range out {
		out[i] = -1
	}
	for pair, p := range a.pairs {
		out[int(pair[0])*n+int(pair[1])] = int16(p)
	}
	return out
}

// pair returns the number of the pair of two parts, -1 where the query does not
// have it.
func (a *Query) pair(first, second int16) int16 {
	if a.joins != nil {
		return a.joins[int(first)*len(a.chars)+int(second)]
	}
	if p, ok := a.pairs[[2]int16{first, second}]; ok {
		return int16(p)
	}
	return -1
}

// add numbers a character or run.
func (a *Query) add(part []rune, silent bool, weight weigher) int16 {
	run := len(part) > 1 || !text.IsHan(part[0])
	if id, ok := a.lookup(part); ok {
		return id
	}
	id := int16(len(a.chars))
	w := float32(0)
	if !silent {
		w = weight(document.FieldGrams, string(part))
	}
	if run {
		a.runs[string(part)] = id
		a.sums.numbers += w
	} else {
		a.runes[part[0]] = id
		if r := part[0]; r >= text.FirstCommon && r <= text.LastCommon {
			a.table[codeCommon+r-text.FirstCommon] = id + 1
		}
	}
	a.chars = append(a.chars, w)
	a.number = append(a.number, run && !silent)
	a.sums.chars += w
	return id
}

func (a *Query) lookup(part []rune) (int16, bool) {
	if len(part) == 1 && text.IsHan(part[0]) {
		id, ok := a.runes[part[0]]
		return id, ok
	}
	id, ok := a.runs[string(part)]
	return id, ok
}

func (a *Query) addUnit(f []rune, weight float32) {
	var ids []int16
	for i := 0; i < len(f); {
		if !text.IsWordRune(f[i]) {
			i++
			continue
		}
		end := text.PartEnd(f, i)
		id, ok := a.lookup(f[i:end])
		if !ok {
			return // cut out of a run; cannot be found by its parts
		}
		ids = append(ids, id)
		i = end
	}
	if len(ids) == 0 {
		return
	}
	a.starts[ids[0]] = append(a.starts[ids[0]], len(a.units))
	a.units = append(a.units, ids)
	a.unitW = append(a.unitW, weight)
	a.sums.units += weight
}

// Comparison is the state of comparing one document; it is used again for the
// next one.
type Comparison struct {
	parts    int       // characters and runs of the document
	hits     []partHit // those of them that the query has
	sentence []sentence
	inDoc    seen
	window   [2]seen   // this sentence; this and the one before
	last     []int     // the part just after where each unit was seen last
	order    []float32 // how near each unit came behind the one before it
	run      []float32 // the stretch of the query that ends at each place of seq
	runAt    []int     // and the part at which it was seen

	best   int     // the sentence with most of the query
	bestIs float32 // the share that it has
}

// sentence is where a sentence of the document starts.
type sentence struct {
	hit, part int32
	dated     bool // it has a date that a query which asks when does not have
}

// partHit is a part of the document that the query has too.
type partHit struct {
	part   int32 // which of the document's
	id     int16 // the query's number for it
	pair   int16 // the query's pair that it makes with the hit before it, -1 for none
	joined bool  // it follows the part before it directly
}

// seen remember which characters, pairs and words were seen since they were
// last reset: those that bear the present round.
type seen struct {
	round            int32
	char, pair, unit []int32
	sum              struct{ chars, pairs, units, numbers float32 }
}

func (s *seen) reset(a *Query) {
	if len(s.char) != len(a.chars) || len(s.pair) != len(a.pairW) || len(s.unit) != len(a.unitW) {
		s.char, s.pair, s.unit = make([]int32, len(a.chars)), make([]int32, len(a.pairW)), make([]int32, len(a.unitW))
		s.round = 0
	}
	s.round++
	s.sum = struct{ chars, pairs, units, numbers float32 }{}
}

// see notes hit i, and the pair that it makes with the one before.
func (s *seen) see(a *Query, hits []partHit, i int) {
	h := &hits[i]
	if s.char[h.id] != s.round {
		s.char[h.id] = s.round
		s.sum.chars += a.chars[h.id]
		if a.number[h.id] {
			s.sum.numbers += a.chars[h.id]
		}
	}
	if h.pair >= 0 && s.pair[h.pair] != s.round {
		s.pair[h.pair] = s.round
		s.sum.pairs += a.pairW[h.pair]
	}
}

func (s *seen) seeUnit(a *Query, u int) {
	if s.unit[u] != s.round {
		s.unit[u] = s.round
		s.sum.units += a.unitW[u]
	}
}

// unitsAt returns the words of the query that start at hit i.
func (c *Comparison) unitsAt(a *Query, i int, yield func(u, end int)) {
	h := c.hits[i]
units:
	for _, u := range a.starts[h.id] {
		ids := a.units[u]
		if i+len(ids) > len(c.hits) {
			continue
		}
		for j := 1; j < len(ids); j++ {
			if next := c.hits[i+j]; next.id != ids[j] || int(next.part) != int(h.part)+j {
				continue units
			}
		}
		yield(u, int(h.part)+len(ids))
	}
}

// Share is a part of a whole, 0 where there is no whole.
func Share(part, whole float32) float32 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}

// near is how many characters apart two neighbouring words of the query may
// stand in a document to count as being in the same order.
const near = 12

// Compare fills in the features that come from the texts of a document, of which the
// first is its title.
func (c *Comparison) Compare(a *Query, p *Parts, f *Features) {
	c.parts, c.hits, c.sentence = 0, c.hits[:0], c.sentence[:0]
	others := c.read(a, p.codes[:p.title], p.others)
	c.title(a, f)
	c.read(a, p.codes[p.title:], others)
	c.inDoc.reset(a)
	c.best, c.bestIs = -1, 0
	c.last = refilled(c.last, len(a.unitW), -1)
	c.order = refilled(c.order, len(a.unitW), 0)
	for s, at := range c.sentence {
		start, end, parts := int(at.hit), len(c.hits), c.parts
		if s+1 < len(c.sentence) {
			end, parts = int(c.sentence[s+1].hit), int(c.sentence[s+1].part)
		}
		before := start
		if s > 0 {
			before = int(c.sentence[s-1].hit)
		}
		if end > before {
			c.lookAtSentence(a, before, start, end, f)
			c.denseFeature(a, s, parts-int(at.part), f)
		}
	}
	c.dateFeature(f)
	c.documentFeatures(a, f)
}

// usualSentence is how long a sentence is, in characters, that has half of what one of no
// length would get for the same words. One that says what was asked and little else
// answers better than a long one that has it among other things.
const usualSentence = 40

// denseFeature takes in sentence s, which has so many parts and has been looked at.
func (c *Comparison) denseFeature(a *Query, s, parts int, f *Features) {
	one := &c.window[0].sum
	share := (Share(one.chars, a.sums.chars) + Share(one.pairs, a.sums.pairs)) / 2
	f[FeatDense] = max(f[FeatDense], share/(1+float32(parts)/usualSentence))
	if share > c.bestIs {
		c.best, c.bestIs = s, share
	}
}

// dateFeature looks for a date in the best sentence and beside it, where one was asked for.
func (c *Comparison) dateFeature(f *Features) {
	for s := max(c.best-1, 0); c.best >= 0 && s < min(c.best+2, len(c.sentence)); s++ {
		switch {
		case !c.sentence[s].dated:
		case s == c.best:
			f[FeatWhen] = 1
		default:
			f[FeatWhen] = max(f[FeatWhen], 0.5)
		}
	}
}

// refilled returns a slice of n equal values, the same one where it is long enough.
func refilled[T any](s []T, n int, v T) []T {
	s = s[:0]
	for range n {
		s = append(s, v)
	}
	return s
}

// lookAtSentence takes in the sentence of the hits [start, end), and with the
// one before it, which starts at before, the window of two.
func (c *Comparison) lookAtSentence(a *Query, before, start, end int, f *Features) {
	c.window[0].reset(a)
	c.window[1].reset(a)
	for i := before; i < start; i++ {
		c.window[1].see(a, c.hits, i)
	}
	for i := start; i < end; i++ {
		c.inDoc.see(a, c.hits, i)
		c.window[0].see(a, c.hits, i)
		c.window[1].see(a, c.hits, i)
		part := int(c.hits[i].part)
		c.unitsAt(a, i, func(u, after int) {
			c.inDoc.seeUnit(a, u)
			if u > 0 && c.last[u-1] >= 0 && part-c.last[u-1] <= near {
				gap := float32(max(part-c.last[u-1], 0))
				c.order[u] = max(c.order[u], 1-gap/(near+1))
			}
			c.last[u] = after
		})
	}
	c.windowFeatures(a, f)
}

func (c *Comparison) windowFeatures(a *Query, f *Features) {
	one, two := &c.window[0].sum, &c.window[1].sum
	f[FeatPairsSentence] = max(f[FeatPairsSentence], Share(one.pairs, a.sums.pairs))
	f[FeatCharsSentence] = max(f[FeatCharsSentence], Share(one.chars, a.sums.chars))
	f[FeatCharsWindow] = max(f[FeatCharsWindow], Share(two.chars, a.sums.chars))
	if pairs := Share(two.pairs, a.sums.pairs); pairs > f[FeatPairsWindow] || pairs == f[FeatPairsWindow] && pairs > 0 {
		f[FeatPairsWindow] = pairs
		f[FeatNumbers] = Share(two.numbers, a.sums.numbers)
	}
}

func (c *Comparison) documentFeatures(a *Query, f *Features) {
	f[FeatUnits] = Share(c.inDoc.sum.units, a.sums.units)
	f[FeatPairs] = Share(c.inDoc.sum.pairs, a.sums.pairs)
	var order, whole float32
	for u := range a.units {
		if u > 0 {
			w := min(a.unitW[u], a.unitW[u-1])
			order += w * c.order[u]
			whole += w
		}
	}
	f[FeatOrder] = Share(order, whole)
	f[FeatRun] = Share(c.longestRun(a), a.sums.pairs)
}

// title fills in the features of the title, which is all that has been read.
func (c *Comparison) title(a *Query, f *Features) {
	c.inDoc.reset(a)
	for i := range c.hits {
		c.unitsAt(a, i, func(u, _ int) { c.inDoc.seeUnit(a, u) })
	}
	f[FeatTitleAsked] = Share(float32(len(c.hits)), float32(c.parts))
	f[FeatTitleUnits] = Share(c.inDoc.sum.units, a.sums.units)
}

// longestRun returns the weight of the heaviest stretch of the query that stands
// in the document as it is.
func (c *Comparison) longestRun(a *Query) float32 {
	best := float32(0)
	c.run = refilled(c.run, len(a.seq), 0)
	c.runAt = refilled(c.runAt, len(a.seq), -2)
	for _, h := range c.hits {
		part := int(h.part)
		for _, j := range a.places[h.id] { // last first: what ends at j-1 is still of the part before
			weight := float32(1e-3)
			if j > 0 && h.joined && c.runAt[j-1] == part-1 {
				weight = c.run[j-1] + a.runW[j]
			}
			c.run[j], c.runAt[j] = weight, part
			best = max(best, weight)
		}
	}
	return best
}
