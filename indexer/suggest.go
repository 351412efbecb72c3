package indexer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/catalog"
)

// The spellings of titles are terms of fieldSpelled: a letter that says where
// the spelling starts, and the spelling.
const (
	fieldSpelled   = "p"
	spelledTitle   = 'a' // from the start of a title or an alternative title
	spelledWithin  = 'b' // from a word within it
	suggestedTerms = 400 // about how many spellings are looked at for each of the two
	suggestedLeast = 24  // and at least in each segment
)

// spellings gives the terms by which a document is completed to.
func (w *Words) spellings(d *catalog.Document) termCounts {
	out := termCounts{}
	for _, title := range append([]string{d.Title}, d.AlternativeTitles...) {
		f := w.Fold(title).Runes
		syllables := w.readings.of(f)
		for i, start := range w.starts(f) {
			letter := byte(spelledWithin)
			if i == 0 {
				letter = spelledTitle
			}
			if s := spell(f, syllables, start); s != "" {
				out.add(key(letter, s))
			}
		}
	}
	return out
}

// starts gives the places at which the words of a folded text start, and the
// words that longer ones are made of.
func (w *Words) starts(f []rune) []int {
	var out []int
	for _, t := range w.cutSearch(f) {
		out = append(out, t.start)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Suggest completes what is being typed: to titles and alternative titles of
// the kinds (nil for all four), by characters, pinyin, initials, or a mixture,
// from the start of any word. Titles that begin so come first, then brands,
// then the shorter. first is 1..50. Nothing typed completes to nothing. Ranges
// are the characters of Text that were typed.
func (x *Index) Suggest(ctx context.Context, prefix string, kinds []catalog.RecordKind, first int) ([]catalog.Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: suggest: %w", err)
	}
	v := x.acquire()
	if v == nil {
		return nil, nil
	}
	defer v.release()
	var typed []rune
	for _, r := range x.words.Fold(prefix).Runes {
		if isWordRune(r) {
			typed = append(typed, r)
		}
	}
	if len(typed) == 0 {
		return nil, nil
	}
	s := &suggesting{words: x.words, view: v, typing: newTyping(typed), kinds: kinds, first: min(max(first, 1), 50)}
	for _, letter := range []byte{spelledTitle, spelledWithin} {
		if err := s.add(letter); err != nil {
			return nil, fmt.Errorf("indexer: suggest for %.40q: %w", prefix, err)
		}
		if len(s.out) >= s.first {
			break
		}
	}
	return s.out, nil
}

// suggesting is one completion on its way.
type suggesting struct {
	words  *Words
	view   *view
	typing *typing
	kinds  []catalog.RecordKind
	first  int
	seen   map[uint32]bool
	out    []catalog.Suggestion
}

// spelled is a document with one of its spellings.
type spelled struct {
	doc      uint32
	kind     catalog.RecordKind
	spelling string
}

// add adds the completions whose spelling starts with the letter.
func (s *suggesting) add(letter byte) error {
	if s.seen == nil {
		s.seen = map[uint32]bool{}
	}
	var all []spelled
	for _, seg := range s.view.segments {
		var err error
		if all, err = s.read(seg, letter, all); err != nil {
			return err
		}
	}
	slices.SortFunc(all, func(a, b spelled) int {
		if x, y := a.kind == catalog.KindBrand, b.kind == catalog.KindBrand; x != y {
			if x {
				return -1
			}
			return 1
		}
		if len(a.spelling) != len(b.spelling) {
			return len(a.spelling) - len(b.spelling)
		}
		if c := strings.Compare(a.spelling, b.spelling); c != 0 {
			return c
		}
		return int(s.view.id(a.doc) - s.view.id(b.doc))
	})
	for _, a := range all {
		if len(s.out) >= s.first {
			return nil
		}
		if s.seen[a.doc] {
			continue
		}
		s.seen[a.doc] = true
		if err := s.show(a); err != nil {
			return err
		}
	}
	return nil
}

// read finds the spellings of a segment that begin as was typed.
func (s *suggesting) read(seg *segmentView, letter byte, all []spelled) ([]spelled, error) {
	dict, err := seg.segment.Dictionary(fieldSpelled)
	if err != nil {
		return nil, fmt.Errorf("open the spellings: %w", err)
	}
	it := dict.AutomatonIterator(behind{s.typing, letter}, []byte{letter}, []byte{letter + 1})
	for range max(suggestedLeast, suggestedTerms/len(s.view.segments)) {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return all, wrap("read the spellings", err)
		}
		if all, err = s.documents(dict, seg, entry, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// documents adds the live documents of a spelling that are of a wanted kind.
func (s *suggesting) documents(dict segment.TermDictionary, seg *segmentView, entry *index.DictEntry, all []spelled) ([]spelled, error) {
	list, err := dict.PostingsList([]byte(entry.Term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("find the list of a spelling: %w", err)
	}
	it := list.Iterator(false, false, false, nil)
	for n := 0; n <= s.first; {
		p, err := it.Next()
		if err != nil || p == nil {
			return all, wrap("read the list of a spelling", err)
		}
		d := uint32(p.Number())
		kind := catalog.RecordKind(seg.kinds.keys[seg.kinds.of(d)[0]])
		if seg.deleted != nil && seg.deleted.has(d) || len(s.kinds) > 0 && !slices.Contains(s.kinds, kind) {
			continue
		}
		all = append(all, spelled{seg.base + d, kind, entry.Term[1:]})
		n++
	}
	return all, nil
}

// behind is an automaton for what stands behind one byte, which is left to the
// range of terms to check: state 0 stays the dead one, the others move by one.
type behind struct {
	*typing
	letter byte
}

func (b behind) Start() int { return -1 }
func (b behind) IsMatch(s int) bool {
	return s > 0 && b.typing.IsMatch(s)
}
func (b behind) CanMatch(s int) bool { return s != 0 }
func (b behind) WillAlwaysMatch(s int) bool {
	return s > 0 && b.typing.WillAlwaysMatch(s)
}

func (b behind) Accept(s int, c byte) int {
	if s < 0 {
		if c != b.letter {
			return 0
		}
		return b.typing.Start()
	}
	return b.typing.Accept(s, c)
}

// show turns a document into a suggestion: with the one of its titles that was
// found, and the characters in it that were typed.
func (s *suggesting) show(a spelled) error {
	doc, err := s.view.document(a.doc)
	if err != nil {
		return err
	}
	for _, title := range append([]string{doc.Title}, doc.AlternativeTitles...) {
		f := s.words.Fold(title)
		syllables := s.words.readings.of(f.Runes)
		for _, start := range s.words.starts(f.Runes) {
			if spell(f.Runes, syllables, start) != a.spelling {
				continue
			}
			end, ok := s.end(f.Runes, syllables, start)
			if !ok {
				continue
			}
			s.out = append(s.out, catalog.Suggestion{
				Text: title, Kind: doc.Kind, Slug: doc.Slug,
				Ranges: []catalog.TextRange{{Start: f.Start(start), End: f.End(end)}},
			})
			return nil
		}
	}
	return nil
}

// end gives the character of the folded title just after the last one that was
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
