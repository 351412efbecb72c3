package segment

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var testFields = []Field{
	{"_id", index.IndexField | index.StoreField},
	{"a", index.IndexField},
	{"b", index.IndexField | index.SkipFreqNorm},
	{"s", index.StoreField},
}

// doc is a document of a test.
type doc struct {
	id     string
	values []Value
}

// zapSegment is the segment that zap itself makes of documents.
func zapSegment(t interface{ Fatal(...any) }, docs []doc) segment.Segment {
	all := make([]index.Document, len(docs))
	for i, d := range docs {
		all[i] = &zapDocument{doc: d}
	}
	s, _, err := (&zap.ZapPlugin{}).New(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// builtSegment is the segment that a Builder makes of them.
func builtSegment(t interface{ Fatal(...any) }, b *Builder, docs []doc) segment.Segment {
	b.Reset()
	for _, d := range docs {
		b.Add(d.id, d.values, 1)
	}
	batch := index.NewBatch()
	b.AddTo(batch)
	all := slices.Collect(maps.Values(batch.IndexOps))
	s, _, err := (&Plugin{}).New(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// contents returns all that is in a segment, as text.
func contents(t interface{ Fatal(...any) }, s segment.Segment) []string {
	var out []string
	fatal := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range testFields {
		dict, err := s.Dictionary(f.Name)
		fatal(err)
		it := dict.AutomatonIterator(nil, nil, nil)
		for {
			entry, err := it.Next()
			fatal(err)
			if entry == nil {
				break
			}
			list, err := dict.PostingsList([]byte(entry.Term), nil, nil)
			fatal(err)
			line := fmt.Sprintf("%s %q %d:", f.Name, entry.Term, list.Count())
			for p := list.Iterator(true, true, true, nil); ; {
				next, err := p.Next()
				fatal(err)
				if next == nil {
					break
				}
				line += fmt.Sprintf(" %d×%d/%g", next.Number(), next.Frequency(), next.Norm())
			}
			out = append(out, line)
		}
	}
	for d := range s.Count() {
		fatal(s.VisitStoredFields(d, func(field string, typ byte, value []byte, at []uint64) bool {
			out = append(out, fmt.Sprintf("%d %s %c %q %v", d, field, typ, value, at))
			return true
		}))
	}
	return out
}

func randomDocs(t *rapid.T) []doc {
	return madeDocs(rapid.SampledFrom([]int{1, 2, 7, 60}).Draw(t, "documents"), rapid.IntRange(1, 1000).Draw(t, "seed"))
}

func madeDocs(n, seed int) []doc {
	terms := []string{"协", "协商", "协商案", "吉思广益", "e", "5g", "btx", "2021", "pm2.5", "a", "ab", "abc", "abcd", "\x01x", "\U00020000协", "\uFFFD", "\xff", "é", "长春市政协委员"}
	short := []uint64{Short('协', 0, 0), Short('协', '商', 0), Short('a', 0, 0), Short('长', '春', '市'), Short(0x10FFFF, 0x10FFFF, 0x10FFFF)}
	docs := make([]doc, n)
	for i := range docs {
		v := make([]Value, len(testFields))
		for j := range terms {
			for range (i*7 + j*seed) % 5 / 2 {
				v[1].Terms = append(v[1].Terms, terms[j])
			}
			if (i+j*seed)%3 == 0 {
				v[2].Terms = append(v[2].Terms, terms[j])
			}
		}
		for j := range short {
			for range (i*3 + j*seed) % 4 / 2 {
				v[1].Short = append(v[1].Short, short[j])
			}
		}
		v[1].Terms = append(v[1].Terms, fmt.Sprint("alone", i))
		if (i+seed)%4 != 0 {
			v[3].Stored = []byte(strings.Repeat(fmt.Sprint("kept ", i), i%9))
		}
		docs[i] = doc{fmt.Sprint(100000 + i), v}
	}
	return docs
}

func TestASegmentHasWhatZapWouldHaveMadeOfTheDocuments(t *testing.T) {
	b := NewBuilder(testFields)
	check := func(t interface{ Fatal(...any) }, docs []doc) {
		want, got := contents(t, zapSegment(t, docs)), contents(t, builtSegment(t, b, docs))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal("(-zap's +ours):\n" + diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, randomDocs(t)) })
	for _, n := range []int{1023, 1025, 5000} { // lists in chunks, and bitmaps
		check(t, madeDocs(n, n))
	}
}

func TestSegmentsOfBothKindsMergeAsZapsDo(t *testing.T) {
	merged := func(segments ...segment.Segment) []string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "merged.zap")
		drops := make([]*roaring.Bitmap, len(segments))
		drops[0] = roaring.BitmapOf(0, 3)
		if _, _, err := (&Plugin{}).Merge(segments, drops, path, nil, nil); err != nil {
			t.Fatal(err)
		}
		s, err := (&Plugin{}).Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return contents(t, s)
	}
	docs := madeDocs(3000, 5)
	other := docs[len(docs)/2:]
	docs = docs[:len(docs)/2]
	want := merged(zapSegment(t, docs), zapSegment(t, other))
	ours := builtSegment(t, NewBuilder(testFields), docs)
	for name, got := range map[string][]string{
		"ours beside zap's": merged(ours, zapSegment(t, other)),
		"ours":              merged(ours, builtSegment(t, NewBuilder(testFields), other)),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-zap's +merged):\n%s", name, diff)
		}
	}
}

