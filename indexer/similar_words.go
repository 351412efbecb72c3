package indexer

import (
	"context"
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// wordsAtMost is how many words of a segment's dictionary are looked at.
const wordsAtMost = 300

// wordsLike returns the words of the index that an automaton accepts, with the number
// of documents that have each, deleted ones among them, but none that is out of scope.
func (v *view) wordsLike(ctx context.Context, a *text.RuneAutomaton) (map[string]int, error) {
	out := map[string]int{}
	for _, s := range v.segments {
		dict, err := s.segment.Dictionary(document.FieldWords)
		if err != nil {
			return nil, fmt.Errorf("indexer: open the dictionary of words: %w", err)
		}
		it := dict.AutomatonIterator(a, nil, nil)
		var list segment.PostingsList
		for i, taken := 0, 0; taken < wordsAtMost && i < 4*wordsAtMost; i++ {
			if i%16 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			entry, err := it.Next()
			if err != nil {
				return nil, fmt.Errorf("indexer: read the dictionary of words: %w", err)
			}
			if entry == nil {
				break
			}
			n, read, err := docset.DocumentFrequency(dict, entry.Term, s.except, list)
			if err != nil {
				return nil, err
			}
			if list = read; n > 0 {
				taken++
				out[entry.Term] += n
			}
		}
	}
	return out, nil
}
