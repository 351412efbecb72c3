package indexer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
)

// Lists are read from the files of segments without zap's iterator, which says what is
// right: in lists of one document and of all, in several chunks, and with counts of any
// size, which come in two forms.
func TestListsOfAFileAreWhatZapReadsOfIt(t *testing.T) {
	docs := randomCases(2300)
	for i, often := range []int{63, 64, 127, 128, 254, 255, 256, 20_000} {
		docs[i*7].Fields[0].Text += strings.Repeat("协商蛋。", often)
		docs[i*7+1].Title += fmt.Sprint("唯独", often)
	}
	x, _ := indexOf(t, docs...)
	v := x.acquire()
	defer v.release()
	type form struct {
		set, own bool // a bitmap; counts that are the file's own
	}
	met := map[form]int{}
	for _, s := range v.segments {
		if _, ok := s.segment.(interface{ Path() string }); !ok {
			t.Fatal("a segment is in memory, and has no file")
		}
		for _, field := range []string{document.FieldGrams, document.FieldWords, document.FieldKeys, document.FieldContentWords, "none"} {
			counted := field == document.FieldGrams || field == document.FieldWords
			lengths := map[string]int{}
			must(t, s.lists.EachLength(field, func(term []byte, n int) bool {
				lengths[string(term)] = n
				return true
			}))
			terms := 0
			must(t, docset.EachTerm(s.segment, field, "", func(term string, want *docset.Postings) error {
				terms++
				got, err := s.lists.Plain(field, term)
				must(t, err)
				if diff := cmp.Diff(want, got); diff != "" || lengths[term] != want.Len {
					t.Fatalf("%s:%q has %d documents (-zap's +ours):\n%s", field, term, lengths[term], diff)
				}
				if !counted {
					return nil
				}
				counts := func(p *docset.Postings, err error) (out []uint8) {
					must(t, err)
					for i := range p.Len {
						out = append(out, p.Count(i))
					}
					return out
				}
				if diff := cmp.Diff(counts(docset.ReadFrequencies(s.segment, field, term, want)), counts(s.lists.Counted(field, term))); diff != "" {
					t.Fatalf("counts of %s:%q (-zap's +ours):\n%s", field, term, diff)
				}
				got, _ = s.lists.Counted(field, term)
				met[form{got.Bitmap != nil, got.Step == 1}]++
				return nil
			}))
			if terms != len(lengths) {
				t.Errorf("field %s has %d terms, and %d lengths are told", field, terms, len(lengths))
			}
		}
		for _, term := range []string{"", "没有", "协商协", "\xff"} {
			if p, err := s.lists.Plain(document.FieldGrams, term); err != nil || p != docset.Empty {
				t.Errorf("%q, which is not there, has %d documents, %v", term, p.Len, err)
			}
		}
	}
	if len(met) != 4 {
		t.Errorf("lists of these forms were met: %v, want all four", met)
	}
}
