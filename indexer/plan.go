package indexer

import (
	"math"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/indexer/text"
)

// plan is a query as it is carried out.
type plan struct {
	terms    []scoredTerm
	units    []unit
	must     []condition
	mustNot  []condition
	all      bool // an empty query: everything is found
	question bool // what was typed is a question or a sentence rather than words to look for
	needles  []needle
	words    []string    // what was looked for, for the page's Terms
	cut      []text.Word // the words of what was simply typed, as they follow each other
}

// scoredTerm is a term that documents are scored by.
type scoredTerm struct {
	field  string
	text   string
	weight float32 // by what its score counts
}

// unit is something the person asked for: a word of the query. How many of
// them a document has decides whether it counts as found. A unit is there where
// one of its ways of being said is.
type unit struct {
	text string
	ways []condition
}

// condition is a text that has to stand in a field of a document.
type condition struct {
	field string
	text  []rune
	key   string // a key that does as well; "" where there is none
	exact bool   // it has to stand there as a whole, not just all of its pairs of characters
}

// needle is a text to be marked in highlights.
type needle struct {
	text   []rune
	said   string  // the same
	other  bool    // another word for what was asked
	weight float64 // by how rare it is in the view
}

// The weights of the kinds of terms. Words and grams as measured on judged
// questions (bench/relevance); a synonym counts less than the word itself.
const (
	weightWord    = 1
	weightGram    = 0.5
	weightSynonym = 0.5
)

// newPlan makes a plan of a parsed query.
func newPlan(w *Words, p parsed) *plan {
	pl := &plan{all: p.blank}
	b := planBuilder{w: w, plan: pl, seen: map[scoredTerm]int{}}
	b.text(p.text)
	pl.question = isQuestion(p.text, pl.cut, len(pl.units))
	for _, phrase := range p.phrases {
		pl.must = append(pl.must, condition{field: fieldGrams, text: phrase, exact: true})
		b.terms(phrase, 1, nil)
		b.needle(phrase, false)
		pl.words = append(pl.words, string(phrase))
	}
	for _, phrase := range p.exclude {
		pl.mustNot = append(pl.mustNot, condition{field: fieldGrams, text: phrase, exact: true})
		if len(pl.units) == 0 && len(pl.must) == 0 && len(p.fields) == 0 {
			pl.all = true // "everything but"
		}
	}
	for _, in := range p.fields {
		c := condition{field: in.field, text: in.text}
		if in.key != 0 {
			c.key = key(in.key, strings.TrimSpace(string(in.text)))
		}
		pl.must = append(pl.must, c)
		b.terms(in.text, 1, nil)
		b.needle(in.text, false)
		pl.words = append(pl.words, string(in.text))
	}
	return pl
}

// nothing reports whether there is nothing in the plan that could be found.
func (pl *plan) nothing() bool { return !pl.all && len(pl.units) == 0 && len(pl.must) == 0 }

type planBuilder struct {
	w    *Words
	plan *plan
	seen map[scoredTerm]int // place in plan.terms, weight 0 in the key
}

// text adds the words that were simply typed.
func (b *planBuilder) text(f []rune) {
	words := b.w.CutPlain(f)
	b.plan.cut = words
	kept := slices.DeleteFunc(slices.Clone(words), func(t text.Word) bool { return b.w.Stop[t.Text] })
	stop := b.w.Stop
	if len(kept) == 0 {
		kept, stop = words, nil // nothing but stop words: then they are what is meant
	}
	synonyms := b.w.Synonyms.Find(f)
	for _, t := range kept {
		b.unit(t, synonyms)
	}
	b.terms(f, 1, stop)
	b.asTyped(f)
	for _, s := range synonyms {
		b.needle([]rune(s.Text), false)
	}
	for _, s := range synonyms {
		for _, other := range b.w.Synonyms[s.Text] {
			b.terms([]rune(other), weightSynonym, nil)
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
func (b *planBuilder) asTyped(f []rune) {
	for start := 0; start < len(f); {
		end := start
		for end < len(f) && text.IsWordRune(f[end]) {
			end++
		}
		if end > start && end-start <= markedAsTyped {
			b.needle(f[start:end], false)
		}
		start = end + 1
	}
}

// markedAsTyped is how many characters of one piece may be a name.
const markedAsTyped = 12

// unit adds a word that was asked for, with the other ways of saying it.
func (b *planBuilder) unit(t text.Word, synonyms []text.Word) {
	for _, have := range b.plan.units {
		if have.text == t.Text {
			return
		}
	}
	u := unit{text: t.Text, ways: []condition{{field: fieldGrams, text: []rune(t.Text)}}}
	for _, s := range synonyms {
		if s.Start <= t.Start && t.End <= s.End {
			for _, other := range b.w.Synonyms[s.Text] {
				u.ways = append(u.ways, condition{field: fieldGrams, text: []rune(other)})
			}
		}
	}
	b.plan.units = append(b.plan.units, u)
	b.plan.words = append(b.plan.words, t.Text)
	b.needle([]rune(t.Text), false)
}

// terms adds the words and grams of a text; stop words, which only what was
// simply typed has, and what lies wholly within them are left out.
func (b *planBuilder) terms(f []rune, weight float32, stop map[string]bool) {
	silent := make([]bool, len(f))
	if stop != nil {
		silent = text.SilentIn(f, b.plan.cut, stop)
	}
	within := func(start, end int) bool {
		for i := start; i < end; i++ {
			if !silent[i] {
				return false
			}
		}
		return true
	}
	for _, t := range b.w.CutSearch(f) {
		if !stop[t.Text] && !within(t.Start, t.End) {
			b.term(fieldWords, t.Text, weight*weightWord)
		}
	}
	text.Grams(f, func(gram string, start, end int) {
		if !within(start, end) {
			b.term(fieldGrams, gram, weight*weightGram)
		}
	})
}

// term adds a term once, with the greatest weight that it came with.
func (b *planBuilder) term(field, text string, weight float32) {
	k := scoredTerm{field: field, text: text}
	if i, ok := b.seen[k]; ok {
		b.plan.terms[i].weight = max(b.plan.terms[i].weight, weight)
		return
	}
	b.seen[k] = len(b.plan.terms)
	b.plan.terms = append(b.plan.terms, scoredTerm{field, text, weight})
}

// needle adds a text to mark, once.
func (b *planBuilder) needle(runes []rune, other bool) {
	if text.CountParts(runes) == 0 {
		return
	}
	for _, n := range b.plan.needles {
		if slices.Equal(n.text, runes) {
			return
		}
	}
	b.plan.needles = append(b.plan.needles, needle{text: runes, said: string(runes), other: other})
}

// idf is BM25's weight of a term that df of n documents hold, never negative.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
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
