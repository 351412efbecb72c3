package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/internal/wordstest"
)

// wordsOnly is a segment that has nothing but the content words of its documents.
type wordsOnly struct {
	segment.Segment
	docs [][]byte
}

func (s *wordsOnly) Count() uint64 { return uint64(len(s.docs)) }
func (s *wordsOnly) VisitStoredFields(n uint64, visit segment.StoredFieldValueVisitor) error {
	visit(document.FieldContentWords, 't', s.docs[n], nil)
	return nil
}

// Words are the same wherever their codes are: in a file, in memory, and in memory after
// all since the file could not be written, at its first block or at its last.
func TestCodesOfWordsAreKeptInAFileOrInMemory(t *testing.T) {
	w := wordstest.Load()
	segments := map[string]*wordsOnly{"nothing": {}, "few": {}, "many": {}}
	for name, n := range map[string]int{"few": 3, "many": 9000} {
		for i := range n {
			var words document.ContentWords
			words.Add(w, "text", w.CutSearch([]rune(fmt.Sprintf("协商黑土地保护第%d次，养老服务与停车改造。", i))))
			segments[name].docs = append(segments[name].docs, words.Bytes())
		}
	}
	read := func(q *contentWords, s segment.Segment) (out []int) {
		to := vocabulary{numbers: map[string]uint32{}}
		if err := q.read(t.Context(), s, &to); err != nil {
			t.Fatal(err)
		}
		for d := range uint32(s.Count()) {
			q.each(d, func(word int) { out = append(out, word) })
		}
		return out
	}
	for name, s := range segments {
		want := read(newContentWords(s, ""), s)
		dir := t.TempDir()
		inFile := newContentWords(s, dir)
		if inFile.to.file == nil {
			t.Fatal("there is no file")
		}
		full := newContentWords(s, dir)
		_ = full.to.file.Close()
		for how, q := range map[string]*contentWords{"a file": inFile, "no folder": newContentWords(s, filepath.Join(dir, "none")), "a file that cannot be written": full} {
			if diff := cmp.Diff(want, read(q, s)); diff != "" {
				t.Errorf("%s, %s (-in memory +so):\n%s", name, how, diff)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: %v is left in the folder, %v", name, left, err)
		}
		if name == "many" && len(want) < 1<<16 {
			t.Errorf("%d codes are no more than a block", len(want))
		}
	}
}
