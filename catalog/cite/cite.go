// Package cite writes how to cite a record of the knowledge base, or a source
// that it quotes, in the styles that readers ask for. Its functions are pure:
// the same reference makes the same text, whoever asks and whenever. They state
// what the reference says and nothing else; what it does not say is left out as
// the style wants it.
//
// It belongs to the domain, beside the records that it names, and imports
// nothing but catalog, so that the API, the pages and the releases all cite
// through it.
package cite

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Style is a style of citation.
type Style string

// The styles.
const (
	GBT7714     Style = "GBT7714"      // the national standard in force: GB/T 7714-2025, since 2026-07-01
	GBT7714of15 Style = "GBT7714_2015" // GB/T 7714-2015, which it replaced
	BibTeX      Style = "BIBTEX"       // an entry for BibTeX and biblatex
	RIS         Style = "RIS"          // for reference managers
	APA         Style = "APA"          // the American Psychological Association's, 7th edition
	CSLJSON     Style = "CSLJSON"      // for citeproc and Zotero
)

// Styles are all of them.
var Styles = []Style{GBT7714, GBT7714of15, BibTeX, RIS, APA, CSLJSON}

// Reference is all that a citation may state. The zero value of a field is not
// stated.
type Reference struct {
	Key       string              // names the entry in a bibliography: ASCII letters, digits and hyphens
	Authors   []string            // persons and bodies, in their order
	Title     string              // needed
	Within    string              // the title of the document that it is an article of
	Release   string              // of a data set: which
	Host      string              // the title of the database that the record is a part of
	Publisher string              // of a document that stands on its own, or of a data set; of a web page, whose site it is
	Newspaper string              // the newspaper that it is an article of
	Issue     string              // the page of the newspaper (版次)
	Published catalog.PartialDate // as exact as it is known
	Updated   time.Time           // when the text last changed; its day is that of catalog.Zone
	Version   int                 // of a record
	Accessed  time.Time           // when it was read; its day is that of catalog.Zone
	URL       string              // where it was read
	Dataset   bool                // files of data, published together
	From, To  int                 // of a quote: its code points in the document, from From to just before To
	Quote     string              // its words
}

// Format writes the reference in the style. GBT7714, GBT7714_2015 and APA are one line; BIBTEX
// and RIS are whole entries that end with a line break, and so is CSLJSON, an
// array of one item. A style that is none of them is an INVALID error.
func Format(r Reference, s Style) (string, error) {
	r = r.tidy()
	switch s {
	case GBT7714:
		return r.gbt7714(), nil
	case GBT7714of15:
		return r.gbt7714of15(), nil
	case BibTeX:
		return r.bibTeX(), nil
	case RIS:
		return r.ris(), nil
	case APA:
		return r.apa(), nil
	case CSLJSON:
		return r.cslJSON()
	}
	return "", &catalog.Error{
		Kind: catalog.KindInvalid, Path: "style",
		Zh: fmt.Sprintf("没有“%s”这种引用格式", s), En: fmt.Sprintf("there is no citation style %q", string(s)),
	}
}

// tidy brings every text to one line: a line break would end a field of RIS, and
// is nothing but a space in a title. Titles in Chinese get the full-width colon and
// comma in every style, as GB/T 7714-2025 wants them and programs that format
// bibliographies print whatever they are given.
func (r Reference) tidy() Reference {
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	r.Title, r.Within, r.Release = fullWidth(line(r.Title)), fullWidth(line(r.Within)), line(r.Release)
	r.Host, r.Publisher, r.Quote = fullWidth(line(r.Host)), fullWidth(line(r.Publisher)), line(r.Quote)
	r.Newspaper, r.Issue = line(r.Newspaper), line(r.Issue)
	r.URL = strings.Join(strings.Fields(r.URL), "%20")
	authors := make([]string, 0, len(r.Authors))
	for _, a := range r.Authors {
		if a = line(a); a != "" {
			authors = append(authors, a)
		}
	}
	r.Authors = authors
	return r
}

// published is the date of publication as exact as it is known; where there is
// none, the day of the last change: a record of a database has no other.
func (r Reference) published() catalog.PartialDate {
	if r.Published != "" {
		return r.Published
	}
	return day(r.Updated)
}

// day returns the day of t in the time zone of the site, "" for the zero time.
func day(t time.Time) catalog.PartialDate { return catalog.DayOf(t) }

// container is the title of what the reference is a part of, "" where it stands on its
// own: for styles that have one place for it. That of a web page is its site.
func (r Reference) container() string {
	switch {
	case r.Newspaper != "":
		return r.Newspaper
	case r.Host != "":
		return r.Host
	case r.Within != "":
		return r.Within
	case r.mark() == markPage:
		return r.Publisher
	}
	return ""
}

// imprint is who published it, for styles that have another place for the site of a web
// page.
func (r Reference) imprint() string {
	if r.mark() == markPage && r.container() == r.Publisher {
		return ""
	}
	return r.Publisher
}

// place returns where a quote stands in its document: its characters, counted from 1,
// as the texts here have no pages. It is what a reference has instead of pages.
func (r Reference) place() string {
	if r.To == 0 {
		return ""
	}
	return strconv.Itoa(r.From+1) + "-" + strconv.Itoa(r.To) + "字"
}

// Name returns the title with the release, for styles that have no place for it.
func (r Reference) Name() string {
	if r.Release == "" {
		return r.Title
	}
	return r.Title + " " + r.Release
}
