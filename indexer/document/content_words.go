package document

import (
	"encoding/binary"

	"github.com/jisiguangyi/jisi/indexer/text"
)

// FieldContentWords holds a document's content words in their order, cut when the
// document was, so that no analysis cuts a text. It is written as the words
// that the document has, each once, and then their numbers, 0 where a text
// ends; see ContentWords.Bytes, and corpus, which reads it.
const FieldContentWords = "q"

// ContentWords is a document's content words as they come.
type ContentWords struct {
	words   []string
	numbers map[string]uint64
	order   []uint64 // 1 is words[0]; 0 ends a text
}

// isOwnText reports whether a text is one that the record itself says: not
// another name of its, nor the name of what it belongs to.
func isOwnText(field string) bool {
	switch field {
	case "alternativeTitles", "brand.name", "committee.name", "region.name", "topics.name":
		return false
	}
	return true
}

// Add takes the words of one of the document's texts, as text.Words.CutSearch returns them.
func (q *ContentWords) Add(w *text.Words, field string, cut []text.Word) {
	if !isOwnText(field) {
		return
	}
	for _, t := range text.PlainOf(cut) {
		if !w.IsContent(t.Text) {
			continue
		}
		n, ok := q.numbers[t.Text]
		if !ok {
			if q.numbers == nil {
				q.numbers = map[string]uint64{}
			}
			q.words = append(q.words, t.Text)
			n = uint64(len(q.words))
			q.numbers[t.Text] = n
		}
		q.order = append(q.order, n)
	}
	if last := len(q.order) - 1; last >= 0 && q.order[last] != 0 {
		q.order = append(q.order, 0)
	}
}

// Bytes writes the sequence down.
func (q *ContentWords) Bytes() []byte {
	e := encoder{b: make([]byte, 0, 2048)}
	e.strings(q.words)
	for _, n := range q.order {
		e.b = binary.AppendUvarint(e.b, n)
	}
	return e.b
}
