package indexer

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

// manyCases are n cases about black soil, some more than others.
func manyCases(n int) []*catalog.Document {
	var out []*catalog.Document
	for i := range n {
		d := doc(catalog.ID(i+1), fmt.Sprintf("第%d号黑土地保护", i), "")
		for range i % 7 {
			d.Fields = append(d.Fields, catalog.DocumentField{Name: "background", Text: "黑土地是耕地中的大熊猫。"})
		}
		d.Date = 20200101 + i%5
		if i%9 == 0 {
			d.Date = 0
		}
		out = append(out, d)
	}
	return out
}

// pages turns all pages of a query and calls between before each but the first.
func pages(t *testing.T, x *Index, q catalog.SearchQuery, between func()) []catalog.ID {
	t.Helper()
	var ids []catalog.ID
	for {
		p := searchFor(t, x, q)
		ids = append(ids, idsOf(p)...)
		if !p.HasNext {
			return ids
		}
		q.After = p.Hits[len(p.Hits)-1].Cursor
		between()
	}
}

func TestPagesTogetherAreTheWholeInEveryOrder(t *testing.T) {
	x, _ := indexOf(t, manyCases(173)...)
	for _, order := range []catalog.SearchOrder{"", catalog.OrderRelevance, catalog.OrderNewest, catalog.OrderOldest} {
		q := catalog.SearchQuery{Query: "黑土地", Order: order}
		q.First = 100
		whole := pages(t, x, q, func() {})
		if len(whole) != 173 {
			t.Errorf("order %q: got %d hits, want 173", order, len(whole))
		}
		q.First = 7
		if diff := cmp.Diff(whole, pages(t, x, q, func() {})); diff != "" {
			t.Errorf("order %q: pages of 100 and of 7 differ (-100 +7):\n%s", order, diff)
		}
	}
}

func TestOrderByDatePutsTheUndatedLast(t *testing.T) {
	docs := manyCases(20)
	x, _ := indexOf(t, docs...)
	for _, order := range []catalog.SearchOrder{catalog.OrderNewest, catalog.OrderOldest} {
		undated := false
		last := 0
		for _, h := range searchFor(t, x, catalog.SearchQuery{Query: "黑土地", Order: order}).Hits {
			date := docs[h.ID-1].Date
			switch {
			case date == 0:
				undated = true
			case undated:
				t.Errorf("order %s: a dated hit after an undated one", order)
			case last != 0 && (order == catalog.OrderNewest) != (date <= last) && date != last:
				t.Errorf("order %s: %d after %d", order, date, last)
			}
			if date != 0 {
				last = date
			}
		}
	}
}

func TestPagesAreOfOneStateWhileTheIndexChanges(t *testing.T) {
	x, src := indexOf(t, manyCases(60)...)
	q := catalog.SearchQuery{Query: "黑土地", First: 20}
	want := pages(t, x, q, func() {})
	n := catalog.ID(1000)
	got := pages(t, x, q, func() {
		n++
		src.put(doc(n, "黑土地黑土地黑土地", "黑土地"))
		must(t, x.CatchUp(t.Context(), src))
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages (-of a still index +of a changing one):\n%s", diff)
	}
}

func TestAWithdrawnRecordIsOnNoLaterPage(t *testing.T) {
	x, src := indexOf(t, manyCases(40)...)
	q := catalog.SearchQuery{Query: "黑土地", First: 20}
	all := pages(t, x, q, func() {})
	gone := all[30]
	for _, id := range pages(t, x, q, func() {
		if src.docs[gone] != nil {
			src.remove(gone)
			must(t, x.CatchUp(t.Context(), src))
		}
	}) {
		if id == gone {
			t.Errorf("record %d was withdrawn and still shows", gone)
		}
	}
}

func TestAForeignCursorIsRefused(t *testing.T) {
	x, _ := indexOf(t, fewCases()...)
	for _, after := range []string{"x", "AAAA", "////", cursor{mode: 3}.String()} {
		_, err := x.Search(t.Context(), catalog.SearchQuery{Query: "黑土地", First: 1, After: after})
		if catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("after %q: got %v, want INVALID", after, err)
		}
	}
}
