package indexer

import (
	"sync/atomic"
	"testing"

	"github.com/jisiguangyi/jisi/indexer/document"
)

func TestLongListsAreReadAhead(t *testing.T) {
	x, _ := indexOf(t, randomCases(2200)...)
	v := x.acquire()
	defer v.release()
	var stop atomic.Bool
	for _, s := range v.segments {
		if len(s.ids) < 1000 { // in a small one every list is long
			continue
		}
		must(t, v.warm(s, document.FieldWords, &stop))
		long, ok := v.cache.Get(listKey{s.id, listName{listCounted, document.FieldWords, "协商"}})
		if !ok {
			t.Fatalf("a list of most of %d documents is not read ahead", len(s.ids))
		}
		if list, err := v.postings(t.Context(), s, document.FieldWords, "协商"); err != nil || list.Len != long.Len || long.Len < len(s.ids)/2 {
			t.Errorf("read ahead %d of %d documents, %v", long.Len, list.Len, err)
		}
		for _, rare := range []string{"第0号", "2099"} {
			if _, ok := v.cache.Get(listKey{s.id, listName{listCounted, document.FieldWords, rare}}); ok {
				t.Errorf("the short list of %s is read ahead", rare)
			}
		}
	}
}

func TestReadingAheadStops(t *testing.T) {
	x, _ := indexOf(t, randomCases(warmAtLeast-1)...) // so few that nobody else reads their lists ahead
	v := x.acquire()
	defer v.release()
	var stop atomic.Bool
	stop.Store(true)
	for _, s := range v.segments {
		must(t, v.warm(s, document.FieldGrams, &stop))
		if _, ok := v.cache.Get(listKey{s.id, listName{listCounted, document.FieldGrams, "协"}}); ok {
			t.Error("lists are read though it was told to stop")
		}
	}
}
