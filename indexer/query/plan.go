package query

import (
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// Plan is a query as it is carried out.
type Plan struct {
	Terms    []Term
	Units    []Unit
	Must     []Condition
	MustNot  []Condition
	all      bool // an empty query: everything is found
	Question bool // what was typed is a question or a sentence rather than words to look for
	Needles  []Needle
	Words    []string    // what was looked for, for the page's Terms
	Cut      []text.Word // the words of what was simply typed, as they follow each other
}

// Term is a term that documents are scored by.
type Term struct {
	Field  string
	Text   string
	Weight float32 // by what its score counts
}

// Unit is something the person asked for: a word of the query. How many of
// them a document has decides whether it counts as found. A unit is there where
// one of its ways of being said is.
type Unit struct {
	Text string
	Ways []Condition
}

// Condition is a text that has to stand in a field of a document.
type Condition struct {
	Field string
	Text  []rune
	Key   string // a key that does as well; "" where there is none
	Exact bool   // it has to stand there as a whole, not just all of its pairs of characters
}

// Needle is a text to be marked in highlights.
type Needle struct {
	Text   []rune
	Said   string  // the same
	Other  bool    // another word for what was asked
	Weight float64 // by how rare it is in the view
}

// The weights of the kinds of terms. Words and grams as measured on judged
// questions (bench/relevance); a synonym counts less than the word itself.
const (
	weightWord    = 1
	weightGram    = 0.5
	WeightSynonym = 0.5
)

// NewPlan makes a plan of a parsed query.
func NewPlan(w *text.Words, p Parsed) *Plan {
	pl := &Plan{all: p.Blank}
	b := Builder{words: w, Plan: pl, seen: map[Term]int{}}
	b.text(p.Text)
	pl.Question = isQuestion(p.Text, pl.Cut, len(pl.Units))
	for _, phrase := range p.Phrases {
		pl.Must = append(pl.Must, Condition{Field: document.FieldGrams, Text: phrase, Exact: true})
		b.Terms(phrase, 1, nil)
		b.needle(phrase, false)
		pl.Words = append(pl.Words, string(phrase))
	}
	for _, phrase := range p.exclude {
		pl.MustNot = append(pl.MustNot, Condition{Field: document.FieldGrams, Text: phrase, Exact: true})
		if len(pl.Units) == 0 && len(pl.Must) == 0 && len(p.fields) == 0 {
			pl.all = true // "everything but"
		}
	}
	for _, in := range p.fields {
		c := Condition{Field: in.field, Text: in.text}
		if in.key != 0 {
			c.Key = document.Key(in.key, strings.TrimSpace(string(in.text)))
		}
		pl.Must = append(pl.Must, c)
		b.Terms(in.text, 1, nil)
		b.needle(in.text, false)
		pl.Words = append(pl.Words, string(in.text))
	}
	return pl
}

// Empty reports whether there is nothing in the plan that could be found.
func (pl *Plan) Empty() bool { return !pl.all && len(pl.Units) == 0 && len(pl.Must) == 0 }

// NewBuilder returns a builder of an empty plan.
func NewBuilder(w *text.Words) *Builder {
	return &Builder{words: w, Plan: &Plan{}, seen: map[Term]int{}}
}

// Builder adds to a plan, each term and each text to highlight once.
type Builder struct {
	words *text.Words
	Plan  *Plan
	seen  map[Term]int // place in plan.terms, weight 0 in the key
}

// text adds the words that were simply typed.
func (b *Builder) text(f []rune) {
	words := b.words.CutPlain(f)
	b.Plan.Cut = words
	kept := slices.DeleteFunc(slices.Clone(words), func(t text.Word) bool { return b.words.Stop[t.Text] })
	stop := b.words.Stop
	if len(kept) == 0 {
		kept, stop = words, nil // nothing but stop words: then they are what is meant
	}
	synonyms := b.words.FindSynonyms(f)
	for _, t := range kept {
		b.unit(t, synonyms)
	}
	b.Terms(f, 1, stop)
	b.asTyped(f)
	for _, s := range synonyms {
		b.needle([]rune(s.Text), false)
	}
	for _, s := range synonyms {
		for _, other := range b.words.SynonymsOf(s.Text) {
			b.Terms([]rune(other), WeightSynonym, nil)
			// Of another word that has the one that was asked in it, 下午三点半 for
			// 三点半, only what was asked is marked.
			if !strings.Contains(other, s.Text) {
				b.needle([]rune(other), true)
			}
		}
	}
}

// asTyped marks what was typed in one piece as a whole, where a text has it:
// 小县生 is no word, but nobody who types it wants only 小县 marked.
func (b *Builder) asTyped(f []rune) {
	for start := 0; start < len(f); {
		end := start
		for end < len(f) && text.IsWordRune(f[end]) {
			end++
		}
		if end > start && end-start <= markedAsTyped {
			b.needle(f[start:end], false)
		}
		// 刘 某, as names of two characters are spaced out in lists, is 刘某.
		if next := end + 1; end > start && next < len(f) && f[end] == ' ' && text.IsHan(f[end-1]) && text.IsHan(f[next]) {
			to := next
			for to < len(f) && text.IsHan(f[to]) {
				to++
			}
			if (end-start == 1 || to-next == 1) && to-start <= markedAsTyped {
				b.needle(slices.Concat(f[start:end], f[next:to]), false)
			}
		}
		// (三)号楼 is marked whole, though 三 alone would be nothing to mark.
		if next := end + 1; end-start == 1 && start > 0 && f[start-1] == '(' && next < len(f) && f[end] == ')' && text.IsHan(f[next]) {
			to := next
			for to < len(f) && text.IsWordRune(f[to]) {
				to++
			}
			if to-start <= markedAsTyped {
				b.needle(f[start:to], false)
				b.needle(slices.Concat(f[start:end], []rune{'）'}, f[next:to]), false) // as texts that need no folding have it
			}
		}
		start = end + 1
	}
}

// markedAsTyped is how many characters of one piece may be a name.
const markedAsTyped = 12

// unit adds a word that was asked for, with the other ways of saying it.
func (b *Builder) unit(t text.Word, synonyms []text.Word) {
	for _, have := range b.Plan.Units {
		if have.Text == t.Text {
			return
		}
	}
	u := Unit{Text: t.Text, Ways: []Condition{{Field: document.FieldGrams, Text: []rune(t.Text)}}}
	for _, s := range synonyms {
		if s.Start <= t.Start && t.End <= s.End {
			for _, other := range b.words.SynonymsOf(s.Text) {
				u.Ways = append(u.Ways, Condition{Field: document.FieldGrams, Text: []rune(other)})
			}
		}
	}
	b.Plan.Units = append(b.Plan.Units, u)
	b.Plan.Words = append(b.Plan.Words, t.Text)
	b.needle([]rune(t.Text), false)
}

// Terms adds the words and grams of a text; stop words, which only what was
// simply typed has, and what lies wholly within them are left out.
func (b *Builder) Terms(f []rune, weight float32, stop map[string]bool) {
	silent := make([]bool, len(f))
	if stop != nil {
		silent = text.SilentIn(f, b.Plan.Cut, stop)
	}
	within := func(start, end int) bool {
		for i := start; i < end; i++ {
			if !silent[i] {
				return false
			}
		}
		return true
	}
	for _, t := range b.words.CutSearch(f) {
		if !stop[t.Text] && !within(t.Start, t.End) {
			b.term(document.FieldWords, t.Text, weight*weightWord)
		}
	}
	text.Grams(f, func(gram string, start, end int) {
		if !within(start, end) {
			b.term(document.FieldGrams, gram, weight*weightGram)
		}
	})
}

// term adds a term once, with the greatest weight that it came with.
func (b *Builder) term(field, text string, weight float32) {
	k := Term{Field: field, Text: text}
	if i, ok := b.seen[k]; ok {
		b.Plan.Terms[i].Weight = max(b.Plan.Terms[i].Weight, weight)
		return
	}
	b.seen[k] = len(b.Plan.Terms)
	b.Plan.Terms = append(b.Plan.Terms, Term{field, text, weight})
}

// needle adds a text to mark, once.
func (b *Builder) needle(runes []rune, other bool) {
	if text.CountParts(runes) == 0 {
		return
	}
	for _, n := range b.Plan.Needles {
		if slices.Equal(n.Text, runes) {
			return
		}
	}
	b.Plan.Needles = append(b.Plan.Needles, Needle{Text: runes, Said: string(runes), Other: other})
}

// isQuestion reports whether a text reads as a question or a sentence: it ends
// with a question mark, has a mark in it, asks with a question word, or has more
// words than one types to name a thing.
func isQuestion(f []rune, words []text.Word, units int) bool {
	if units >= 6 {
		return true
	}
	for _, r := range f {
		switch r {
		case '?', ',', '。', '，', '；', ';', '？', '！', '!':
			return units >= 2
		}
	}
	for _, t := range words {
		if questionWords[t.Text] {
			return units >= 2
		}
	}
	return false
}

// questionWords are the words that ask.
var questionWords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("什么 甚么 谁 哪 哪个 哪些 哪里 哪儿 哪位 哪一个 哪一年 哪年 哪种 哪一 为何 为什么 怎么 怎样 怎么样 " +
		"怎么办 如何 多少 几 几个 何 何时 何处 何地 何种 何人 吗 呢 请问 是否") {
		out[w] = true
	}
	return out
}()

// MinimumShouldMatch is how much of what was asked for a document must have to count
// as found, as a share of the units' weights. One or two words are all meant;
// of more a part is enough. A question says things in its own way, and some that
// no document says: there, a little is.
func (pl *Plan) MinimumShouldMatch() float32 {
	switch units := len(pl.Units); {
	case pl.Question:
		return 0.05
	case units <= 2:
		return 0.999 // all, but for what adding up floats loses
	case units == 3:
		return 0.7
	case units == 4:
		return 0.55
	case units == 5:
		return 0.45
	}
	return 0.25
}

// RelaxedTerms leaves single characters out, which nearly every document has,
// unless there is nothing else.
func (pl *Plan) RelaxedTerms() []Term {
	var out []Term
	for _, t := range pl.Terms {
		if text.CountParts([]rune(t.Text)) > 1 || !text.IsHan([]rune(t.Text)[0]) {
			out = append(out, t)
		}
	}
	if out == nil {
		return pl.Terms
	}
	return out
}
