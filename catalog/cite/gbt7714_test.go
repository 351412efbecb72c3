package cite_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// The signs and their order are those that two public implementations of GB/T
// 7714-2025 print for web pages, data sets and articles; what is argued to differ
// (the site's name, a quote's characters) stands in gbt7714.
func TestGBT7714FollowsTheStandardInForce(t *testing.T) {
	for name, test := range map[string]struct {
		in   cite.Reference
		want string
	}{
		"a record": {
			cite.Reference{Authors: []string{"珲春市政协"}, Title: "边贸协商", Host: cite.Title, Version: 3, Updated: on("2026-11-20"), Accessed: on("2026-11-22"), URL: "https://example.org/cases/a"},
			"珲春市政协. 边贸协商[EB/OL]. （2026-11-20）[2026-11-22]. https://example.org/cases/a.",
		},
		"a record that has no address": {
			cite.Reference{Title: "题", Host: "库", Updated: on("2026-11-20"), Accessed: on("2026-11-22")}, "题[EB/OL]. 库（2026-11-20）[2026-11-22].",
		},
		"a web page": {
			cite.Reference{Title: "“好好干，当一个好工人”", Published: "2025-02-17", Accessed: on("2025-06-22"), URL: "https://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html"},
			"“好好干，当一个好工人”[EB/OL]. （2025-02-17）[2025-06-22]. https://cpc.people.com.cn/n1/2025/0217/c443712-40419790.html.",
		},
		"a website without a date": {
			cite.Reference{Title: "中国国家博物馆", Accessed: on("2025-05-06"), URL: "https://www.chnmuseum.cn/"},
			"中国国家博物馆[EB/OL]. [2025-05-06]. https://www.chnmuseum.cn/.",
		},
		"a data set, of more than three authors": {
			cite.Reference{
				Authors: []string{"周壮", "李盛阳", "吴薇", "郭威龙"}, Title: "天宫二号遥感图像自然景物分类数据集", Release: "1.0", Publisher: "国家基础学科公共科学数据中心",
				Published: "2023-09-10", Accessed: on("2025-07-15"), URL: "https://www.nbsdc.cn/", Dataset: true,
			},
			"周壮，李盛阳，吴薇，等. 天宫二号遥感图像自然景物分类数据集[DS/OL]. V1.0. 国家基础学科公共科学数据中心（2023-09-10）[2025-07-15]. https://www.nbsdc.cn/.",
		},
		"three authors":                        {cite.Reference{Authors: []string{"甲", "乙", "丙"}, Title: "题", Host: "库"}, "甲，乙，丙. 题[EB/OL]. 库."},
		"four authors in Latin letters":        {cite.Reference{Authors: []string{"A", "B", "C", "D"}, Title: "T: a subtitle", Host: "H"}, "A，B，C，et al. T: a subtitle[EB/OL]. H."},
		"a document of which nothing is known": {cite.Reference{Title: "题"}, "题[Z]."},
		"a document on paper":                  {cite.Reference{Title: "题", Publisher: "社", Published: "2021-07"}, "题[Z]. 社，2021."},
		"a quote of one":                       {cite.Reference{Title: "题", Publisher: "社", Published: "2021-07", From: 11, To: 13}, "题[Z]. 社，2021：12-13字."},
		"a quote of what has no publisher":     {cite.Reference{Title: "题", From: 11, To: 13}, "题[Z]. 12-13字."},
		"a quote of an article":                {cite.Reference{Title: "文: 副题", Within: "书", From: 11, To: 13}, "文：副题[Z]//书. 12-13字."},
		"a quote of a page":                    {cite.Reference{Title: "题", Publisher: "社", Published: "2021-07", From: 11, To: 13, Accessed: on("2026-11-22"), URL: "http://a.b/"}, "题[EB/OL]. 12-13字（2021-07）[2026-11-22]. http://a.b/."},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, format(t, test.in, cite.GBT7714)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What was changed at 16:30 UTC was changed on the next day in Changchun, and is
// cited so.
func TestADayIsADayInChangchun(t *testing.T) {
	r := &catalog.Case{Meta: catalog.Meta{Slug: "a", UpdatedAt: time.Date(2026, 11, 21, 16, 30, 0, 0, time.UTC)}}
	ref, err := cite.Record("", r, "题", nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := format(t, ref, cite.GBT7714), "题[EB/OL]. 吉思广益：政协协商典型案例知识库（2026-11-22）[2026-11-22]."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := cite.Record("", r, "题", nil, on("2026-11-21")); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("read the day before in Changchun: %v, want INVALID", err)
	}
}
