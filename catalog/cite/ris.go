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
	line("T2", r.Host+r.Within)
	line("PB", r.Publisher)
	line("PY", risDate(r.published()))
	if r.Version > 0 {
		line("N1", "Version "+strconv.Itoa(r.Version))
	}
	if r.To > 0 {
		line("SP", strconv.Itoa(r.From+1))
		line("EP", strconv.Itoa(r.To))
		line("N1", r.Quote)
	}
	line("AN", r.Key)
	line("UR", r.URL)
	line("Y2", risDate(day(r.Accessed)))
	b.WriteString("ER  - \r\n")
	return b.String()
}

// risType is the entry's type: an online database, a page, or something else.
func (r Reference) risType() string {
	switch r.mark() {
	case "DS":
		return "DATA"
	case "DB":
		return "DBASE"
	case "EB":
		return "ELEC"
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
