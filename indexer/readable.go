package indexer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// stored is a document as the index keeps it: with its texts in a form that can
// be read without folding.
type stored struct {
	*catalog.Document
	readable []string // one for each of documentTexts
}

// bytes is about what it takes in memory: its texts are parts of one string.
func (s stored) Bytes() int64 {
	n := int64(512 + 16*len(s.readable))
	for _, t := range s.readable {
		n += int64(len(t))
	}
	return n
}

// documentKey names a document of the index.
type documentKey struct {
	id     uint64 // of the segment
	number uint32 // in the segment
}

func (k documentKey) Segment() uint64 { return k.id }

// readableTexts gives the readable forms of a document's texts.
func readableTexts(w *Words, d *catalog.Document) []string {
	texts := documentTexts(d)
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = text.Readable(t.Text, w.Fold(t.Text))
	}
	return out
}

// ownTexts is how many of a document's texts are its own: its title, its other
// titles and its fields. What it is filed under follows them.
func ownTexts(d *catalog.Document) int { return 1 + len(d.AlternativeTitles) + len(d.Fields) }

// encodeStored writes a document down with those of its readable texts that
// are not the texts themselves.
func encodeStored(s stored) []byte {
	e := encoder{b: encodeDocument(s.Document)}
	texts := documentTexts(s.Document)
	other := 0
	for i, t := range texts {
		if s.readable[i] != t.Text {
			other++
		}
	}
	e.int(int64(other))
	for i, t := range texts {
		if s.readable[i] != t.Text {
			e.int(int64(i))
			e.string(s.readable[i])
		}
	}
	return e.b
}

// ownText is one of a document's own texts, with its readable form.
type ownText struct{ name, text, readable string }

// decodeOwn reads the kind and the own texts of what encodeStored wrote, in the
// order of documentTexts, without a copy of any: they are parts of s. to is room
// to work in.
func decodeOwn(s string, to []ownText) ([]ownText, error) {
	e := decoder{s: s}
	e.int() // id
	title := titleName(catalog.RecordKind(e.string()))
	_, _ = e.string(), e.int() // slug, version
	add := func(name, text string) { to = append(to, ownText{name, text, text}) }
	to = to[:0]
	add(title, e.string())
	for n := e.count(); n > 0; n-- {
		add("alternativeTitles", e.string())
	}
	for n := e.count(); n > 0; n-- {
		name := e.string()
		add(name, e.string())
	}
	e.rest(&catalog.Document{})
	for n := e.count(); n > 0; n-- {
		i, text := e.int(), e.string()
		if i >= 0 && i < int64(len(to)) { // those that follow are not its own
			to[i].readable = text
		}
	}
	return to, e.failure(len(s))
}

// decodeStored reads what encodeStored wrote.
func decodeStored(b []byte) (stored, error) {
	e := decoder{s: string(b)}
	d := e.document()
	texts := documentTexts(d)
	s := stored{Document: d, readable: make([]string, len(texts))}
	for i, t := range texts {
		s.readable[i] = t.Text
	}
	for n := e.count(); n > 0; n-- {
		i, text := e.int(), e.string()
		if i < 0 || i >= int64(len(texts)) {
			e.fail()
			break
		}
		s.readable[i] = text
	}
	return s, e.failure(len(b))
}
