package suggest

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// State is a state of the index, whose documents are numbered through its segments.
type State interface {
	// Segments returns its segments.
	Segments() []docset.Segment
	// Kind returns the kind of document d of segment i.
	Kind(i int, d uint32) catalog.RecordKind
	// ID returns the id of a document's record.
	ID(doc uint32) catalog.ID
	// Document returns a document, of which nothing is to be changed.
	Document(doc uint32) (document.Stored, error)
}

// Complete completes what is being typed: to titles and alternative titles of
// the kinds (nil for all that the state has), and to names of committees and topics that have
// records of those kinds, by characters, pinyin, initials, or a mixture, from the
// start of any word. Titles that begin so come first, then some names that do,
// then titles and names with a word that does; brands stand before other titles,
// and the shorter before the longer. first is at least 1. Nothing typed completes to
// nothing. Ranges are the characters of Text that were typed.
func Complete(ctx context.Context, words *text.Words, of State, prefix string, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error) {
	var typed []rune
	for _, r := range words.Fold(prefix).Runes {
		if text.IsWordRune(r) {
			typed = append(typed, r)
		}
	}
	if len(typed) == 0 {
		return nil, nil
	}
	out, err := complete(ctx, words, of, typed, kinds, first)
	if again := text.TypedSyllables(typed); err == nil && len(out) == 0 && !slices.Equal(again, typed) {
		return complete(ctx, words, of, again, kinds, first)
	}
	return out, err
}

func complete(ctx context.Context, words *text.Words, of State, typed []rune, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error) {
	c := &completion{words: words, state: of, segments: of.Segments(), typing: newTyping(typed), kinds: kinds, first: first}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	return c.out, nil
}

// namesAtLeast is the part of a list of completions that is for names that
// begin as was typed, where there are such: one in so many.
const namesAtLeast = 4

// run fills the list, the best first.
func (s *completion) run(ctx context.Context) error {
	names, err := s.collect(ctx, spelledCommittee, spelledTopic)
	if err != nil {
		return err
	}
	titles, err := s.collect(ctx, spelledTitle)
	if err != nil {
		return err
	}
	// Some room is for names: what they take of it, no more.
	named := &completion{words: s.words, state: s.state, typing: s.typing}
	if err := named.fill(ctx, names, max(s.first/namesAtLeast, 1)); err != nil {
		return err
	}
	if err := s.fill(ctx, titles, s.first-len(named.out)); err != nil {
		return err
	}
	s.out, s.seen = append(s.out, named.out...), append(s.seen, named.seen...)
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

// completion is one on its way.
type completion struct {
	words    *text.Words
	state    State
	segments []docset.Segment
	typing   *typing
	kinds    []catalog.RecordKind
	first    int
	seen     []target // what is on the list
	out      []catalog.Suggestion
}

// target is what a text names.
type target struct {
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
func (s *completion) fill(ctx context.Context, all []spelled, n int) error {
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

// compare puts brands first and what only who asks for it finds last, then the shorter
// spelling.
func (s *completion) compare(a, b spelled) int {
	rank := func(k catalog.RecordKind) int {
		switch {
		case k == catalog.KindBrand:
			return 0
		case k.FoundUnasked():
			return 1
		}
		return 2
	}
	if a.letter < spelledCommittee && b.letter < spelledCommittee {
		if c := cmp.Compare(rank(a.kind), rank(b.kind)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(a.spelling), len(b.spelling)), strings.Compare(a.spelling, b.spelling),
		cmp.Compare(a.letter, b.letter), cmp.Compare(s.state.ID(a.doc), s.state.ID(b.doc)))
}

// show adds what a document was found by to the list, unless it is there.
func (s *completion) show(a spelled) error {
	doc, err := s.state.Document(a.doc)
	if err != nil {
		return err
	}
	d := doc.Document
	switch a.letter {
	case spelledTitle, spelledWithin:
		for _, title := range append([]string{d.Title}, d.AlternativeTitles...) {
			s.offer(a, d, title, titled(d))
		}
	case spelledCommittee, spelledCommitteeWord:
		for _, name := range d.Names.Committee {
			s.offer(a, d, name, target{catalog.SuggestionOfCommittee, "", d.Committee})
		}
	case spelledTopic, spelledTopicWord:
		for i, name := range d.Names.Topics {
			if len(d.Names.Topics) == len(d.Topics) {
				s.offer(a, d, name, target{catalog.SuggestionOfTopic, "", d.Topics[i]})
			}
		}
	}
	return nil
}

// titled is what a document's title names: of a committee's own document, the committee,
// as the names at what is filed under it do.
func titled(d *catalog.Document) target {
	if d.Kind == catalog.KindCommittee {
		return target{catalog.SuggestionOfCommittee, "", d.Slug}
	}
	return target{catalog.SuggestionOfRecord, d.Kind, d.Slug}
}

// offer adds a text of a document to the list if it has the spelling that was
// found, with the characters in it that were typed.
func (s *completion) offer(a spelled, d *catalog.Document, name string, of target) {
	if slices.Contains(s.seen, of) {
		return
	}
	f := s.words.Fold(name)
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
			Text: strings.Clone(name), Kind: d.Kind, Slug: strings.Clone(d.Slug), Of: of.of, OfSlug: strings.Clone(of.slug),
			Ranges: []catalog.TextRange{{Start: f.Start(start), End: f.End(end)}},
		})
		return
	}
}

// end returns the character of the folded title just after the last one that was
// typed.
func (s *completion) end(f []rune, syllables [][]string, start int) (int, bool) {
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
