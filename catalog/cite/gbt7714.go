package cite

import (
	"strconv"
	"strings"
	"unicode"
)

// gbt7714 writes the reference by GB/T 7714-2025 《信息与文献 参考文献著录规则》, in
// force since 2026-07-01, in the order of citation. What is known of it here comes
// from two public implementations and their tests of its annex, those of
// zotero-chinese/styles and zepinglee/gbt7714-bibtex-style.
//
// The signs between the parts are full-width: ，：（）, those of codes and dates of
// reading are not. Of four authors or more three are named, then 等. What is on the
// network and has no edition of its own follows the order
//
//	主要责任者. 题名[EB/OL]. 网站（发布或更新日期）[引用日期]. 获取和访问路径.
//	主要责任者. 题名[DS/OL]. 版本. 发布平台（发布日期）[引用日期]. 获取和访问路径.
//
// A day of reading is given for web pages, websites, data sets and preprints only,
// which is all that is here; so a record of the knowledge base is a web page (EB)
// and not a part of a database (DB), of which the standard would have no day of
// reading, though records change. The site's name stands where a data set has its
// platform: the title alone does not say what the record is of. An article stands
// before “//” and the document that it is of. Places and publishers that are
// unknown are left out, which the standard of 2015 did not allow.
func (r Reference) gbt7714() string {
	var b strings.Builder
	if len(r.Authors) > 0 {
		b.WriteString(gbtAuthors(r.Authors, "，") + ". ")
	}
	b.WriteString(fullWidth(r.Title) + "[" + r.gbtMark() + "]")
	if r.Within != "" {
		b.WriteString("//" + fullWidth(r.Within))
	}
	if r.medium() == "" {
		b.WriteString(r.gbtOnPaper() + ".")
		return b.String()
	}
	b.WriteString(". ")
	if r.Release != "" {
		b.WriteString("V" + r.Release + ". ")
	}
	where := fullWidth(r.Host)
	if where == "" {
		where = fullWidth(r.Publisher)
	}
	place := r.gbtPlace("：")
	if where == "" {
		place = strings.TrimPrefix(place, "：")
	}
	issue := where + place
	if date := r.published(); date != "" {
		issue += "（" + string(date) + "）"
	}
	if accessed := day(r.Accessed); accessed != "" {
		issue += "[" + string(accessed) + "]"
	}
	if issue != "" {
		b.WriteString(issue + ". ")
	}
	if r.URL != "" {
		b.WriteString(r.URL + ".")
	}
	return strings.TrimSpace(b.String())
}

// gbtMark is the document's type and medium: as in 2015, but that a record is a
// web page.
func (r Reference) gbtMark() string {
	mark := r.mark()
	if mark == "DB" {
		mark = "EB"
	}
	if medium := r.medium(); medium != "" {
		return mark + "/" + medium
	}
	return mark
}

// gbtOnPaper returns what stands behind the title of a document that is not on
// the network.
func (r Reference) gbtOnPaper() string {
	var issue []string
	if r.Publisher != "" {
		issue = append(issue, fullWidth(r.Publisher))
	}
	if r.Published != "" {
		issue = append(issue, string(r.Published[:4]))
	}
	if len(issue) == 0 {
		return r.gbtPlace("：")
	}
	return ". " + strings.Join(issue, "，") + r.gbtPlace("：")
}

// gbtPlace returns a quote's place, counted from 1, behind the sign that comes
// before a page.
func (r Reference) gbtPlace(sign string) string {
	if r.To == 0 {
		return ""
	}
	return sign + strconv.Itoa(r.From+1) + "-" + strconv.Itoa(r.To) + "字"
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
