package indexer

import (
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The second look compares the text of each of the best hits with the query,
// by numbers that say how well one answers the other. They are all shares,
// none hangs on the size of the collection, so that weights learned
// on one collection hold for another.
const (
	featScore         = iota // BM25 of all terms, as a share of the best hit's
	featWords                // BM25 of the words alone, the same
	featGrams                // BM25 of characters and pairs alone, the same
	featUnits                // share of the query's words, weighed by rarity, in the document
	featPairs                // share of its pairs of characters in the document
	featPairsSentence        // the same of pairs and of characters, in the best sentence
	featCharsSentence        //
	featPairsWindow          // the same in the best two sentences
	featCharsWindow          //
	featOrder                // share of neighbouring words that stand near each other in the same order
	featRun                  // the longest stretch of the query that stands in the document
	featTitleAsked           // share of the title that the query says
	featTitleUnits           // share of the query's words in the title
	featNumbers              // share of the query's numbers and Latin words in the best window
	featureCount
)

// features are those numbers for one hit.
type features [featureCount]float32

// FeatureNames names the numbers of Candidate.Features, in order.
var FeatureNames = [featureCount]string{
	"score", "words", "grams", "units", "pairs",
	"pairs_sentence", "chars_sentence", "pairs_window", "chars_window",
	"order", "run", "title_asked", "title_units", "numbers",
}

// asked is a query as the second look compares it: its characters and runs
// numbered, its pairs and words as numbers of those.
type asked struct {
	runes  map[rune]int16                                 // number of a single character
	table  *[text.LastCommon - text.FirstCommon + 1]int16 // the same for the common characters, from firstCommon on: one more than the number, 0 for none
	runs   map[string]int16                               // number of a run of letters or digits
	chars  []float32                                      // weight of each number
	number []bool                                         // whether it is a number or a Latin word
	pairs  map[[2]int16]int                               // place in pairW
	pairW  []float32
	units  [][]int16 // the words, as numbers
	unitW  []float32
	starts map[int16][]int // the words that begin with a number
	seq    []int16         // the query as numbers, -1 where something stands between
	joins  []int16         // pairs by the numbers of their parts, where those are not too many
	places [][]int         // where each number stands in seq, last first
	runW   []float32       // weight of the pair that ends at this place of seq
	sums   struct{ chars, pairs, units, numbers float32 }
}

// weigher gives the weight of a term by how rare it is.
type weigher func(field, term string) float32

// newAsked takes the query's text, which is cut into words, and its units apart.
// Stop words count in the longest stretch, and nowhere else.
func newAsked(f []rune, words []text.Word, stop map[string]bool, units []unit, unitWeights []float32, weight weigher) *asked {
	a := &asked{
		runes: map[rune]int16{}, table: new([text.LastCommon - text.FirstCommon + 1]int16), runs: map[string]int16{},
		pairs: map[[2]int16]int{}, starts: map[int16][]int{},
	}
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
			pw = weight(fieldGrams, string(f[prevStart:end]))
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
		a.addUnit([]rune(u.text), unitWeights[i])
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

// pairTable is the pairs by the numbers of their parts: where to find them for
// every two neighbours of every text. nil for a page of text, which has too many.
func (a *asked) pairTable() []int16 {
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

// pair gives the number of the pair of two parts, -1 where the query does not
// have it.
func (a *asked) pair(first, second int16) int16 {
	if a.joins != nil {
		return a.joins[int(first)*len(a.chars)+int(second)]
	}
	if p, ok := a.pairs[[2]int16{first, second}]; ok {
		return int16(p)
	}
	return -1
}

// add numbers a character or run.
func (a *asked) add(part []rune, silent bool, weight weigher) int16 {
	run := len(part) > 1 || !text.IsHan(part[0])
	if id, ok := a.lookup(part); ok {
		return id
	}
	id := int16(len(a.chars))
	w := float32(0)
	if !silent {
		w = weight(fieldGrams, string(part))
	}
	if run {
		a.runs[string(part)] = id
		a.sums.numbers += w
	} else {
		a.runes[part[0]] = id
		if r := part[0]; r >= text.FirstCommon && r <= text.LastCommon {
			a.table[r-text.FirstCommon] = id + 1
		}
	}
	a.chars = append(a.chars, w)
	a.number = append(a.number, run && !silent)
	a.sums.chars += w
	return id
}

func (a *asked) lookup(part []rune) (int16, bool) {
	if len(part) == 1 && text.IsHan(part[0]) {
		id, ok := a.runes[part[0]]
		return id, ok
	}
	id, ok := a.runs[string(part)]
	return id, ok
}

func (a *asked) addUnit(f []rune, weight float32) {
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

// compared is the state of comparing one document; it is used again for the
// next one.
type compared struct {
	parts    int       // characters and runs of the document
	hits     []partHit // those of them that the query has
	sentence []int32   // the hit at which each sentence starts
	inDoc    stamps
	window   [2]stamps // this sentence; this and the one before
	last     []int     // the part just after where each unit was seen last
	order    []float32 // how near each unit came behind the one before it
	run      []float32 // the stretch of the query that ends at each place of seq
	runAt    []int     // and the part at which it was seen
}

// partHit is a part of the document that the query has too.
type partHit struct {
	part   int32 // which of the document's
	id     int16 // the query's number for it
	pair   int16 // the query's pair that it makes with the hit before it, -1 for none
	joined bool  // it follows the part before it directly
}

// stamps remember which characters, pairs and words were seen since they were
// last reset: those that bear the present round.
type stamps struct {
	round            int32
	char, pair, unit []int32
	sum              struct{ chars, pairs, units, numbers float32 }
}

func (s *stamps) reset(a *asked) {
	if len(s.char) != len(a.chars) || len(s.pair) != len(a.pairW) || len(s.unit) != len(a.unitW) {
		s.char, s.pair, s.unit = make([]int32, len(a.chars)), make([]int32, len(a.pairW)), make([]int32, len(a.unitW))
		s.round = 0
	}
	s.round++
	s.sum = struct{ chars, pairs, units, numbers float32 }{}
}

// see notes hit i, and the pair that it makes with the one before.
func (s *stamps) see(a *asked, hits []partHit, i int) {
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

func (s *stamps) seeUnit(a *asked, u int) {
	if s.unit[u] != s.round {
		s.unit[u] = s.round
		s.sum.units += a.unitW[u]
	}
}

// unitsAt gives the words of the query that start at hit i.
func (c *compared) unitsAt(a *asked, i int, yield func(u, end int)) {
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

// share is a part of a whole, 0 where there is no whole.
func share(part, whole float32) float32 {
	if whole <= 0 {
		return 0
	}
	return part / whole
}

// near is how many characters apart two neighbouring words of the query may
// stand in a document to count as being in the same order.
const near = 12

// compare fills in the features that come from the readable texts of a document,
// of which the first is its title.
func (c *compared) compare(a *asked, texts []string, f *features) {
	c.parts, c.hits, c.sentence = 0, c.hits[:0], c.sentence[:0]
	c.read(a, texts[0])
	c.title(a, f)
	for _, t := range texts[1:] {
		c.read(a, t)
	}
	c.inDoc.reset(a)
	c.last = refilled(c.last, len(a.unitW), -1)
	c.order = refilled(c.order, len(a.unitW), 0)
	for s, start := range c.sentence {
		end := len(c.hits)
		if s+1 < len(c.sentence) {
			end = int(c.sentence[s+1])
		}
		before := start
		if s > 0 {
			before = c.sentence[s-1]
		}
		if end > int(before) {
			c.lookAtSentence(a, int(before), int(start), end, f)
		}
	}
	c.documentFeatures(a, f)
}

// refilled gives a slice of n equal values, the same one where it is long enough.
func refilled[T any](s []T, n int, v T) []T {
	s = s[:0]
	for range n {
		s = append(s, v)
	}
	return s
}

// lookAtSentence takes in the sentence of the hits [start, end), and with the
// one before it, which starts at before, the window of two.
func (c *compared) lookAtSentence(a *asked, before, start, end int, f *features) {
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

func (c *compared) windowFeatures(a *asked, f *features) {
	one, two := &c.window[0].sum, &c.window[1].sum
	f[featPairsSentence] = max(f[featPairsSentence], share(one.pairs, a.sums.pairs))
	f[featCharsSentence] = max(f[featCharsSentence], share(one.chars, a.sums.chars))
	f[featCharsWindow] = max(f[featCharsWindow], share(two.chars, a.sums.chars))
	if pairs := share(two.pairs, a.sums.pairs); pairs > f[featPairsWindow] || pairs == f[featPairsWindow] && pairs > 0 {
		f[featPairsWindow] = pairs
		f[featNumbers] = share(two.numbers, a.sums.numbers)
	}
}

func (c *compared) documentFeatures(a *asked, f *features) {
	f[featUnits] = share(c.inDoc.sum.units, a.sums.units)
	f[featPairs] = share(c.inDoc.sum.pairs, a.sums.pairs)
	var order, whole float32
	for u := range a.units {
		if u > 0 {
			w := min(a.unitW[u], a.unitW[u-1])
			order += w * c.order[u]
			whole += w
		}
	}
	f[featOrder] = share(order, whole)
	f[featRun] = share(c.longestRun(a), a.sums.pairs)
}

// title fills in the features of the title, which is all that has been read.
func (c *compared) title(a *asked, f *features) {
	c.inDoc.reset(a)
	for i := range c.hits {
		c.unitsAt(a, i, func(u, _ int) { c.inDoc.seeUnit(a, u) })
	}
	f[featTitleAsked] = share(float32(len(c.hits)), float32(c.parts))
	f[featTitleUnits] = share(c.inDoc.sum.units, a.sums.units)
}

// longestRun gives the weight of the heaviest stretch of the query that stands
// in the document as it is.
func (c *compared) longestRun(a *asked) float32 {
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
