package indexer

import (
	"strconv"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/segment"
	"github.com/jisiguangyi/jisi/indexer/suggest"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// fields are the fields of the index: the one that bleve finds a document by, and the
// others in the order of their names.
var fields = []segment.Field{
	{Name: document.FieldID, Options: index.IndexField | index.StoreField},
	fieldBrand:        {Name: document.FieldBrand, Options: uncounted},
	fieldCommittee:    {Name: document.FieldCommittee, Options: uncounted},
	fieldTopic:        {Name: document.FieldTopic, Options: uncounted},
	fieldRegion:       {Name: document.FieldRegion, Options: uncounted},
	fieldTitle:        {Name: document.FieldTitle, Options: uncounted},
	fieldGrams:        {Name: document.FieldGrams, Options: index.IndexField},
	fieldKeys:         {Name: document.FieldKeys, Options: uncounted},
	fieldSpellings:    {Name: suggest.Field, Options: uncounted},
	fieldContentWords: {Name: document.FieldContentWords, Options: index.StoreField},
	fieldStored:       {Name: document.FieldStored, Options: index.StoreField},
	fieldWords:        {Name: document.FieldWords, Options: index.IndexField},
}

// The places of the fields in the table.
const (
	fieldBrand = 1 + iota
	fieldCommittee
	fieldTopic
	fieldRegion
	fieldTitle
	fieldGrams
	fieldKeys
	fieldSpellings
	fieldContentWords
	fieldStored
	fieldWords
	fieldCount
)

// uncounted says of a field that its terms are not counted.
const uncounted = index.IndexField | index.SkipFreqNorm

// record is a document cut into terms, on its way into a segment. It brings its terms
// with it: bleve's own mappings and analyzers are not used, since they would cut each
// text twice and know no way to put words and grams beside each other.
type record struct {
	id     string
	values [fieldCount]segment.Value
	bytes  int
}

// newRecord cuts the document's texts into terms.
func newRecord(w *Words, d *catalog.Document) *record {
	r := &record{}
	r.cut(w, d)
	return r
}

// cut makes r the record of a document, in the room that it has.
func (r *record) cut(w *Words, d *catalog.Document) {
	r.id, r.bytes = strconv.FormatInt(int64(d.ID), 10), 0
	for i := range r.values {
		v := &r.values[i]
		clear(v.Terms)
		v.Terms, v.Short, v.Stored = v.Terms[:0], v.Short[:0], nil
	}
	kept := document.Stored{Document: d}
	var content document.ContentWords
	words := &r.values[fieldWords]
	for _, part := range document.Texts(d) {
		r.bytes += len(part.Text)
		folded := w.Fold(part.Text)
		kept.Readable = append(kept.Readable, text.Readable(part.Text, folded))
		f := folded.Runes
		cut := w.CutSearch(f)
		for _, t := range cut {
			words.Terms = append(words.Terms, t.Text)
		}
		content.Add(w, part.Name, cut)
		r.addGrams(fieldGrams, f)
	}
	grams := &r.values[fieldGrams]
	keys := &r.values[fieldKeys]
	keys.Terms = append(keys.Terms, documentKeys(d, len(words.Terms), len(grams.Short)+len(grams.Terms))...)
	suggest.EachSpelling(w, d, func(term string) { r.values[fieldSpellings].Terms = append(r.values[fieldSpellings].Terms, term) })
	r.values[fieldStored].Stored = document.Encode(kept)
	r.values[fieldContentWords].Stored = content.Bytes()
	for _, named := range []struct {
		field int
		texts []string
	}{
		{fieldTitle, append([]string{d.Title}, d.AlternativeTitles...)},
		{fieldBrand, d.Names.Brand},
		{fieldCommittee, d.Names.Committee},
		{fieldRegion, d.Names.Region},
		{fieldTopic, d.Names.Topics},
	} {
		for _, s := range named.texts {
			r.addGrams(named.field, w.Fold(s).Runes)
		}
	}
}

// addTo adds the record to a segment.
func (r *record) addTo(b *segment.Builder) { b.Add(r.id, r.values[:], r.bytes) }

// addGrams adds the grams of a folded text to a field.
func (r *record) addGrams(field int, f []rune) {
	v := &r.values[field]
	text.IndexGrams(f,
		func(a, b rune) { v.Short = append(v.Short, segment.Short(a, b, 0)) },
		func(gram string) { v.Terms = append(v.Terms, gram) })
}

func documentKeys(d *catalog.Document, words, gs int) []string {
	keys := []string{
		document.Key(document.KeyKind, string(d.Kind)),
		document.Key(document.KeyLevel, string(d.Level)),
		document.Key(document.KeyOrigin, string(d.Origin)),
		document.Key(document.KeyWordCount, strconv.Itoa(words)),
		document.Key(document.KeyGramCount, strconv.Itoa(gs)),
	}
	optional := func(letter byte, values ...string) {
		for _, v := range values {
			if v != "" && v != "0" {
				keys = append(keys, document.Key(letter, v))
			}
		}
	}
	optional(document.KeyRegion, append(d.Regions, d.Region)...)
	optional(document.KeyTopic, append(d.Topics, d.OwnTopics...)...)
	optional(document.KeyBrand, d.Brands...)
	optional(document.KeyCommittee, d.Committee)
	optional(document.KeyYear, strconv.Itoa(d.Year))
	optional(document.KeyDate, strconv.Itoa(d.Date))
	optional(document.KeyAdoptions, strconv.Itoa(d.AdoptionCount))
	for _, s := range d.Steps {
		optional(document.KeySteps, string(s))
	}
	return keys
}
