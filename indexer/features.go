package indexer

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
	runes  map[rune]int16   // number of a single character
	maybe  [16]uint64       // a bit for the low bits of each such character, to pass over most others quickly
	runs   map[string]int16 // number of a run of letters or digits
	chars  []float32        // weight of each number
	number []bool           // whether it is a number or a Latin word
	pairs  map[[2]int16]int // place in pairW
	pairW  []float32
	units  [][]int16 // the words, as numbers
	unitW  []float32
	starts map[int16][]int // the words that begin with a number
	seq    []int16         // the query as numbers, -1 where something stands between
	runW   []float32       // weight of the pair that ends at this place of seq
	sums   struct{ chars, pairs, units, numbers float32 }
}

// weigher gives the weight of a term by how rare it is.
type weigher func(field, term string) float32

// newAsked takes the query's text and units apart. stop words count in the
// longest stretch, and nowhere else.
func newAsked(w *Words, f []rune, units []unit, unitWeights []float32, weight weigher) *asked {
	a := &asked{runes: map[rune]int16{}, runs: map[string]int16{}, pairs: map[[2]int16]int{}, starts: map[int16][]int{}}
	silent := w.silent(f)
	prev := int16(-1)
	prevEnd, prevSilent, prevStart := -1, false, 0
	for i := 0; i < len(f); {
		if !isWordRune(f[i]) {
			i++
			continue
		}
		end := partEnd(f, i)
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
	return a
}

// silent marks the characters of a folded text that are within stop words.
func (w *Words) silent(f []rune) []bool {
	out := make([]bool, len(f))
	for _, t := range w.cutPlain(f) {
		if w.stop[t.text] {
			for i := t.start; i < t.end; i++ {
				out[i] = true
			}
		}
	}
	return out
}

// add numbers a character or run.
func (a *asked) add(part []rune, silent bool, weight weigher) int16 {
	run := len(part) > 1 || !isHan(part[0])
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
		a.maybe[part[0]%1024/64] |= 1 << (part[0] % 64)
	}
	a.chars = append(a.chars, w)
	a.number = append(a.number, run && !silent)
	a.sums.chars += w
	return id
}

func (a *asked) lookup(part []rune) (int16, bool) {
	if len(part) == 1 && isHan(part[0]) {
		id, ok := a.runes[part[0]]
		return id, ok
	}
	id, ok := a.runs[string(part)]
	return id, ok
}

