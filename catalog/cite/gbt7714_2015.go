package cite

import (
	"strings"
)

// gbt7714of15 writes the reference by GB/T 7714-2015 《信息与文献 参考文献著录规则》.
//
// A record of the knowledge base is a part of a database on the network. Its
// order is that of electronic resources (§4.6.2),
//
//	主要责任者. 题名[文献类型标识/文献载体标识]. 出版地: 出版者, 出版年: 引文页码(更新或修改日期)[引用日期]. 获取和访问路径.
//
// and the database it is taken from stands after “//”, as for a part of a
// monograph (§4.2.2). The codes are those of annex B: DB 数据库, DS 数据集, EB
// 电子公告, Z 其他, OL 联机网络. A quote is placed where the page would stand
// (引文页码, §8.8.2), by its characters, as the texts here have no pages. Without a person or body responsible the title comes
// first, and of more than three the first three are named, then 等 (§8.1, for
// references in the order of citation). An electronic resource leaves out a
// place and a publisher that are unknown; for anything else the standard's
// [出版地不详] and [出版者不详] stand in their place (§8.4.1, §8.4.2). A year is
// never estimated, though §8.4.3 would allow it: an unknown one is left out.
func (r Reference) gbt7714of15() string {
	var b strings.Builder
	if len(r.Authors) > 0 {
		b.WriteString(gbtAuthors(r.Authors, ", ") + ". ")
	}
	b.WriteString(r.Name() + "[" + r.mark())
	if medium := r.medium(); medium != "" {
		b.WriteString("/" + medium)
	}
	b.WriteString("]")
	switch {
	case r.Host != "":
		b.WriteString("//" + r.Host)
	case r.Within != "":
		b.WriteString("//" + r.Within)
	}
	b.WriteString(". ")
	if issue := r.gbtIssue(); issue != "" {
		b.WriteString(issue + ". ")
	}
	if r.URL != "" {
		b.WriteString(r.URL + ".")
	}
	return strings.TrimSpace(b.String())
}

// mark is the code of the document's type by annex B of the standard.
func (r Reference) mark() string {
	switch {
	case r.Dataset:
		return "DS"
	case r.Host != "":
		return "DB"
	case r.URL != "":
		return "EB"
	}
	return "Z"
}

// medium is the code of what carries the document by annex B, "" for paper.
func (r Reference) medium() string {
	if r.Dataset || r.Host != "" || r.URL != "" {
		return "OL"
	}
	return ""
}

// gbtIssue returns what stands between title and address: publisher, dates.
func (r Reference) gbtIssue() string {
	if r.medium() == "" {
		publisher := r.Publisher
		if publisher == "" {
			publisher = "[出版者不详]"
		}
		issue := "[出版地不详]: " + publisher
		if r.Published != "" {
			issue += ", " + string(r.Published[:4])
		}
		return issue + r.gbtPlace(": ")
	}
	issue := strings.TrimPrefix(r.Publisher+r.gbtPlace(": "), ": ")
	if date := r.published(); date != "" {
		issue += "(" + string(date) + ")"
	}
	if accessed := day(r.Accessed); accessed != "" {
		issue += "[" + string(accessed) + "]"
	}
	return issue
}
