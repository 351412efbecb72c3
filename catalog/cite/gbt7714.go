package cite

import (
	"strings"
	"unicode"
)

// The codes of annex B of GB/T 7714 for the types of document that are cited here; the
// code of what carries them is OL 联机网络 or none.
const (
	markData      = "DS" // 数据集
	markPage      = "EB" // 电子公告, since 2025 网站和网页
	markNewspaper = "N"  // 报纸
	markOther     = "Z"  // 其他
)

// mark is the code of the document's type. A record of the knowledge base is a web
// page, and not a part of a database: neither standard has an example of the latter,
// and that of 2025 would give no day of reading with it, though records change.
func (r Reference) mark() string {
	switch {
	case r.Dataset:
		return markData
	case r.Newspaper != "":
		return markNewspaper
	case r.Host != "" || r.URL != "":
		return markPage
	}
	return markOther
}

// medium is the code of what carries the document, "" for paper.
func (r Reference) medium() string {
	if r.Dataset || r.Host != "" || r.URL != "" {
		return "OL"
	}
	return ""
}

// gbtMark is both codes, as they stand behind the title.
func (r Reference) gbtMark() string {
	if medium := r.medium(); medium != "" {
		return "[" + r.mark() + "/" + medium + "]"
	}
	return "[" + r.mark() + "]"
}

// gbt7714 writes the reference by GB/T 7714-2025 《信息与文献 参考文献著录规则》, in
// force since 2026-07-01, in the order of citation. What is known of it here comes
// from two public implementations and their tests of its annex, those of
// zotero-chinese/styles and zepinglee/gbt7714-bibtex-style.
//
// The signs between the parts are full-width: ，：（）, those of codes and dates of
// reading are not. Of four authors or more three are named, then 等.
//
//	主要责任者. 题名[EB/OL]. （发布或更新日期）[引用日期]. 获取和访问路径.
//	主要责任者. 题名[DS/OL]. 版本. 发布平台（发布日期）[引用日期]. 获取和访问路径.
//	主要责任者. 题名[N/OL]. 报纸名，出版日期（版次）. 获取和访问路径.
//	主要责任者. 题名[Z]//文献题名. 出版者，出版年：引文位置.
//
// A day of reading is given for web pages, websites, data sets and preprints only.
// Places and publishers that are unknown are left out.
//
// It is to the letter what citeproc 2.4.63 makes of CSLJSON with the public style of
// the standard, but for two things that the style has no place for, and a citation may
// not lose: the name of the knowledge base where nobody has said at which address it
// stands, and a quote's place in, and article of, a web page. Both stand before the
// dates.
func (r Reference) gbt7714() string {
	parts := []string{r.gbtHead("，")}
	switch r.mark() {
	case markData:
		if r.Release != "" {
			parts = append(parts, "V"+r.Release)
		}
		parts = append(parts, r.Publisher+r.gbtDates("（", "）"))
	case markPage:
		parts = append(parts, r.gbtPage("：")+r.gbtDates("（", "）"))
	case markNewspaper:
		parts = append(parts, r.gbtNewspaper("，", "（", "）"))
	default:
		parts = append(parts, joined("：", joined("，", r.Publisher, r.year()), r.place()))
	}
	return gbtLine(append(parts, r.URL))
}

// gbtHead is what every form begins with: authors, title, codes, and the document that
// an article stands in.
func (r Reference) gbtHead(sign string) string {
	title := r.Title
	if sign != "，" {
		title = r.Name() // the standard of 2015 has no place for a version
	}
	title += r.gbtMark()
	if r.Within != "" {
		title += "//" + r.Within
	}
	return joined(". ", gbtAuthors(r.Authors, sign), title)
}

// gbtPage is what a web page has before its dates; see gbt7714.
func (r Reference) gbtPage(sign string) string {
	if r.URL == "" {
		return joined(sign, r.Host, r.place())
	}
	return r.place()
}

func (r Reference) gbtNewspaper(comma, open, end string) string {
	s := joined(comma, r.Newspaper, string(r.Published))
	if r.Issue != "" {
		s += open + r.Issue + end
	}
	return s
}

// gbtDates returns the date of publication between the signs, and that of reading.
func (r Reference) gbtDates(open, end string) string {
	s := ""
	if date := r.published(); date != "" {
		s = open + string(date) + end
	}
	return s + r.gbtAccessed()
}

func (r Reference) gbtAccessed() string {
	if accessed := day(r.Accessed); accessed != "" {
		return "[" + string(accessed) + "]"
	}
	return ""
}

// year is that of publication, "" where it is not known.
func (r Reference) year() string {
	if r.Published == "" {
		return ""
	}
	return string(r.Published[:4])
}

// gbtLine joins what there is of the parts of a reference, and ends it.
func gbtLine(parts []string) string { return joined(". ", parts...) + "." }

// joined returns the parts that are not empty, with the sign between them.
func joined(sign string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, sign)
}

// fullWidth returns a title or name in Chinese with the full-width colon and comma that
// the standard wants before what follows; one in Latin letters stays.
func fullWidth(s string) string {
	if !hasHan(s) {
		return s
	}
	return strings.NewReplacer(": ", "：", ", ", "，").Replace(s)
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}

// gbtAuthors names at most three, with the sign between them.
func gbtAuthors(authors []string, sign string) string {
	if len(authors) <= 3 {
		return strings.Join(authors, sign)
	}
	others := "et al"
	if hasHan(authors[0]) {
		others = "等"
	}
	return strings.Join(authors[:3], sign) + sign + others
}