func (a *asked) addUnit(f []rune, weight float32) {
	var ids []int16
	for i := 0; i < len(f); {
		if !isWordRune(f[i]) {
			i++
			continue
		}
		end := partEnd(f, i)
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
	ids      []int16 // the document's parts, as numbers of the query; -1 for others
	joined   []bool  // whether a part follows the one before it directly
	sentence []int32 // where each sentence starts in ids
	inDoc    stamps
	window   [2]stamps // this sentence; this and the one before
	last     []int     // where each unit was seen last
	best     struct{ order []float32 }
}

// stamps remember which characters, pairs and words were seen.
type stamps struct {
	char, pair, unit []bool
	sum              struct{ chars, pairs, units, numbers float32 }
}

func (s *stamps) reset(a *asked) {
	s.char = append(s.char[:0], make([]bool, len(a.chars))...)
	s.pair = append(s.pair[:0], make([]bool, len(a.pairW))...)
	s.unit = append(s.unit[:0], make([]bool, len(a.unitW))...)
	s.sum = struct{ chars, pairs, units, numbers float32 }{}
}

// see notes that the parts i and before of the document are there.
func (s *stamps) see(a *asked, ids []int16, joined []bool, i int) {
	id := ids[i]
	if id < 0 {
		return
	}
	if !s.char[id] {
		s.char[id] = true
		s.sum.chars += a.chars[id]
		if a.number[id] {
			s.sum.numbers += a.chars[id]
		}
	}
	if i > 0 && joined[i] && ids[i-1] >= 0 {
		if p, ok := a.pairs[[2]int16{ids[i-1], id}]; ok && !s.pair[p] {
			s.pair[p] = true
			s.sum.pairs += a.pairW[p]
		}
	}
}

func (s *stamps) seeUnit(a *asked, u int) {
	if !s.unit[u] {
		s.unit[u] = true
		s.sum.units += a.unitW[u]
	}
}

// read turns a folded text into numbers of the query, and notes where its
// sentences start. Texts follow each other with a sentence's end between.
func (c *compared) read(a *asked, f []rune) {
	newSentence := true
	joined := false
	for i := 0; i < len(f); {
		r := f[i]
		class := classOf(r)
		if class&runeWord == 0 {
			joined = false
			newSentence = newSentence || class&runeSentence != 0
			i++
			continue
		}
		if newSentence {
			c.sentence = append(c.sentence, int32(len(c.ids)))
			newSentence = false
		}
		end, id := i+1, int16(-1)
		if class&runeHan != 0 {
			if a.maybe[r%1024/64]&(1<<(r%64)) != 0 {
				if n, ok := a.runes[r]; ok {
					id = n
				}
			}
		} else {
			end = partEnd(f, i)
			if n, ok := a.runs[string(f[i:end])]; ok {
				id = n
			}
		}
		c.ids = append(c.ids, id)
		c.joined = append(c.joined, joined)
		joined = true
		i = end
	}
}

// unitsAt gives the words of the query that start at part i.
func (c *compared) unitsAt(a *asked, i int, yield func(u, end int)) {
	if c.ids[i] < 0 {
		return
	}
units:
	for _, u := range a.starts[c.ids[i]] {
		ids := a.units[u]
		if i+len(ids) > len(c.ids) {
			continue
		}
		for j := 1; j < len(ids); j++ {
			if c.ids[i+j] != ids[j] {
				continue units
			}
		}
		yield(u, i+len(ids))
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

// compare fills in the features that come from the text of a document: its
// title and its texts, folded.
func (c *compared) compare(a *asked, title []rune, texts [][]rune, f *features) {
	c.ids, c.joined, c.sentence = c.ids[:0], c.joined[:0], c.sentence[:0]
	c.read(a, title)
	titleEnd := len(c.ids)
	c.title(a, titleEnd, f)
	for _, t := range texts {
		c.read(a, t)
	}
	c.inDoc.reset(a)
	c.last = append(c.last[:0], make([]int, len(a.unitW))...)
	for i := range c.last {
		c.last[i] = -1
	}
	c.best.order = append(c.best.order[:0], make([]float32, len(a.unitW))...)
	for s, start := range c.sentence {
		end := len(c.ids)
		if s+1 < len(c.sentence) {
			end = int(c.sentence[s+1])
		}
		c.window[0].reset(a)
		// The window of two sentences starts with the one before, read again:
		// sentences are short.
		c.window[1].reset(a)
		if s > 0 {
			for i := int(c.sentence[s-1]); i < int(start); i++ {
				c.window[1].see(a, c.ids, c.joined, i)
			}
		}
		for i := int(start); i < end; i++ {
			c.inDoc.see(a, c.ids, c.joined, i)
			if c.ids[i] < 0 {
				continue
			}
			c.window[0].see(a, c.ids, c.joined, i)
			c.window[1].see(a, c.ids, c.joined, i)
			c.unitsAt(a, i, func(u, uend int) {
				c.inDoc.seeUnit(a, u)
				if u > 0 && c.last[u-1] >= 0 && i-c.last[u-1] <= near {
					gap := float32(max(i-c.last[u-1], 0))
					c.best.order[u] = max(c.best.order[u], 1-gap/(near+1))
				}
				c.last[u] = uend
			})
		}
		c.windowFeatures(a, f)
	}
	c.documentFeatures(a, f)
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
			order += w * c.best.order[u]
			whole += w
		}
	}
	f[featOrder] = share(order, whole)
	f[featRun] = share(c.longestRun(a), a.sums.pairs)
}

// title fills in the features of the title, the first end parts.
func (c *compared) title(a *asked, end int, f *features) {
	said := 0
	c.inDoc.reset(a)
	for i := range end {
		if c.ids[i] >= 0 {
			said++
		}
		c.unitsAt(a, i, func(u, _ int) { c.inDoc.seeUnit(a, u) })
	}
	if end > 0 {
		f[featTitleAsked] = float32(said) / float32(end)
	}
	f[featTitleUnits] = share(c.inDoc.sum.units, a.sums.units)
}

// longestRun gives the weight of the heaviest stretch of the query that stands
// in the document as it is.
func (c *compared) longestRun(a *asked) float32 {
	best := float32(0)
	// run[j] is the weight of the stretch that ends at part j of the query and at
	// the document's part before this one.
	before, now := make([]float32, len(a.seq)), make([]float32, len(a.seq))
	for i, id := range c.ids {
		if id < 0 {
			if i > 0 && c.ids[i-1] >= 0 {
				clear(before)
			}
			continue
		}
		for j, q := range a.seq {
			now[j] = 0
			if q != id {
				continue
			}
			now[j] = 1e-3
			if j > 0 && c.joined[i] && before[j-1] > 0 {
				now[j] = before[j-1] + a.runW[j]
			}
			best = max(best, now[j])
		}
		before, now = now, before
	}
	return best
}
