package indexer

import (
	"fmt"
	"strconv"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The fields of the index. Only fieldWords and fieldGrams are scored.
const (
	fieldID     = "_id"
	fieldWords  = "w" // words of all texts and names, as jieba cuts them
	fieldGrams  = "g" // characters and pairs of them, of the same
	fieldKeys   = "k" // what a search filters, counts and sorts by: a letter and a key
	fieldStored = "s" // the document itself
	// The grams of a title or a name, for field:… in a query.
	fieldTitle     = "ft"
	fieldBrand     = "fb"
	fieldCommittee = "fc"
	fieldRegion    = "fr"
	fieldTopic     = "fo"
)

// The letters that say what a key of fieldKeys is.
const (
	keyKind      = 'K'
	keyLevel     = 'L'
	keyOrigin    = 'O'
	keyRegion    = 'R' // own region and those above
	keyTopic     = 'T' // own topics and those above
	keyBrand     = 'B' // own brand and those above
	keyCommittee = 'C'
	keyYear      = 'Y'
	keyDate      = 'D'
	keyAdoptions = 'A'
	keySteps     = 'S'
	keyWordCount = 'w' // length in words
	keyGramCount = 'g' // length in grams
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
	kept := stored{Document: d}
	var content sequence
	for _, part := range documentTexts(d) {
		r.bytes += len(part.Text)
		folded := w.Fold(part.Text)
		kept.readable = append(kept.readable, text.Readable(part.Text, folded))
		f := folded.Runes
		cut := w.CutSearch(f)
		for _, t := range cut {
			words.add(t.Text)
		}
		content.add(w, part.Name, cut)
		text.Grams(f, func(gram string, _, _ int) { gs.add(gram) })
	}
	keys := termCounts{}
	for _, k := range documentKeys(d, words.total(), gs.total()) {
		keys.add(k)
	}
	r.add(fieldWords, words, index.IndexField)
	r.add(fieldGrams, gs, index.IndexField)
	r.add(fieldKeys, keys, uncounted)
	r.add(fieldSpelled, spellings(w, d), uncounted)
	r.fields = append(r.fields, &field{name: fieldStored, value: encodeStored(kept), options: index.StoreField},
		&field{name: fieldSequence, value: content.bytes(), options: index.StoreField})
	for _, named := range []struct {
		field string
		texts []string
	}{
		{fieldTitle, append([]string{d.Title}, d.AlternativeTitles...)},
		{fieldBrand, d.Names.Brand},
		{fieldCommittee, d.Names.Committee},
		{fieldRegion, d.Names.Region},
		{fieldTopic, d.Names.Topics},
	} {
		terms := termCounts{}
		for _, s := range named.texts {
			text.Grams(w.Fold(s).Runes, func(gram string, _, _ int) { terms.add(gram) })
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

// documentTexts are the searchable texts of a document with the names that
// highlights give them, in reading order.
func documentTexts(d *catalog.Document) []catalog.DocumentField {
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
	if k == catalog.KindBrand {
		return "name"
	}
	return "title"
}

func documentKeys(d *catalog.Document, words, gs int) []string {
	keys := []string{
		key(keyKind, string(d.Kind)),
		key(keyLevel, string(d.Level)),
		key(keyOrigin, string(d.Origin)),
		key(keyWordCount, strconv.Itoa(words)),
		key(keyGramCount, strconv.Itoa(gs)),
	}
	optional := func(letter byte, values ...string) {
		for _, v := range values {
			if v != "" && v != "0" {
				keys = append(keys, key(letter, v))
			}
		}
	}
	optional(keyRegion, append(d.Regions, d.Region)...)
	optional(keyTopic, append(d.Topics, d.OwnTopics...)...)
	optional(keyBrand, d.Brands...)
	optional(keyCommittee, d.Committee)
	optional(keyYear, strconv.Itoa(d.Year))
	optional(keyDate, strconv.Itoa(d.Date))
	optional(keyAdoptions, strconv.Itoa(d.AdoptionCount))
	for _, s := range d.Steps {
		optional(keySteps, string(s))
	}
	return keys
}

func key(letter byte, value string) string { return string(letter) + value }

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
		name: fieldID, value: []byte(r.id), terms: terms.frequencies(), length: 1,
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
