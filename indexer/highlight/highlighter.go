package highlight

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The form of highlights: how many fragments a hit gets, and how long one is,
// in characters.
const (
	fragmentsAtMost = 3
	FragmentLength  = catalog.FragmentLength
	fragmentLead    = catalog.FragmentLead
)

// Highlighter marks a search's words in the texts of its hits. It looks at the
// texts themselves, not at places kept in the index: only a page's few records
// are looked at, and so what is marked is what is there. It is for one goroutine.
type Highlighter struct {
	words   *text.Words
	needles []query.Needle                                    // each once, the longer first
	first   map[rune][]int                                    // by first character, places in needles
	common  [(text.LastCommon-text.FirstCommon)/64 + 1]uint64 // the common characters in first
	rare    bool                                              // there are others in first
	found   []match
	seen    []int // the window in which each needle was seen last
	windows int
}

func NewHighlighter(w *text.Words, needles []query.Needle) *Highlighter {
	h := &Highlighter{words: w, first: map[rune][]int{}}
	long := slices.ContainsFunc(needles, func(n query.Needle) bool { return text.CountParts(n.Text) > 1 })
	for _, n := range needles {
		if long && text.CountParts(n.Text) == 1 && text.IsHan(n.Text[0]) {
			continue // single characters stand everywhere; with words beside them they only disturb
		}
		h.needles = append(h.needles, n)
	}
	slices.SortStableFunc(h.needles, func(a, b query.Needle) int { return len(b.Text) - len(a.Text) })
	for i, n := range h.needles {
		c := n.Text[0]
		h.first[c] = append(h.first[c], i)
		if c >= text.FirstCommon && c <= text.LastCommon {
			h.common[(c-text.FirstCommon)/64] |= 1 << ((c - text.FirstCommon) % 64)
		} else {
			h.rare = true
		}
	}
	h.seen = make([]int, len(h.needles))
	return h
}

// match is a place in a readable text where a needle stands, in its characters
// and in its bytes.
type match struct {
	start, end         int
	startByte, endByte int
	needle             int
}

// matches returns the places of all needles, in the order of their start, the
// longest at each. They are good until it is called again.
func (h *Highlighter) matches(s string) []match {
	h.found = h.found[:0]
	n := 0
	for i := 0; i < len(s); n++ {
		if c, ok := text.CommonAt(s, i); ok {
			if c -= text.FirstCommon; h.common[c/64]&(1<<(c%64)) != 0 {
				h.matchAt(s, c+text.FirstCommon, n, i)
			}
			i += 3
			continue
		}
		c, size := text.RuneAt(s, i)
		if h.rare && text.IsWordRune(c) {
			h.matchAt(s, c, n, i)
		}
		i += size
	}
	return h.found
}

// matchAt notes the longest needle that stands at a place that begins with c.
func (h *Highlighter) matchAt(s string, c rune, n, at int) {
	for _, i := range h.first[c] {
		needle := &h.needles[i]
		if strings.HasPrefix(s[at:], needle.Said) && !text.CutsRun(s, at) && !text.CutsRun(s, at+len(needle.Said)) {
			h.found = append(h.found, match{n, n + len(needle.Text), at, at + len(needle.Said), i})
			return
		}
	}
}

// fragment is a stretch of a text with what it is worth.
type fragment struct {
	catalog.Highlight
	start int  // where it begins in its text, in code points
	typed bool // what was typed stands in it, not only another word for it
	worth float64
}

// Document returns the best fragments of a document: those in which stands what
// was asked before those that say it in other words.
func (h *Highlighter) Document(d document.Stored) []catalog.Highlight {
	var all []fragment
	for i, t := range document.Texts(d.Document) {
		if f, ok := h.text(t.Name, t.Text, d.Readable[i]); ok {
			if d.Kind == catalog.KindSource && t.Name == "text" {
				f.Section, f.Start = t.Section, new(t.Start+f.start)
			}
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b fragment) int {
		if a.typed != b.typed {
			if a.typed {
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

// text returns the best fragment of a text; false where nothing in it matches.
func (h *Highlighter) text(name, str, readable string) (fragment, bool) {
	ms := h.matches(readable)
	if len(ms) == 0 {
		return fragment{}, false
	}
	from, to, worth := h.bestWindow(ms)
	f := fragment{worth: worth}
	for _, m := range ms[from:to] {
		f.typed = f.typed || !h.needles[m.needle].Other
	}
	f.Field = name
	s := stretch(readable, ms[from], ms[to-1])
	if readable == str { // each character stands where it stood
		f.Fragment = str[s.startByte:s.endByte]
		f.Ranges, f.start = ranges(text.Folded{}, ms, s), s.start
		return f, true
	}
	folded := h.words.Fold(str)
	f.Fragment = text.CodePoints(str, folded.Start(s.start), folded.End(s.end))
	f.Ranges, f.start = ranges(folded, ms, s), folded.Start(s.start)
	return f, true
}

// bestWindow returns the matches ms[from:to] that fit into a fragment and are
// worth most: each needle counts in full once, and a little when it comes again.
func (h *Highlighter) bestWindow(ms []match) (from, to int, worth float64) {
	for i := range ms {
		h.windows++
		sum := 0.0
		j := i
		for ; j < len(ms) && (j == i || ms[j].end-ms[i].start <= FragmentLength-fragmentLead); j++ {
			n := ms[j].needle
			if h.seen[n] == h.windows {
				sum += h.needles[n].Weight * 0.05
			} else {
				sum += h.needles[n].Weight
			}
			h.seen[n] = h.windows
		}
		if sum > worth || to == 0 {
			from, to, worth = i, j, sum
		}
	}
	return from, to, worth
}

// stretch widens what goes from one match to another to a fragment's length: a
// little before, up to the start of the sentence, and the rest behind.
func stretch(str string, from, to match) match {
	s := match{start: from.start, startByte: from.startByte, end: max(from.end, to.end), endByte: max(from.endByte, to.endByte)}
	for s.startByte > 0 && from.start-s.start < fragmentLead {
		c, size := utf8.DecodeLastRuneInString(str[:s.startByte])
		if text.EndsSentence(c) {
			break
		}
		s.start, s.startByte = s.start-1, s.startByte-size
	}
	for s.endByte < len(str) && s.end-s.start < FragmentLength && str[s.endByte] != '\n' {
		_, size := utf8.DecodeRuneInString(str[s.endByte:])
		s.end, s.endByte = s.end+1, s.endByte+size
	}
	return s
}

// ranges returns the matches within a stretch of the folded text as ranges of the
// fragment, in code points of the text as given. Matches that overlap or touch
// become one.
func ranges(folded text.Folded, ms []match, in match) []catalog.TextRange {
	var out []catalog.TextRange
	origin := folded.Start(in.start)
	for _, m := range ms {
		if m.start < in.start || m.end > in.end {
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
