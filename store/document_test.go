package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// A snapshot of many records has each of them once, in the order of ids, as it is asked
// for by itself, and PostgreSQL writes none of their texts into a file to have them so.
func TestASnapshotNeedsNoFiles(t *testing.T) {
	writer, url := storetest.SeededAt(t)
	join := "?"
	if strings.Contains(url, "?") {
		join = "&"
	}
	s, err := store.Open(t.Context(), url+join+"options=-c%20work_mem%3D64kB%20-c%20temp_file_limit%3D0", store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	inputs := make([]catalog.Input, 0, 1100)
	for i := range cap(inputs) {
		m := meta(fmt.Sprint("long-", i))
		if i%10 == 0 {
			m.Status = catalog.StatusDraft
		}
		inputs = append(inputs, &catalog.CaseInput{InputMeta: m, Title: "长", Committee: "hunchun", Background: strings.Repeat(fmt.Sprint("协商", i, "。"), 200)})
	}
	for i, w := range put(t, writer, inputs...) {
		if w.Err != nil {
			t.Fatal(i, w.Err)
		}
	}
	var all []*catalog.Document
	var ids []catalog.ID
	long := 0
	err = s.Snapshot(t.Context(), 0, nil, func(d *catalog.Document) error {
		if len(ids) > 0 && d.ID <= ids[len(ids)-1] {
			t.Errorf("document %d after %d", d.ID, ids[len(ids)-1])
		}
		all, ids = append(all, d), append(ids, d.ID)
		if strings.HasPrefix(d.Slug, "long-") {
			long++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if long != 990 || len(all) == long {
		t.Errorf("%d of 990 public cases that were put, among %d", long, len(all))
	}
	each, err := s.Documents(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(each, all); diff != "" {
		t.Errorf("by themselves, and in a snapshot:\n%.2000s", diff)
	}

	enough, seen := errors.New("enough"), 0
	if err := s.Snapshot(t.Context(), 0, nil, func(*catalog.Document) error {
		if seen++; seen == 700 {
			return enough
		}
		return nil
	}); !errors.Is(err, enough) || seen != 700 {
		t.Errorf("%d documents and %v, want to be left at the 700th", seen, err)
	}
	if _, err := s.Documents(t.Context(), ids[:1]); err != nil {
		t.Errorf("after one that was left: %v", err)
	}
}
