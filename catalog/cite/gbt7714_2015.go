package cite

// gbt7714of15 writes the reference by GB/T 7714-2015 《信息与文献 参考文献著录规则》.
//
// A record of the knowledge base is a page on the network, of the order of electronic
// resources (§4.6.2); an article of a newspaper follows §4.4, a document on paper §4.1,
// and the document that an article is taken from stands after “//” (§4.2.2):
//
//	主要责任者. 题名[EB/OL]. (更新或修改日期)[引用日期]. 获取和访问路径.
//	主要责任者. 题名[N/OL]. 报纸名, 出版日期(版次)[引用日期]. 获取和访问路径.
//	主要责任者. 题名[Z]//文献题名. 出版地: 出版者, 出版年: 引文页码.
//
// A quote is placed where the page would stand (引文页码, §8.8.2), by its characters, as
// the texts here have no pages. Without a person or body responsible the title comes
// first, and of more than three the first three are named, then 等 (§8.1, for references
// in the order of citation). A year is never estimated, though §8.4.3 would allow it: an
// unknown one is left out.
//
// It is to the letter what citeproc 2.4.63 makes of CSLJSON with the public style of
// this standard, but for what gbt7714 argues, and three things more. The name of a
// release stands behind its title, as the style drops the version and two releases
// would be cited alike; its day stands in full, of which the style keeps the year where
// there is a publisher. For a place and a publisher of paper that are unknown stand
// [出版地不详] and [出版者不详], which §8.4.1 and §8.4.2 demand and the style cannot
// know of. And a page that is dated by its month or year has it in parentheses, as the
// others have their day, where the style prints a bare year.
func (r Reference) gbt7714of15() string {
	parts := []string{r.gbtHead(", ")}
	switch r.mark() {
	case markData:
		parts = append(parts, r.gbtDates("(", ")"))
	case markPage:
		parts = append(parts, r.gbtPage(": ")+r.gbtDates("(", ")"))
	case markNewspaper:
		accessed := ""
		if r.URL != "" {
			accessed = r.gbtAccessed()
		}
		parts = append(parts, r.gbtNewspaper(", ", "(", ")")+accessed)
	default:
		publisher := r.Publisher
		if publisher == "" {
			publisher = "[出版者不详]"
		}
		parts = append(parts, joined(": ", "[出版地不详]", joined(", ", publisher, r.year()), r.place()))
	}
	return gbtLine(append(parts, r.URL))
}
