package suggest

import (
	"context"
	"fmt"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
)

// How many spellings are looked at behind each letter: so many that lead
// somewhere, in the order of the dictionary, and so many in all.
const (
	suggestedTerms  = 400
	suggestedLooked = 4 * suggestedTerms
)

// spellingsIn reads the spellings of one segment that begin as was typed, in the
// order of the dictionary.
type spellingsIn struct {
	at   int // of the segment
	seg  docset.Segment
	dict segment.TermDictionary
	it   segment.DictionaryIterator
	term string // where it stands; "" at the end
}

func (r *spellingsIn) next() error {
	entry, err := r.it.Next()
	if err != nil {
		return fmt.Errorf("read the spellings: %w", err)
	}
	r.term = ""
	if entry != nil {
		r.term = entry.Term
	}
	return nil
}

// collect finds what is spelled as was typed behind one of the letters, the best
// first. It reads the segments side by side and takes the records with the
// lowest ids, so that what is found does not hang on how the index came about.
func (s *completion) collect(ctx context.Context, letters ...byte) (all []spelled, err error) {
	for _, letter := range letters {
		if all, err = s.spelledBehind(ctx, letter, all); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, s.compare)
	return all, nil
}

// spelledBehind adds what is spelled as was typed behind a letter.
func (s *completion) spelledBehind(ctx context.Context, letter byte, all []spelled) ([]spelled, error) {
	var readers []*spellingsIn
	for i, seg := range s.segments {
		dict, err := seg.Reader.Dictionary(Field)
		if err != nil {
			return nil, fmt.Errorf("open the spellings: %w", err)
		}
		r := &spellingsIn{at: i, seg: seg, dict: dict, it: dict.AutomatonIterator(behind{s.typing, letter}, []byte{letter}, []byte{letter + 1})}
		if err := r.next(); err != nil {
			return nil, err
		}
		readers = append(readers, r)
	}
	for looked, taken := 0, 0; looked < suggestedLooked && taken < suggestedTerms; looked++ {
		if looked%16 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		term := ""
		for _, r := range readers {
			if r.term != "" && (term == "" || r.term < term) {
				term = r.term
			}
		}
		if term == "" {
			break
		}
		found, err := s.spelledAs(term, readers)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			taken++
		}
		all = append(all, found...)
	}
	return all, nil
}

// spelledAs returns the live documents of the wanted kinds that have a spelling,
// those with the lowest ids, and moves the readers that stand at it on.
func (s *completion) spelledAs(term string, readers []*spellingsIn) (found []spelled, err error) {
	for _, r := range readers {
		if r.term != term {
			continue
		}
		list, err := docset.ReadFrom(r.dict, []byte(term), r.seg.Size())
		if err != nil {
			return nil, err
		}
		list.Each(func(d uint32) {
			kind := s.state.Kind(r.at, d)
			if r.seg.IsDeleted(d) || len(s.kinds) > 0 && !slices.Contains(s.kinds, kind) {
				return
			}
			found = s.keepLowest(found, spelled{r.seg.Base + d, kind, term[0], term[1:]})
		})
		if err := r.next(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// keepLowest adds a document to a list, in the order of ids, that is no longer
// than what can be shown.
func (s *completion) keepLowest(list []spelled, a spelled) []spelled {
	id := s.state.ID(a.doc)
	if len(list) > s.first && s.state.ID(list[len(list)-1].doc) < id {
		return list
	}
	at, _ := slices.BinarySearchFunc(list, id, func(b spelled, id catalog.ID) int { return int(s.state.ID(b.doc) - id) })
	list = slices.Insert(list, at, a)
	return list[:min(len(list), s.first+1)]
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
