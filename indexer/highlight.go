package indexer

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// The form of highlights: how many fragments a hit gets, and how long one is,
// in characters.
const (
	fragmentsAtMost = 3
	fragmentLength  = 90
	fragmentLead    = 12 // of text before the first match
)

// highlighter marks a search's words in the texts of its hits. It looks at the
// texts themselves, not at places kept in the index: only a page's few records
// are looked at, and so what is marked is what is there. It is for one goroutine.
type highlighter struct {
	words   *Words
	needles []needle                                // each once, the longer first
	first   map[rune][]int                          // by first character, places in needles
	common  [(lastCommon-firstCommon)/64 + 1]uint64 // the common characters in first
	seen    []int                                   // the window in which each needle was seen last
	windows int
}

func (s *search) newHighlighter() *highlighter {
	return newHighlighter(s.x.words, s.needles())
}

// needles are the texts to be marked, weighed by how rare they are. Where the
// search was relaxed, the pairs of characters that it went by are marked too.
func (s *search) needles() []needle {
	out := slices.Clone(s.plan.needles)
	if s.found.relaxed {
		for _, t := range s.plan.relaxedTerms() {
			out = append(out, needle{text: []rune(t.text)})
		}
	}
	for i := range out {
		df := 0
		for _, seg := range s.view.segments {
			p, err := s.view.matches(seg, condition{field: fieldGrams, text: out[i].text})
			if err == nil { // what cannot be read here has failed the search before
				df += p.n
			}
		}
		out[i].weight = idf(min(df, s.view.live), s.view.live)
	}
	return out
}

func newHighlighter(w *Words, needles []needle) *highlighter {
	h := &highlighter{words: w, first: map[rune][]int{}}
	long := slices.ContainsFunc(needles, func(n needle) bool { return parts(n.text) > 1 })
	for _, n := range needles {
		if long && parts(n.text) == 1 && isHan(n.text[0]) {
			continue // single characters stand everywhere; with words beside them they only disturb
		}
		h.needles = append(h.needles, n)
	}
	slices.SortStableFunc(h.needles, func(a, b needle) int { return len(b.text) - len(a.text) })
	for i, n := range h.needles {
		c := n.text[0]
		h.first[c] = append(h.first[c], i)
		if c >= firstCommon && c <= lastCommon {
			h.common[(c-firstCommon)/64] |= 1 << ((c - firstCommon) % 64)
		}
	}
	h.seen = make([]int, len(h.needles))
	return h
}

// match is a place in a folded text where a needle stands.
type match struct {
	start, end int
	needle     int
}

// mayStand reports whether any needle may stand in a readable text: whether
// there is a character in it that one begins with.
func (h *highlighter) mayStand(text string) bool {
	for i := 0; i < len(text); {
		c := rune(text[i])
		size := 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		i += size
		if h.begins(c) {
			return true
		}
	}
	return false
}

// begins reports whether a needle begins with a character.
func (h *highlighter) begins(c rune) bool {
	if c >= firstCommon && c <= lastCommon {
		return h.common[(c-firstCommon)/64]&(1<<((c-firstCommon)%64)) != 0
	}
	return isWordRune(c) && len(h.first[c]) > 0
}

// matches gives the places of all needles, in the order of their start, the
// longest at each.
func (h *highlighter) matches(f []rune) []match {
	var out []match
	for i, r := range f {
		if !h.begins(r) {
			continue
		}
		for _, n := range h.first[r] {
			end := i + len(h.needles[n].text)
			if end <= len(f) && slices.Equal(f[i:end], h.needles[n].text) && !cutsRun(f, i, end) {
				out = append(out, match{i, end, n})
				break
			}
		}
	}
	return out
}

// cutsRun reports whether [start, end) begins or ends inside a run of letters
// or digits, as "bt" does in "btx".
func cutsRun(f []rune, start, end int) bool {
	joined := func(i int) bool {
		return i > 0 && i < len(f) && isWordRune(f[i-1]) && !isHan(f[i-1]) && isWordRune(f[i]) && !isHan(f[i])
	}
	return joined(start) || joined(end)
}

// fragment is a stretch of a text with what it is worth.
type fragment struct {
	catalog.Highlight
	asked bool // what was asked stands in it, not only another word for it
	worth float64
}

// document gives the best fragments of a document: those in which stands what
// was asked before those that say it in other words.
func (h *highlighter) document(d stored) []catalog.Highlight {
	var all []fragment
	for i, t := range documentTexts(d.Document) {
		if f, ok := h.text(t.Name, t.Text, d.readable[i]); ok {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b fragment) int {
		if a.asked != b.asked {
			if a.asked {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.worth, a.worth)
	})
	var out []catalog.Highlight
	for _, f := range all[:min(len(all), fragmentsAtMost)] {
		out = append(out, f.Highlight)
	}
	return out
}

// text gives the best fragment of a text; false where nothing in it matches.
func (h *highlighter) text(name, text, readable string) (fragment, bool) {
	if !h.mayStand(readable) {
		return fragment{}, false
	}
	var folded Folded
	if readable == text { // each character stands where it stood
		folded.Runes = []rune(text)
	} else {
		folded = h.words.Fold(text)
	}
	ms := h.matches(folded.Runes)
	if len(ms) == 0 {
		return fragment{}, false
	}
	from, to, worth := h.bestWindow(ms)
	start, end := stretch(folded.Runes, ms[from].start, max(ms[to-1].end, ms[from].end))
	a, b := folded.Start(start), folded.End(end)
	f := fragment{worth: worth}
	for _, m := range ms[from:to] {
		f.asked = f.asked || !h.needles[m.needle].other
	}
	f.Field = name
	f.Fragment = codePoints(text, a, b)
	f.Ranges = ranges(folded, ms, start, end, a)
	return f, true
}

// bestWindow gives the matches ms[from:to] that fit into a fragment and are
// worth most: each needle counts in full once, and a little when it comes again.
func (h *highlighter) bestWindow(ms []match) (from, to int, worth float64) {
	for i := range ms {
		h.windows++
		sum := 0.0
		j := i
		for ; j < len(ms) && (j == i || ms[j].end-ms[i].start <= fragmentLength-fragmentLead); j++ {
			n := ms[j].needle
			if h.seen[n] == h.windows {
				sum += h.needles[n].weight * 0.05
			} else {
				sum += h.needles[n].weight
			}
			h.seen[n] = h.windows
		}
		if sum > worth || to == 0 {
			from, to, worth = i, j, sum
		}
	}
	return from, to, worth
}

// stretch widens [start, end) to a fragment's length: a little before, up to
// the start of the sentence, and the rest behind.
func stretch(f []rune, start, end int) (int, int) {
	a := start
	for a > 0 && start-a < fragmentLead && !endsSentence(f[a-1]) {
		a--
	}
	b := end
	for b < len(f) && b-a < fragmentLength && f[b] != '\n' {
		b++
	}
	return a, b
}

// ranges gives the matches within [start, end) of the folded text as ranges of
// the fragment, which starts at code point origin of the original. Matches that
// overlap or touch become one.
func ranges(folded Folded, ms []match, start, end, origin int) []catalog.TextRange {
	var out []catalog.TextRange
	for _, m := range ms {
		if m.start < start || m.end > end {
			continue
		}
		r := catalog.TextRange{Start: folded.Start(m.start) - origin, End: folded.End(m.end) - origin}
		if last := len(out) - 1; last >= 0 && r.Start <= out[last].End {
			out[last].End = max(out[last].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}

// codePoints gives the code points [a, b) of a text.
func codePoints(text string, a, b int) string {
	from, to, n := len(text), len(text), 0
	for i := range text {
		if n == a {
			from = i
		}
		if n == b {
			to = i
			break
		}
		n++
	}
	return text[from:to]
}