func TestABatchOfPartsIsRefused(t *testing.T) {
	b := NewBuilder(testFields)
	for i := range 3 {
		b.Add(fmt.Sprint(i), make([]Value, len(testFields)), 1)
	}
	one, other := &document{b, 0}, &document{NewBuilder(testFields), 1}
	for name, docs := range map[string][]index.Document{
		"some":              {one},
		"one twice":         {one, one, &document{b, 1}},
		"another's":         {one, other},
		"one of a stranger": {&zapDocument{}},
	} {
		if _, _, err := (&Plugin{}).New(docs); err == nil {
			t.Errorf("%s: a segment is made", name)
		}
	}
}

// zapDocument is a document in the form that zap takes.
type zapDocument struct{ doc }

func (d *zapDocument) VisitFields(visit index.FieldVisitor) {
	visit(&zapField{testFields[0], Value{Terms: []string{d.id}, Stored: []byte(d.id)}})
	for i, v := range d.values[1:] {
		visit(&zapField{testFields[i+1], v})
	}
}

func (d *zapDocument) ID() string                                 { return d.id }
func (d *zapDocument) Size() int                                  { return 0 }
func (d *zapDocument) VisitComposite(index.CompositeFieldVisitor) {}
func (d *zapDocument) HasComposite() bool                         { return false }
func (d *zapDocument) NumPlainTextBytes() uint64                  { return 0 }
func (d *zapDocument) AddIDField()                                {}
func (d *zapDocument) StoredFieldsBytes() uint64                  { return 0 }
func (d *zapDocument) Indexed() bool                              { return false }

type zapField struct {
	Field
	v Value
}

func (f *zapField) Name() string             { return f.Field.Name }
func (f *zapField) Value() []byte            { return f.v.Stored }
func (f *zapField) ArrayPositions() []uint64 { return nil }
func (f *zapField) EncodedFieldType() byte   { return 't' }
func (f *zapField) Analyze()                 {}
func (f *zapField) Options() index.FieldIndexingOptions {
	if f.v.Stored == nil {
		return f.Field.Options &^ index.StoreField
	}
	return f.Field.Options
}

func (f *zapField) AnalyzedLength() int { return norm }
func (f *zapField) AnalyzedTokenFrequencies() index.TokenFrequencies {
	out := index.TokenFrequencies{}
	for term, n := range f.v.Counts() {
		out[term] = &index.TokenFreq{Term: []byte(term)}
		out[term].SetFrequency(n)
	}
	return out
}
func (f *zapField) NumPlainTextBytes() uint64 { return 0 }
