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
	var w warmer
	for _, s := range v.segments {
		if len(s.ids) < 1000 { // in a small one every list is long
			continue
		}
		must(t, v.warm(s, document.FieldWords, &w))
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
	var w warmer
	w.stop.Store(true)
	for _, s := range v.segments {
		must(t, v.warm(s, document.FieldGrams, &w))
		if _, ok := v.cache.Get(listKey{s.id, listName{listCounted, document.FieldGrams, "协"}}); ok {
			t.Error("lists are read though it was told to stop")
		}
	}
}

// Whoever reads ahead rests while somebody searches, and takes a turn after a while all
// the same.
func TestReadingAheadMakesWay(t *testing.T) {
	var busy atomic.Int64
	turn := turns{busy: &busy}
	turn.offer()
	if turn.mine {
		t.Error("a turn is taken from searches that there are none of")
	}
	busy.Store(1)
	turn.offer()
	if !turn.mine {
		t.Error("it rests for as long as somebody searches")
	}
}
