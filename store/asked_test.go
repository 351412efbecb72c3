package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// TestQuestionsAreKeptForATime has questions in vain, what was opened after, what is not
// kept, and the end of their time.
func TestQuestionsAreKeptForATime(t *testing.T) {
	s, url := storetest.SeededAt(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	slug := "guilin-lu-shangquan-gaizao"
	must(s.KeepAsked(ctx, []string{"倒闭", "店铺"}, 30))
	must(s.KeepAsked(ctx, []string{"店铺", "倒闭", "倒闭"}, 30)) // the same
	must(s.KeepAsked(ctx, []string{"江泽林"}, 30))            // a person that is held
	must(s.KeepAsked(ctx, []string{"江泽林", "提案"}, 30))
	must(s.KeepAsked(ctx, nil, 30))
	must(s.KeepAsked(ctx, slices.Repeat([]string{"甲"}, 40), 30)) // one word
	many := make([]string, catalog.LongestAsked+1)
	for i := range many {
		many[i] = fmt.Sprint("词", i)
	}
	must(s.KeepAsked(ctx, many, 30))
	must(s.KeepOpened(ctx, []string{"倒闭", "店铺"}, catalog.KindCase, slug, 30))
	must(s.KeepOpened(ctx, []string{"倒闭", "店铺"}, catalog.KindCase, "no-such-case", 30))
	must(s.KeepOpened(ctx, []string{"倒闭", "店铺"}, catalog.KindPerson, "jiang-zelin", 30))
	found, err := s.AskedInVain(ctx, 10)
	must(err)
	var got []string
	for _, q := range found {
		got = append(got, fmt.Sprint(q.Words, q.Times, len(q.Opened)))
	}
	if want := []string{"[倒闭 店铺] 2 1", "[提案] 1 0", "[甲] 1 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if o := found[0].Opened; len(o) == 1 && (o[0].Title != "桂林路商圈改造" || o[0].Kind != catalog.KindCase) {
		t.Errorf("opened: %+v", o)
	}
	// Its time is over: it is told no more, and removed.
	storetest.SQL(t, url, `UPDATE asked SET day = day - 31, until = until - 31`)
	if found, err = s.AskedInVain(ctx, 10); err != nil || len(found) > 0 {
		t.Errorf("%v, %+v is told after its time", err, found)
	}
	must(s.KeepAsked(ctx, []string{"停车"}, 1))
	must(s.TrimAsked(ctx))
	if n, err := s.CountAsked(ctx); n != 1 || err != nil {
		t.Errorf("%v, %d rows are left, want 1", err, n)
	}
	later := catalog.WithClock(ctx, catalog.Clock{Now: func() time.Time { return time.Now().Add(24 * time.Hour) }})
	must(s.TrimAsked(later))
	if n, err := s.CountAsked(ctx); n != 0 || err != nil {
		t.Errorf("%v, %d rows are left the day after, want 0", err, n)
	}
	if !slices.Contains(store.BackupLeavesOut, "asked") || slices.Contains(store.BackupLeavesOut, "lay_words") {
		t.Errorf("backups leave out %q", store.BackupLeavesOut)
	}
	// At its bound the table takes no more.
	storetest.SQL(t, url, `INSERT INTO asked (day, until, words, vain) SELECT current_date, current_date + 1, ARRAY['w' || i], true FROM generate_series(1, 50000) i`)
	must(s.KeepAsked(ctx, []string{"停车"}, 30))
	if n, err := s.ForgetAsked(ctx); n != 50_000 || err != nil {
		t.Errorf("%v, %d rows forgotten, want 50,000", err, n)
	}
}

// TestLayWordsAreAcceptedAndDropped has pairs that are given twice, and too many.
func TestLayWordsAreAcceptedAndDropped(t *testing.T) {
	s := storetest.Empty(t)
	ctx := t.Context()
	pair := catalog.LayWord{Lay: "倒闭", Office: "商圈"}
	other := catalog.LayWord{Lay: "倒闭", Office: "营商环境"}
	if err := s.AcceptLayWords(ctx, []catalog.LayWord{other, pair, pair}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.LayWords(ctx); err != nil || !slices.Equal(got, []catalog.LayWord{pair, other}) {
		t.Errorf("%v, %v", err, got)
	}
	many := make([]catalog.LayWord, 2001)
	for i := range many {
		many[i] = catalog.LayWord{Lay: fmt.Sprint("词", i), Office: "公文"}
	}
	if err := s.AcceptLayWords(ctx, many); !invalid(err) {
		t.Errorf("2,001 pairs: %v", err)
	}
	if n, err := s.DropLayWords(ctx, "倒闭"); n != 2 || err != nil {
		t.Errorf("%v, %d dropped", err, n)
	}
	if got, err := s.LayWords(ctx); err != nil || len(got) > 0 {
		t.Errorf("%v, %v are left", err, got)
	}
}

func invalid(err error) bool {
	var e *catalog.Error
	return errors.As(err, &e) && e.Kind == catalog.KindInvalid
}
