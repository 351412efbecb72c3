package cite

import (
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// ris writes an entry in the RIS format (Research Information Systems, 2011): a
// line a field, of a tag of two characters, two spaces, a hyphen and a space,
// ended by carriage return and line feed; TY comes first and ER last.
func (r Reference) ris() string {
	var b strings.Builder
	line := func(tag, value string) {
		if value != "" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	line("TY", r.risType())
	for _, a := range r.Authors {
		line("AU", strings.ReplaceAll(a, "*", "＊")) // no asterisk may stand in a name
	}
	line("TI", r.Name())
	line("T2", r.container())
	line("PB", r.imprint())
	line("PY", risDate(r.published()))
	if r.Version > 0 {
		line("N1", "Version "+strconv.Itoa(r.Version))
	}
	line("SP", r.Issue)
	if from, to, ok := strings.Cut(r.place(), "-"); ok {
		line("SP", from)
		line("EP", to)
		line("N1", r.Quote)
	}
	line("AN", r.Key)
	line("UR", r.URL)
	line("Y2", risDate(day(r.Accessed)))
	b.WriteString("ER  - \r\n")
	return b.String()
}

// risType is the entry's type: data, a page, an article of a newspaper, or something
// else. Zotero, JabRef and citation-js all read ELEC as a page of the web.
func (r Reference) risType() string {
	switch r.mark() {
	case markData:
		return "DATA"
	case markPage:
		return "ELEC"
	case markNewspaper:
		return "NEWS"
	}
	return "GEN"
}

// risDate writes a date as YYYY/MM/DD/ with what is not known left out between
// the slashes, and a year as it is.
func risDate(d catalog.PartialDate) string {
	if len(d) <= len("2006") {
		return string(d)
	}
	return strings.ReplaceAll(string(d), "-", "/") + strings.Repeat("/", 3-strings.Count(string(d), "-"))
}
