package indexer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The spellings of titles and names are terms of fieldSpelled: a letter that says
// whose spelling it is and where it starts, and the spelling.
const (
	fieldSpelled         = "p"
	spelledTitle         = 'a' // from the start of a title or an alternative title
	spelledWithin        = 'b' // from a word within it
	spelledCommittee     = 'c' // the same of the name of the record's committee
	spelledCommitteeWord = 'd'
	spelledTopic         = 'e' // and of its topics and those above
	spelledTopicWord     = 'f'
)

// spellings returns the terms by which a document, its committee and its topics
// are completed to.
func spellings(w *Words, d *catalog.Document) termCounts {
	out := termCounts{}
	for _, title := range append([]string{d.Title}, d.AlternativeTitles...) {
		spellInto(w, out, title, spelledTitle, spelledWithin)
	}
	for _, name := range d.Names.Committee {
		spellInto(w, out, name, spelledCommittee, spelledCommitteeWord)
	}
	for _, name := range d.Names.Topics {
		spellInto(w, out, name, spelledTopic, spelledTopicWord)
	}
	return out
}

// spellInto adds the spellings of a text, from its start and from the words
// within it.
func spellInto(w *Words, to termCounts, text string, start, within byte) {
	f := w.Fold(text).Runes
	syllables := w.Readings.Of(f)
	for i, at := range w.Starts(f) {
		letter := within
		if i == 0 {
			letter = start
		}
		if s := spell(f, syllables, at); s != "" {
			to.add(document.Key(letter, s))
		}
	}
}

// Suggest completes what is being typed: to titles and alternative titles of
// the kinds (nil for all four), and to names of committees and topics that have
// records of those kinds, by characters, pinyin, initials, or a mixture, from the
// start of any word. Titles that begin so come first, then some names that do,
// then titles and names with a word that does; brands stand before other titles,
// and the shorter before the longer. first is 1..50. Nothing typed completes to
// nothing. Ranges are the characters of Text that were typed.
func (x *Index) Suggest(ctx context.Context, prefix string, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: suggest: %w", err)
	}
	v := x.acquire()
	if v == nil {
		return nil, x.nothing()
	}
	defer v.release()
	var typed []rune
	for _, r := range x.words.Fold(prefix).Runes {
		if text.IsWordRune(r) {
			typed = append(typed, r)
		}
	}
	if len(typed) == 0 {
		return nil, nil
	}
	s := &suggesting{words: x.words, view: v, typing: newTyping(typed), kinds: kinds, first: min(max(first, 1), 50)}
	if err := s.run(ctx); err != nil {
		return nil, fmt.Errorf("indexer: suggest for %.40q: %w", prefix, err)
	}
	return s.out, nil
}

// namesAtLeast is the part of a list of completions that is kept for names that
// begin as was typed, where there are such: one in so many.
const namesAtLeast = 4

