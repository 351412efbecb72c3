package cite_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

func TestAReleaseIsCitedAsADataSet(t *testing.T) {
	r := &catalog.Release{Name: "2026-11", AsOf: on("2026-11-20").Add(time.Hour)}
	ref, err := cite.Release("https://example.org/", r, on("2026-11-22"))
	if err != nil {
		t.Fatal(err)
	}
	for style, want := range map[cite.Style]string{
		cite.GBT7714:     "吉思广益：政协协商典型案例知识库研究数据[DS/OL]. V2026-11. 吉思广益：政协协商典型案例知识库（2026-11-20）[2026-11-22]. https://example.org/releases/2026-11/.",
		cite.GBT7714of15: "吉思广益：政协协商典型案例知识库研究数据 2026-11[DS/OL]. (2026-11-20)[2026-11-22]. https://example.org/releases/2026-11/.",
		cite.APA:         "吉思广益：政协协商典型案例知识库研究数据 2026-11 [Data set]. (2026, November 20). 吉思广益：政协协商典型案例知识库. Retrieved November 22, 2026, from https://example.org/releases/2026-11/",
	} {
		if diff := cmp.Diff(want, format(t, ref, style)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", style, diff)
		}
	}
	if _, err := cite.Release("", r, on("2026-11-19")); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("read before it was: %v, want INVALID", err)
	}
}

func TestAQuoteIsCitedByItsPlace(t *testing.T) {
	publisher, url := "社", "http://a.b/"
	published := catalog.PartialDate("2021-07")
	s := &catalog.Source{Meta: catalog.Meta{Slug: "doc", Origin: catalog.OriginReference, UpdatedAt: on("2026-11-20")}, Title: "题", Publisher: &publisher, PublishedOn: &published}
	c := &catalog.Citation{Quote: "引文", Start: 11, End: 13}
	ref, err := cite.Quote(s, c, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := format(t, ref, cite.GBT7714of15), "题[Z]. [出版地不详]: 社, 2021: 12-13字."; got != want {
		t.Errorf("on paper: %s, want %s", got, want)
	}
	s.URL = &url
	if ref, err = cite.Quote(s, c, on("2026-11-22")); err != nil {
		t.Fatal(err)
	}
	if got, want := format(t, ref, cite.GBT7714of15), "题[EB/OL]. 12-13字(2021-07)[2026-11-22]. http://a.b/."; got != want {
		t.Errorf("on the network: %s, want %s", got, want)
	}
	if ris := format(t, ref, cite.RIS); !strings.Contains(ris, "SP  - 12\r\nEP  - 13字\r\nN1  - 引文\r\n") {
		t.Error(ris)
	}
}

// A bibliography of several quotes of a source has each under a key of its own, in every
// form for programs that keep references by their keys.
func TestEachQuoteOfASourceHasItsOwnKey(t *testing.T) {
	s := &catalog.Source{Meta: catalog.Meta{Slug: "report", Origin: catalog.OriginReference, UpdatedAt: on("2026-11-20")}, Title: "报告"}
	for _, style := range []cite.Style{cite.BibTeX, cite.RIS, cite.CSLJSON} {
		seen := map[string]string{}
		for _, c := range []*catalog.Citation{
			{Quote: "第一句", Start: 0, End: 3}, {Quote: "第一", Start: 0, End: 2}, {Quote: "一句", Start: 1, End: 3}, {Quote: "后面的", Start: 30, End: 33},
		} {
			ref, err := cite.Quote(s, c, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[ref.Key]; ok {
				t.Errorf("%s: %q and %q are both %s", style, other, c.Quote, ref.Key)
			}
			seen[ref.Key] = c.Quote
			text := format(t, ref, style)
			if !strings.Contains(text, ref.Key) {
				t.Errorf("%s has no key %s: %s", style, ref.Key, text)
			}
		}
	}
}

func TestCSLJSON(t *testing.T) {
	var got []map[string]any
	if err := json.Unmarshal([]byte(format(t, full, cite.CSLJSON)), &got); err != nil {
		t.Fatal(err)
	}
	date := func(y, m, d float64) any { return map[string]any{"date-parts": []any{[]any{y, m, d}}} }
	want := []map[string]any{{
		"id": full.Key, "type": "webpage", "language": "zh-CN", "title": full.Title, "container-title": "库：案例", "version": "3", "URL": full.URL,
		"author": []any{map[string]any{"literal": "珲春市政协"}, map[string]any{"literal": "朝阳区政协"}},
		"issued": date(2026, 5, 4), "accessed": date(2026, 11, 22),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
