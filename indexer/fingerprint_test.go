package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/suggest"
)

func formOf(r *record) string {
	h := sha256.New()
	r.writeTo(h)
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheFingerprintHangsOnAllThatIsWritten(t *testing.T) {
	record := func() *record { return newRecord(testWords(), specimen()) }
	want := formOf(record())
	if got := formOf(record()); got != want {
		t.Fatalf("the same record has the prints %s and %s", want, got)
	}
	seen := map[string]string{want: "the specimen"}
	for name, change := range map[string]func(r *field){
		"name":    func(f *field) { f.name += "2" },
		"value":   func(f *field) { f.value = append([]byte{1}, f.value...) },
		"length":  func(f *field) { f.length++ },
		"options": func(f *field) { f.options |= index.DocValues },
		"a term":  func(f *field) { f.terms = termCounts{"三点半": 1}.frequencies() },
		"a count": func(f *field) {
			for _, n := range f.terms {
				n.SetFrequency(n.Frequency() + 1)
				return
			}
		},
	} {
		r := record()
		change(r.fields[0].(*field))
		got := formOf(r)
		if before, ok := seen[got]; ok {
			t.Errorf("a change of %s does not tell from %s", name, before)
		}
		seen[got] = name
	}
}

func TestTheSpecimenHasSomethingInEveryField(t *testing.T) {
	r := newRecord(testWords(), specimen())
	have := map[string]bool{}
	for _, f := range r.fields {
		have[f.Name()] = len(f.AnalyzedTokenFrequencies()) > 0 || len(f.Value()) > 0
	}
	for _, name := range []string{
		document.FieldWords, document.FieldGrams, document.FieldKeys, document.FieldStored, suggest.Field, document.FieldTitle, document.FieldBrand, document.FieldCommittee, document.FieldRegion, document.FieldTopic,
	} {
		if !have[name] {
			t.Errorf("there is nothing in field %s: its form is not in the fingerprint", name)
		}
	}
	letters := map[byte]bool{}
	for _, f := range r.fields {
		if f.Name() == document.FieldKeys {
			for term := range f.AnalyzedTokenFrequencies() {
				letters[term[0]] = true
			}
		}
	}
	for _, letter := range "KLORTBCYDASwg" {
		if !letters[byte(letter)] {
			t.Errorf("there is no key %c", letter)
		}
	}
}
