package cite

import (
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// apa writes the reference by the Publication Manual of the American
// Psychological Association, 7th edition: authors (§9.8) and the date of the last
// change (§9.15), title with version and kind in brackets (§9.19, §9.21), the
// database that the record stands in, and, since records change, the day on
// which it was read (§9.16). Without authors the title takes their place
// (§9.12); without a date it is n.d. (§9.17). Names in Chinese characters stay
// as they are, given name after surname.
func (r Reference) apa() string {
	title := r.Name()
	if r.Version > 0 {
		title += " (Version " + strconv.Itoa(r.Version) + ")"
	}
	switch {
	case r.Dataset:
		title += " [Data set]"
	case r.Host != "":
		title += " [Database record]"
	}
	if r.Newspaper != "" && r.Issue != "" {
		title += " (p. " + r.Issue + ")"
	}
	if r.To > 0 {
		title += " (characters " + strconv.Itoa(r.From+1) + "–" + strconv.Itoa(r.To) + ")"
	}
	date := "(" + apaDate(r.published(), "n.d.") + ")."
	parts := []string{title + ".", date}
	if len(r.Authors) > 0 {
		parts = []string{sentence(apaAuthors(r.Authors)), date, title + "."}
	}
	switch {
	case r.Host != "":
		parts = append(parts, "In "+r.Host+".")
	case r.Newspaper != "":
		parts = append(parts, sentence(r.Newspaper))
	case r.Within != "":
		parts = append(parts, "In "+r.Within+".")
	case r.Publisher != "":
		parts = append(parts, sentence(r.Publisher))
	}
	switch accessed := day(r.Accessed); {
	case r.URL != "" && accessed != "":
		parts = append(parts, "Retrieved "+longDate(accessed)+", from "+r.URL)
	case r.URL != "":
		parts = append(parts, r.URL)
	case accessed != "":
		parts = append(parts, "Retrieved "+longDate(accessed)+".")
	}
	return strings.Join(parts, " ")
}

// sentence ends a text with a full stop, where it has none.
func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

// apaAuthors names up to twenty; of more, the first nineteen and the last
// (§9.8).
func apaAuthors(authors []string) string {
	switch n := len(authors); {
	case n == 1:
		return authors[0]
	case n > 20:
		return strings.Join(authors[:19], ", ") + ", . . . " + authors[n-1]
	default:
		return strings.Join(authors[:n-1], ", ") + ", & " + authors[n-1]
	}
}

// apaDate writes a date as 2026, November 22.
func apaDate(d catalog.PartialDate, none string) string {
	t, ok := d.FirstDay()
	if !ok {
		return none
	}
	return t.Format(map[int]string{4: "2006", 7: "2006, January", 10: "2006, January 2"}[len(d)])
}

// longDate writes a day as November 22, 2026.
func longDate(d catalog.PartialDate) string {
	t, _ := d.FirstDay()
	return t.Format("January 2, 2006")
}
