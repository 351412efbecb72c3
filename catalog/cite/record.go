package cite

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Title is the knowledge base's own title.
const Title = "吉思广益：政协协商典型案例知识库"

// syntheticMark goes with the title of a made-up record, so that it is taken for
// a real one in no bibliography.
const syntheticMark = "（合成数据）"

// Record is the reference to a record of the knowledge base at the address, as
// in https://example.org; where that is "" nobody has said where the knowledge
// base is to be found, and no place is given. The authors are those of the
// record's own text, if it says so. A record that was read on no given day, the
// zero time, counts as read on the day of its last change: the same record is
// always cited the same. It is INVALID to have read it before.
func Record(address string, r catalog.Record, title string, authors []string, read time.Time) (Reference, error) {
	head := r.Head()
	read, err := readOn(head.UpdatedAt, read)
	if err != nil {
		return Reference{}, err
	}
	if head.Origin == catalog.OriginSynthetic {
		title += syntheticMark
	}
	ref := Reference{
		Key: key(r), Authors: authors, Title: title, Host: Title, Updated: head.UpdatedAt, Version: head.Version, Accessed: read,
	}
	if address != "" {
		ref.URL = strings.TrimSuffix(address, "/") + catalog.Permalink(r.Kind(), head.Slug)
	}
	return ref, nil
}

// Source is the reference to a document that the knowledge base quotes: what it
// is, not the copy that is kept here. A day of reading is given only where the
// document has an address to be read at.
func Source(s *catalog.Source, read time.Time) (Reference, error) {
	read, err := readOn(s.UpdatedAt, read)
	if err != nil {
		return Reference{}, err
	}
	ref := Reference{Key: key(s), Title: s.Title}
	if s.Origin == catalog.OriginSynthetic {
		ref.Title += syntheticMark
	}
	if s.Publisher != nil {
		ref.Publisher = *s.Publisher
	}
	if s.PublishedOn != nil {
		ref.Published = *s.PublishedOn
	}
	if s.URL != nil {
		ref.URL, ref.Accessed = *s.URL, read
	}
	return ref, nil
}

// newspaperPage finds the page (版次) that is written behind the name of a newspaper, as
// in 人民政协报第12版. A name alone is taken for that of a website: many newspapers have
// one, with pages that no paper has printed.
var newspaperPage = regexp.MustCompile(`^(.*\p{Han}.*?)\s*第\s*0*([0-9]{1,3})\s*版$`)

// Report is the reference to the public page of a report: an article of a newspaper where
// the publisher names its page, else a page of the web. Where no day of reading
// is given it is the one on which the page was checked; where nobody has opened it,
// none is stated.
func Report(r *catalog.Report, read time.Time) (Reference, error) {
	ref := Reference{Key: key(r), Title: r.Title, URL: r.URL, Accessed: read}
	if r.Origin == catalog.OriginSynthetic {
		ref.Title += syntheticMark
	}
	if r.Publisher != nil {
		if page := newspaperPage.FindStringSubmatch(*r.Publisher); page != nil {
			ref.Newspaper, ref.Issue = page[1], page[2]
		} else {
			ref.Publisher = *r.Publisher
		}
	}
	if r.PublishedOn != nil {
		ref.Published = *r.PublishedOn
	}
	if checked := r.CheckedDay(); checked != nil && read.IsZero() {
		ref.Accessed = *checked
	}
	if !read.IsZero() && string(day(read)) < string(ref.Published) {
		return Reference{}, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "accessedOn",
			Zh: fmt.Sprintf("该网页发布于 %s，引用日期 %s 不能更早", ref.Published, day(read)),
			En: fmt.Sprintf("the page is of %s; it cannot have been read on %s", ref.Published, day(read)),
		}
	}
	return ref, nil
}

// Quote is the reference to a quote of a source, by its place in the document and,
// where the document holds several, of the article in which it stands.
func Quote(s *catalog.Source, c *catalog.Citation, read time.Time) (Reference, error) {
	ref, err := Source(s, read)
	ref.From, ref.To, ref.Quote = c.Start, c.End, c.Quote
	ref.Key += fmt.Sprintf("-%d-%d", c.Start+1, c.End) // one bibliography may have several quotes
	if section := s.SectionAt(c.Start); section != nil && err == nil && section.Title != s.Title {
		ref.Title, ref.Within = section.Title, ref.Title
	}
	return ref, err
}

// ReleaseTitle is a release's title.
func ReleaseTitle(name string) string { return Title + "研究数据 " + name }

// Release is the reference to a release of the knowledge base at the address. It
// is of the day of the last change that is in it, whenever it was made, so that
// the same records are always cited the same; see Record for the day of reading.
func Release(address string, r *catalog.Release, read time.Time) (Reference, error) {
	read, err := readOn(r.AsOf, read)
	if err != nil {
		return Reference{}, err
	}
	ref := Reference{Key: "release-" + r.Name, Title: Title + "研究数据", Release: r.Name, Updated: r.AsOf, Accessed: read, Dataset: true, Publisher: Title}
	if r.Synthetic {
		ref.Title += "（含合成数据）"
	}
	if address != "" {
		ref.URL = strings.TrimSuffix(address, "/") + "/releases/" + r.Name + "/"
	}
	return ref, nil
}

func key(r catalog.Record) string { return strings.ToLower(string(r.Kind())) + "-" + r.Head().Slug }

// readOn returns the day of reading.
func readOn(updated, read time.Time) (time.Time, error) {
	if read.IsZero() {
		return updated, nil
	}
	if day(read) < day(updated) { // days in this form sort as they follow each other
		return time.Time{}, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "accessedOn",
			Zh: fmt.Sprintf("记录在 %s更新过，引用日期 %s 不能更早", day(updated), day(read)),
			En: fmt.Sprintf("the record as it stands is of %s; it cannot have been read on %s", day(updated), day(read)),
		}
	}
	return read, nil
}

// Withdrawn is the reference to a record that has been withdrawn, as it was
// cited while its last public version stood.
func Withdrawn(address string, t *catalog.Tombstone) Reference {
	ref := Reference{
		Key: strings.ToLower(string(t.Kind)) + "-" + t.Slug, Title: t.Title, Host: Title, Updated: t.UpdatedAt, Accessed: t.UpdatedAt, Version: t.Version,
	}
	if t.Origin == catalog.OriginSynthetic {
		ref.Title += syntheticMark
	}
	if address != "" {
		ref.URL = strings.TrimSuffix(address, "/") + catalog.Permalink(t.Kind, t.Slug)
	}
	return ref
}
