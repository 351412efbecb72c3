package cite

import (
	"fmt"
	"strconv"
	"strings"
)

// bibTeX writes an entry that BibTeX's own styles, biblatex, the styles for GB/T 7714,
// Zotero and JabRef read. Its type is what the last four know; BibTeX's own styles take
// online and dataset for misc. mark and medium are the fields by
// which the styles for GB/T 7714 learn the codes of annex B of the standard.
func (r Reference) bibTeX() string {
	var b strings.Builder
	fmt.Fprintf(&b, "@%s{%s", r.bibTeXType(), r.Key)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, ",\n  %-12s = {%s}", name, value)
		}
	}
	authors := make([]string, len(r.Authors))
	for i, a := range r.Authors {
		authors[i] = "{" + escapeTeX(a) + "}" // not to be taken apart into given name and surname
	}
	field("author", strings.Join(authors, " and "))
	if r.Title != "" {
		field("title", "{"+escapeTeX(r.Name())+"}") // no style changes its case
	}
	field("journal", escapeTeX(r.Newspaper))
	if r.Newspaper != "" {
		field("entrysubtype", "newspaper") // by which biblatex's styles, Zotero and citation-js tell it from a journal's
	}
	if r.mark() == markPage {
		field("howpublished", escapeTeX(r.container())) // where all of them read the name of a site
	} else {
		field("booktitle", escapeTeX(r.Within))
	}
	field("publisher", escapeTeX(r.imprint()))
	field("pages", escapeTeX(r.Issue))
	if t, ok := r.published().FirstDay(); ok {
		field("year", strconv.Itoa(t.Year()))
		if len(r.published()) > len("2006") {
			fmt.Fprintf(&b, ",\n  %-12s = %s", "month", strings.ToLower(t.Format("Jan"))) // a macro of every style
		}
		if len(r.published()) > len("2006-01") {
			field("day", strconv.Itoa(t.Day()))
		}
	}
	if r.Version > 0 {
		field("version", strconv.Itoa(r.Version))
	}
	if r.To > 0 {
		field("pages", strings.Replace(r.place(), "-", "--", 1))
		field("annote", escapeTeX(r.Quote))
	}
	field("url", escapeURL(r.URL))
	field("urldate", string(day(r.Accessed)))
	field("mark", r.mark())
	field("medium", r.medium())
	b.WriteString("\n}\n")
	return b.String()
}

func (r Reference) bibTeXType() string {
	switch r.mark() {
	case markData:
		return "dataset"
	case markPage:
		return "online"
	case markNewspaper:
		return "article"
	}
	return "misc"
}

// Braces of a text are written as commands: BibTeX counts them whatever stands
// before them, so that a single one, even as \{, would never end its field.
var texEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\textbraceleft{}`, `}`, `\textbraceright{}`,
	`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
	`$`, `\$`, `&`, `\&`, `%`, `\%`, `#`, `\#`, `_`, `\_`,
	// What TeX's first encoding of letters prints as ¡, ¿, — and ‘.
	`<`, `\textless{}`, `>`, `\textgreater{}`, `|`, `\textbar{}`, "`", `\textasciigrave{}`,
)

// escapeTeX makes a text stand for itself in TeX, whose fonts would draw two
// hyphens together as a dash, and two apostrophes as a quotation mark.
func escapeTeX(s string) string {
	s = texEscapes.Replace(s)
	for _, sign := range []string{"-", "'"} {
		for strings.Contains(s, sign+sign) { // again, for three of them
			s = strings.ReplaceAll(s, sign+sign, sign+"{}"+sign)
		}
	}
	return s
}

// An address is read as it stands, by \url; only what would end the field is
// written in the way of addresses.
var urlEscapes = strings.NewReplacer(`{`, `%7B`, `}`, `%7D`, `\`, `%5C`)

func escapeURL(s string) string { return urlEscapes.Replace(s) }
