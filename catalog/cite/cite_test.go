package cite_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func format(t rapid.TB, r cite.Reference, s cite.Style) string {
	t.Helper()
	text, err := cite.Format(r, s)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The electronic resources that GB/T 7714-2015 itself gives as examples of
// §4.6.2, as far as they have what a Reference has.
func TestGBT7714of15WritesTheStandardsOwnExamples(t *testing.T) {
	for name, test := range map[string]struct {
		in   cite.Reference
		want string
	}{
		"with an author and the day of its publication": {
			cite.Reference{
				Authors: []string{"HOPKINSON A"}, Title: "UNIMARC and metadata: Dublin core", Published: "2009-04-22", Accessed: on("2013-03-27"),
				URL: "http://archive.ifla.org/IV/ifla64/138-161e.htm",
			},
			"HOPKINSON A. UNIMARC and metadata: Dublin core[EB/OL]. (2009-04-22)[2013-03-27]. http://archive.ifla.org/IV/ifla64/138-161e.htm.",
		},
		"by a body, without a date": {
			cite.Reference{
				Authors: []string{"Online Computer Library Center, Inc"}, Title: "About OCLC: history of cooperation", Accessed: on("2012-03-27"),
				URL: "http://www.oclc.org/about/cooperation.en.html",
			},
			"Online Computer Library Center, Inc. About OCLC: history of cooperation[EB/OL]. [2012-03-27]. http://www.oclc.org/about/cooperation.en.html.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, format(t, test.in, cite.GBT7714of15)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestGBT7714of15FollowsTheRules(t *testing.T) {
	for name, test := range map[string]struct {
		in   cite.Reference
		want string
	}{
		"a record": {
			cite.Reference{Authors: []string{"珲春市政协"}, Title: "边贸协商", Host: "库", Updated: on("2026-11-20"), Accessed: on("2026-11-22"), URL: "https://example.org/cases/a"},
			"珲春市政协. 边贸协商[EB/OL]. (2026-11-20)[2026-11-22]. https://example.org/cases/a.",
		},
		"no author: the title first": {
			cite.Reference{Title: "题", Host: "库", Updated: on("2026-11-20"), Accessed: on("2026-11-22")},
			"题[EB/OL]. 库(2026-11-20)[2026-11-22].",
		},
		"three authors": {
			cite.Reference{Authors: []string{"甲", "乙", "丙"}, Title: "题", Host: "库"}, "甲, 乙, 丙. 题[EB/OL]. 库.",
		},
		"more than three authors": {
			cite.Reference{Authors: []string{"甲", "乙", "丙", "丁"}, Title: "题", Host: "库"}, "甲, 乙, 丙, 等. 题[EB/OL]. 库.",
		},
		"more than three authors in Latin letters": {
			cite.Reference{Authors: []string{"A", "B", "C", "D"}, Title: "T", Host: "H"}, "A, B, C, et al. T[EB/OL]. H.",
		},
		"a document on paper of which nothing is known": {
			cite.Reference{Title: "题"}, "题[Z]. [出版地不详]: [出版者不详].",
		},
		"a document on paper": {
			cite.Reference{Title: "题", Publisher: "社", Published: "2021-07"}, "题[Z]. [出版地不详]: 社, 2021.",
		},
		"a page by a publisher, of a month": {
			cite.Reference{Title: "题", Publisher: "社", Published: "2021-07", Accessed: on("2026-11-22"), URL: "http://a.b/"}, "题[EB/OL]. (2021-07)[2026-11-22]. http://a.b/.",
		},
		"line breaks are spaces": {
			cite.Reference{Title: " 一\r\n二 ", Host: "库"}, "一 二[EB/OL]. 库.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, format(t, test.in, cite.GBT7714of15)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// full has every field that a record's reference can have.
var full = cite.Reference{
	Key: "case-bianmao", Authors: []string{"珲春市政协", "朝阳区政协"}, Title: "50% 的“边贸”{协商} & 更多", Host: "库: 案例", Version: 3,
	Updated: on("2026-05-04"), Accessed: on("2026-11-22"), URL: "https://example.org/cases/bianmao?a=1&b=50%25#x_y",
}

func TestAPA(t *testing.T) {
	twentyTwo := strings.Split(strings.Repeat("甲,", 21)+"末", ",")
	for name, test := range map[string]struct {
		in   cite.Reference
		want string
	}{
		"a record": {full, "珲春市政协, & 朝阳区政协. (2026, May 4). 50% 的“边贸”{协商} & 更多 (Version 3) [Database record]. In 库：案例. Retrieved November 22, 2026, from https://example.org/cases/bianmao?a=1&b=50%25#x_y"},
		"no author: the title first": {
			cite.Reference{Title: "题", Host: "库", Version: 1, Updated: on("2026-05-04"), Accessed: on("2026-11-22")},
			"题 (Version 1) [Database record]. (2026, May 4). In 库. Retrieved November 22, 2026.",
		},
		"a document of which nothing is known": {cite.Reference{Title: "题"}, "题. (n.d.)."},
		"a page of a month":                    {cite.Reference{Title: "题", Publisher: "社", Published: "2021-07", URL: "http://a.b/"}, "题. (2021, July). 社. http://a.b/"},
		"a document of a year":                 {cite.Reference{Title: "题", Published: "2021"}, "题. (2021)."},
		"more than twenty authors":             {cite.Reference{Authors: twentyTwo, Title: "题"}, strings.Repeat("甲, ", 19) + ". . . 末. (n.d.). 题."},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, format(t, test.in, cite.APA)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBibTeXEntry(t *testing.T) {
	want := `@online{case-bianmao,
  author       = {{珲春市政协} and {朝阳区政协}},
  title        = {{50\% 的“边贸”\textbraceleft{}协商\textbraceright{} \& 更多}},
  howpublished = {库：案例},
  year         = {2026},
  month        = may,
  day          = {4},
  version      = {3},
  url          = {https://example.org/cases/bianmao?a=1&b=50%25#x_y},
  urldate      = {2026-11-22},
  mark         = {EB},
  medium       = {OL}
}
`
	if diff := cmp.Diff(want, format(t, full, cite.BibTeX)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRISEntry(t *testing.T) {
	want := strings.ReplaceAll(`TY  - ELEC
AU  - 珲春市政协
AU  - 朝阳区政协
TI  - 50% 的“边贸”{协商} & 更多
T2  - 库：案例
PY  - 2026/05/04/
N1  - Version 3
AN  - case-bianmao
UR  - https://example.org/cases/bianmao?a=1&b=50%25#x_y
Y2  - 2026/11/22/
ER  - `+"\n", "\n", "\r\n")
	if diff := cmp.Diff(want, format(t, full, cite.RIS)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnUnknownStyleIsRefused(t *testing.T) {
	_, err := cite.Format(full, "MLA")
	if catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("got %v, want INVALID", err)
	}
}

func TestARecordIsCitedByItsPermalinkAndItsLastChange(t *testing.T) {
	c := &catalog.Case{Meta: catalog.Meta{Slug: "bianmao", Origin: catalog.OriginDocumented, Version: 2, UpdatedAt: on("2026-11-20").Add(15 * time.Hour)}}
	want := cite.Reference{
		Key: "case-bianmao", Title: "边贸", Host: cite.Title, Updated: c.UpdatedAt, Version: 2, Accessed: c.UpdatedAt,
		URL: "https://example.org/jisi/cases/bianmao",
	}
	got, err := cite.Record("https://example.org/jisi/", c, "边贸", nil, time.Time{})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}

	if got, err = cite.Record("", c, "边贸", nil, on("2026-11-22")); err != nil || got.URL != "" || !got.Accessed.Equal(on("2026-11-22")) {
		t.Errorf("read on the 22nd at no known address: %+v, %v", got, err)
	}
	// The day counts, not the hour: who read it on the day of its change did so after it.
	if _, err = cite.Record("", c, "边贸", nil, on("2026-11-20")); err != nil {
		t.Errorf("read on the day of its change: %v", err)
	}
	var refused *catalog.Error
	if _, err = cite.Record("", c, "边贸", nil, on("2026-11-19")); !errors.As(err, &refused) || refused.Kind != catalog.KindInvalid || refused.Path != "accessedOn" {
		t.Errorf("read before its change: %v, want INVALID of accessedOn", err)
	}
}

func TestAMadeUpRecordSaysSoInEveryStyle(t *testing.T) {
	c := &catalog.Case{Meta: catalog.Meta{Slug: "a", Origin: catalog.OriginSynthetic, Version: 1, UpdatedAt: on("2026-11-20")}}
	ref, err := cite.Record("", c, "题", nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, style := range []cite.Style{cite.GBT7714, cite.BibTeX, cite.RIS, cite.APA} {
		if got := format(t, ref, style); !strings.Contains(got, "合成数据") {
			t.Errorf("%s does not say that the record is made up: %s", style, got)
		}
	}
}

func TestASourceIsCitedForWhatItIs(t *testing.T) {
	publisher, url, published := "社", "https://example.org/a", catalog.PartialDate("2021-07-15")
	plain := &catalog.Source{Meta: catalog.Meta{Slug: "a", UpdatedAt: on("2026-11-20")}, Title: "文件"}
	online := &catalog.Source{Meta: plain.Meta, Title: "网页", Publisher: &publisher, URL: &url, PublishedOn: &published}
	for want, s := range map[string]*catalog.Source{
		"文件[Z].": plain,
		"网页[EB/OL]. （2021-07-15）[2026-11-20]. https://example.org/a.": online,
	} {
		ref, err := cite.Source(s, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if got := format(t, ref, cite.GBT7714); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

// What was withdrawn is cited at the address where it stood, of every kind that has pages.
func TestAWithdrawnRecordIsCitedWhereItStood(t *testing.T) {
	for kind, path := range map[catalog.RecordKind]string{
		catalog.KindCase: "cases", catalog.KindProposal: "proposals", catalog.KindBrand: "brands", catalog.KindPractice: "practices", catalog.KindPerson: "persons",
		catalog.KindVenue: "venues", catalog.KindActivity: "activities", catalog.KindReport: "reports", catalog.KindNeed: "needs", catalog.KindCall: "calls", catalog.KindCollection: "collections",
	} {
		stone := &catalog.Tombstone{Kind: kind, Slug: "a", Title: "题", Version: 1, UpdatedAt: on("2026-11-20")}
		want := "题[EB/OL]. （2026-11-20）[2026-11-20]. https://example.org/" + path + "/a."
		if got := format(t, cite.Withdrawn("https://example.org/", stone), cite.GBT7714); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