// run fills the list, the best first.
func (s *suggesting) run(ctx context.Context) error {
	names, err := s.collect(ctx, spelledCommittee, spelledTopic)
	if err != nil {
		return err
	}
	titles, err := s.collect(ctx, spelledTitle)
	if err != nil {
		return err
	}
	// Some room is kept for names, and is what they take of it, no more.
	kept := &suggesting{words: s.words, view: s.view, typing: s.typing}
	if err := kept.fill(ctx, names, max(s.first/namesAtLeast, 1)); err != nil {
		return err
	}
	if err := s.fill(ctx, titles, s.first-len(kept.out)); err != nil {
		return err
	}
	s.out, s.seen = append(s.out, kept.out...), append(s.seen, kept.seen...)
	for _, more := range []func() ([]spelled, error){
		func() ([]spelled, error) { return titles, nil },
		func() ([]spelled, error) { return s.collect(ctx, spelledWithin) },
		func() ([]spelled, error) { return names, nil },
		func() ([]spelled, error) { return s.collect(ctx, spelledCommitteeWord, spelledTopicWord) },
	} {
		if len(s.out) >= s.first {
			return nil
		}
		all, err := more()
		if err == nil {
			err = s.fill(ctx, all, s.first)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// suggesting is one completion on its way.
type suggesting struct {
	words  *Words
	view   *view
	typing *typing
	kinds  []catalog.RecordKind
	first  int
	seen   []named // what is on the list
	out    []catalog.Suggestion
}

// named is what a text names.
type named struct {
	of   catalog.SuggestionOf
	kind catalog.RecordKind // of a record
	slug string
}

// spelled is a document with one of its spellings.
type spelled struct {
	doc      uint32
	kind     catalog.RecordKind
	letter   byte
	spelling string
}

// fill adds to the list until it has n entries.
func (s *suggesting) fill(ctx context.Context, all []spelled, n int) error {
	for i, a := range all {
		if len(s.out) >= n {
			return nil
		}
		if i > 0 && a.letter >= spelledCommittee && a.letter == all[i-1].letter && a.spelling == all[i-1].spelling {
			continue // another record of the same committee or topic
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.show(a); err != nil {
			return err
		}
	}
	return nil
}

// compare puts brands first, then the shorter spelling.
func (s *suggesting) compare(a, b spelled) int {
	if x, y := a.kind == catalog.KindBrand, b.kind == catalog.KindBrand; x != y && a.letter < spelledCommittee {
		if x {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(len(a.spelling), len(b.spelling)), strings.Compare(a.spelling, b.spelling),
		cmp.Compare(a.letter, b.letter), cmp.Compare(s.view.ID(a.doc), s.view.ID(b.doc)))
}

// show adds what a document was found by to the list, unless it is there.
func (s *suggesting) show(a spelled) error {
	doc, err := s.view.Document(a.doc)
	if err != nil {
		return err
	}
	d := doc.Document
	switch a.letter {
	case spelledTitle, spelledWithin:
		for _, title := range append([]string{d.Title}, d.AlternativeTitles...) {
			s.offer(a, d, title, named{catalog.SuggestionOfRecord, d.Kind, d.Slug})
		}
	case spelledCommittee, spelledCommitteeWord:
		for _, name := range d.Names.Committee {
			s.offer(a, d, name, named{catalog.SuggestionOfCommittee, "", d.Committee})
		}
	case spelledTopic, spelledTopicWord:
		for i, name := range d.Names.Topics {
			if len(d.Names.Topics) == len(d.Topics) {
				s.offer(a, d, name, named{catalog.SuggestionOfTopic, "", d.Topics[i]})
			}
		}
	}
	return nil
}

// offer adds a text of a document to the list if it has the spelling that was
// found, with the characters in it that were typed.
func (s *suggesting) offer(a spelled, d *catalog.Document, text string, of named) {
	if slices.Contains(s.seen, of) {
		return
	}
	f := s.words.Fold(text)
	syllables := s.words.Readings.Of(f.Runes)
	for i, start := range s.words.Starts(f.Runes) {
		if fromStart := a.letter == spelledTitle || a.letter == spelledCommittee || a.letter == spelledTopic; fromStart != (i == 0) {
			continue
		}
		if spell(f.Runes, syllables, start) != a.spelling {
			continue
		}
		end, ok := s.end(f.Runes, syllables, start)
		if !ok {
			continue
		}
		s.seen = append(s.seen, of)
		s.out = append(s.out, catalog.Suggestion{
			Text: strings.Clone(text), Kind: d.Kind, Slug: strings.Clone(d.Slug), Of: of.of, OfSlug: strings.Clone(of.slug),
			Ranges: []catalog.TextRange{{Start: f.Start(start), End: f.End(end)}},
		})
		return
	}
}

// end returns the character of the folded title just after the last one that was
// typed.
func (s *suggesting) end(f []rune, syllables [][]string, start int) (int, bool) {
	bytes, ok := s.typing.reach(spell(f, syllables, start))
	if !ok {
		return 0, false
	}
	for end := start + 1; end <= len(f); end++ {
		if len(spell(f[:end], syllables[:end], start)) >= bytes {
			return end, true
		}
	}
	return 0, false
}
