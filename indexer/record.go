package indexer

import (
	"fmt"
	"strconv"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/suggest"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// record is a document on its way into bleve. It brings its terms with it:
// bleve's own mappings and analyzers are not used, since they would cut each
// text twice and know no way to put words and grams beside each other.
type record struct {
	id     string
	fields []index.Field
	bytes  int
}

// newRecord cuts the document's texts into terms.
func newRecord(w *Words, d *catalog.Document) *record {
	r := &record{id: strconv.FormatInt(int64(d.ID), 10)}
	words, gs := termCounts{}, termCounts{}
	kept := document.Stored{Document: d}
	var content document.ContentWords
	for _, part := range document.Texts(d) {
		r.bytes += len(part.Text)
		folded := w.Fold(part.Text)
		kept.Readable = append(kept.Readable, text.Readable(part.Text, folded))
		f := folded.Runes
		cut := w.CutSearch(f)
		for _, t := range cut {
			words.add(t.Text)
		}
		content.Add(w, part.Name, cut)
		text.IndexGrams(f, gs.add)
	}
	keys := termCounts{}
	for _, k := range documentKeys(d, words.total(), gs.total()) {
		keys.add(k)
	}
	r.add(document.FieldWords, words, index.IndexField)
	r.add(document.FieldGrams, gs, index.IndexField)
	r.add(document.FieldKeys, keys, uncounted)
	spelled := termCounts{}
	suggest.EachSpelling(w, d, spelled.add)
	r.add(suggest.Field, spelled, uncounted)
	r.fields = append(r.fields, &field{name: document.FieldStored, value: document.Encode(kept), options: index.StoreField},
		&field{name: document.FieldContentWords, value: content.Bytes(), options: index.StoreField})
	for _, named := range []struct {
		field string
		texts []string
	}{
		{document.FieldTitle, append([]string{d.Title}, d.AlternativeTitles...)},
		{document.FieldBrand, d.Names.Brand},
		{document.FieldCommittee, d.Names.Committee},
		{document.FieldRegion, d.Names.Region},
		{document.FieldTopic, d.Names.Topics},
	} {
		terms := termCounts{}
		for _, s := range named.texts {
			text.IndexGrams(w.Fold(s).Runes, terms.add)
		}
		r.add(named.field, terms, uncounted)
	}
	return r
}

// uncounted says of a field that its terms are not counted.
const uncounted = index.IndexField | index.SkipFreqNorm

// add adds a field of terms, unless it would be empty. All have the same length:
// a norm is of no use here, and a term that stands once in one document takes no
// room beside its name where its norm is one.
func (r *record) add(name string, terms termCounts, options index.FieldIndexingOptions) {
	if len(terms) > 0 {
		r.fields = append(r.fields, &field{name: name, terms: terms.frequencies(), length: 1, options: options})
	}
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

// termCounts counts how often each term stands in a document.
type termCounts map[string]int

func (t termCounts) add(term string) { t[term]++ }

func (t termCounts) total() int {
	n := 0
	for _, c := range t {
		n += c
	}
	return n
}

func (t termCounts) frequencies() index.TokenFrequencies {
	out := make(index.TokenFrequencies, len(t))
	all := make([]index.TokenFreq, len(t)) // one allocation for all
	i := 0
	for term, n := range t {
		all[i].Term = []byte(term)
		all[i].SetFrequency(n)
		out[term] = &all[i]
		i++
	}
	return out
}

// ID and the other methods make record a document of bleve's.
func (r *record) ID() string                                 { return r.id }
func (r *record) Size() int                                  { return r.bytes * 8 }
func (r *record) HasComposite() bool                         { return false }
func (r *record) VisitComposite(index.CompositeFieldVisitor) {}
func (r *record) NumPlainTextBytes() uint64                  { return uint64(r.bytes) }
func (r *record) StoredFieldsBytes() uint64                  { return uint64(r.bytes) }
func (r *record) Indexed() bool                              { return false }
func (r *record) String() string                             { return fmt.Sprintf("record %s", r.id) }

func (r *record) VisitFields(visit index.FieldVisitor) {
	for _, f := range r.fields {
		visit(f)
	}
}

// AddIDField adds the field by which bleve finds the document to replace it.
func (r *record) AddIDField() {
	terms := termCounts{r.id: 1}
	r.fields = append(r.fields, &field{
		name: document.FieldID, value: []byte(r.id), terms: terms.frequencies(), length: 1,
		options: index.IndexField | index.StoreField,
	})
}

// field is one field of a record.
type field struct {
	name    string
	value   []byte
	terms   index.TokenFrequencies
	length  int
	options index.FieldIndexingOptions
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {} // the terms came with the record
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }
