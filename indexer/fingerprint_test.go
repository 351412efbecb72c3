package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/suggest"
)

func formOf(r *record) string {
	h := sha256.New()
	r.writeTo(h)
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheFingerprintHangsOnAllThatIsWritten(t *testing.T) {
	made := func() *record { return newRecord(testWords(), specimen()) }
	want := formOf(made())
	if got := formOf(made()); got != want {
		t.Fatalf("the same record has the prints %s and %s", want, got)
	}
	seen := map[string]string{want: "the specimen"}
	for name, change := range map[string]func(r *record){
		"a stored value": func(r *record) {
			r.values[fieldStored].Stored = append([]byte{1}, r.values[fieldStored].Stored...)
		},
		"a term":  func(r *record) { r.values[fieldWords].Terms[0] = "三点半" },
		"a count": func(r *record) { v := &r.values[fieldWords]; v.Terms = append(v.Terms, v.Terms[0]) },
		"a gram":  func(r *record) { v := &r.values[fieldGrams]; v.Short = append(v.Short, v.Short[0]) },
		"a field": func(r *record) {
			r.values[fieldBrand], r.values[fieldTitle] = r.values[fieldTitle], r.values[fieldBrand]
		},
	} {
		r := made()
		change(r)
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
	for i, f := range fields {
		have[f.Name] = len(r.values[i].Counts()) > 0 || len(r.values[i].Stored) > 0
	}
	for _, name := range []string{
		document.FieldWords, document.FieldGrams, document.FieldKeys, document.FieldStored, suggest.Field, document.FieldTitle, document.FieldBrand, document.FieldCommittee, document.FieldRegion, document.FieldTopic,
	} {
		if !have[name] {
			t.Errorf("there is nothing in field %s: its form is not in the fingerprint", name)
		}
	}
	letters := map[byte]bool{}
	for term := range r.values[fieldKeys].Counts() {
		letters[term[0]] = true
	}
	for _, letter := range "KLORTBCYDASwg" {
		if !letters[byte(letter)] {
			t.Errorf("there is no key %c", letter)
		}
	}
}
