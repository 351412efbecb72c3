package document

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// Stored is a document as the index keeps it: with its texts in a form that can
// be read without folding.
type Stored struct {
	*catalog.Document
	Readable []string // one for each of Texts
}

// Bytes is about what it takes in memory: its texts are parts of one string.
func (s Stored) Bytes() int64 {
	n := int64(512 + 16*len(s.Readable))
	for _, t := range s.Readable {
		n += int64(len(t))
	}
	return n
}

// ReadableTexts returns the readable forms of a document's texts.
func ReadableTexts(w *text.Words, d *catalog.Document) []string {
	texts := Texts(d)
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = text.Readable(t.Text, w.Fold(t.Text))
	}
	return out
}

// OwnCount is how many of a document's texts are its own: its title, its other
// titles and its fields. What it is filed under follows them.
func OwnCount(d *catalog.Document) int { return 1 + len(d.AlternativeTitles) + len(d.Fields) }

// Encode writes a document down with those of its readable texts that
// are not the texts themselves.
func Encode(s Stored) []byte {
	e := encoder{b: encodeDocument(s.Document)}
	texts := Texts(s.Document)
	other := 0
	for i, t := range texts {
		if s.Readable[i] != t.Text {
			other++
		}
	}
	e.int(int64(other))
	for i, t := range texts {
		if s.Readable[i] != t.Text {
			e.int(int64(i))
			e.string(s.Readable[i])
		}
	}
	return e.b
}

// OwnText is one of a document's own texts, with its readable form.
type OwnText struct{ name, Text, Readable string }

// DecodeOwn reads the kind and the own texts of what Encode wrote, in the
// order of Texts, without a copy of any: they are parts of s. to is room
// to work in.
func DecodeOwn(s string, to []OwnText) ([]OwnText, error) {
	e := Decoder{Rest: s}
	e.int() // id
	title := titleName(catalog.RecordKind(e.String()))
	_, _ = e.String(), e.int() // slug, version
	add := func(name, text string) { to = append(to, OwnText{name, text, text}) }
	to = to[:0]
	add(title, e.String())
	for n := e.Count(); n > 0; n-- {
		add("alternativeTitles", e.String())
	}
	for n := e.Count(); n > 0; n-- {
		name := e.String()
		add(name, e.String())
	}
	e.rest(&catalog.Document{})
	for n := e.Count(); n > 0; n-- {
		i, text := e.int(), e.String()
		if i >= 0 && i < int64(len(to)) { // those that follow are not its own
			to[i].Readable = text
		}
	}
	return to, e.failure(len(s))
}

// Decode reads what Encode wrote.
func Decode(b []byte) (Stored, error) {
	e := Decoder{Rest: string(b)}
	d := e.document()
	texts := Texts(d)
	s := Stored{Document: d, Readable: make([]string, len(texts))}
	for i, t := range texts {
		s.Readable[i] = t.Text
	}
	for n := e.Count(); n > 0; n-- {
		i, text := e.int(), e.String()
		if i < 0 || i >= int64(len(texts)) {
			e.fail()
			break
		}
		s.Readable[i] = text
	}
	return s, e.failure(len(b))
}

// Texts returns the searchable texts of a document, by the names that highlights
// show, in reading order.
func Texts(d *catalog.Document) []catalog.DocumentField {
	out := make([]catalog.DocumentField, 0, len(d.Fields)+8)
	add := func(name, text string) { out = append(out, catalog.DocumentField{Name: name, Text: text}) }
	add(titleName(d.Kind), d.Title)
	for _, t := range d.AlternativeTitles {
		add("alternativeTitles", t)
	}
	out = append(out, d.Fields...)
	for _, named := range []struct {
		field string
		texts []string
	}{
		{"brand.name", d.Names.Brand},
		{"committee.name", d.Names.Committee},
		{"region.name", d.Names.Region},
		{"topics.name", d.Names.Topics},
	} {
		for _, t := range named.texts {
			add(named.field, t)
		}
	}
	return out
}

// titleName is what highlights call the title of a record of the kind.
func titleName(k catalog.RecordKind) string {
	switch k {
	case catalog.KindBrand, catalog.KindCommittee, catalog.KindRegion, catalog.KindPerson, catalog.KindVenue:
		return "name"
	case catalog.KindNeed:
		return "problem"
	}
	return "title"
}
