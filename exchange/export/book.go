package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// Book is a collection as it is printed. Cases goes over its cases in their order, as
// often as it is called, and yields the same each time.
type Book struct {
	Collection *catalog.CollectionInput
	Date       string // as the cover has it
	Cases      func(yield func(*catalog.CaseInput) error) error
	Printing   func(*catalog.CaseInput) Printing
}

// WriteBook writes a collection as one document by GB/T 9704: a cover, contents with
// page numbers, the preface, each case on a new page below a running head, the
// colophon, and indexes by committee and topic. It goes over the cases twice, to reckon
// pages first, and keeps one in memory at a time.
func WriteBook(w io.Writer, b Book) error {
	r := reckoner{page: 1, listed: listed{by: map[string][]int{}, about: map[string][]int{}}}
	err := b.Cases(func(in *catalog.CaseInput) error {
		if err := jsonl.CheckUTF8(in); err != nil {
			return err
		}
		r.add(in, b.Printing(in))
		return nil
	})
	if err != nil {
		return err
	}
	cover := docx.Cover{Title: b.Collection.Title, Date: b.Date}
	if p := b.Printing(&catalog.CaseInput{}); p.Name != nil && b.Collection.Committee != "" {
		cover.By = p.Name(catalog.KindCommittee, b.Collection.Committee)
	}
	if r.synthetic {
		cover.Marks = []string{syntheticBook}
	}
	book, err := docx.NewBook(w, cover)
	if err != nil {
		return err
	}
	book.Contents(r.entries)
	if b.Collection.Preface != "" {
		book.Front("前　言", b.Collection.Preface)
	}
	n := 0
	err = b.Cases(func(in *catalog.CaseInput) error {
		p := &docx.Print{}
		printBelowTitle(p, in, b.Printing(in))
		book.Text(n, in.Title, p)
		n++
		return nil
	})
	if err != nil {
		return err
	}
	if b.Collection.Colophon != "" {
		book.Front("后　记", b.Collection.Colophon)
	}
	book.Index(indexByCommittee, r.committees, r.by, r.pages)
	book.Index(indexByTopic, r.topics, r.about, r.pages)
	return book.Close()
}

// What both forms of a book call their indexes, and a book of made-up cases.
const (
	indexByCommittee = "索引：按报送单位"
	indexByTopic     = "索引：按议题"
	syntheticBook    = "（含合成数据，并非真实案例）"
)

// listed are a book's cases as contents and indexes name them.
type listed struct {
	titles             []string
	committees, topics []string // in the order in which they come
	by, about          map[string][]int
	synthetic          bool
}

// add lists a case and returns the name of its committee, "" where it has none.
func (l *listed) add(in *catalog.CaseInput, p Printing) string {
	i := len(l.titles)
	l.titles = append(l.titles, in.Title)
	l.synthetic = l.synthetic || in.Origin == catalog.OriginSynthetic
	committee := committeeOf(in.Committee, p)
	note(&l.committees, l.by, cmp.Or(committee, "未写明单位"), i)
	if len(in.Topics) == 0 {
		note(&l.topics, l.about, "未写明议题", i)
	}
	for _, t := range in.Topics {
		name := t
		if p.Name != nil {
			name = cmp.Or(p.Name(catalog.KindTopic, t), t)
		}
		note(&l.topics, l.about, name, i)
	}
	return committee
}

// reckoner reckons on which page each case begins, as the page of the standard has it:
// 22 lines of 27 full characters. Office programs reckon themselves when they open the
// book; a line that they break elsewhere may make a page's difference.
type reckoner struct {
	listed
	page    int
	entries []docx.BookEntry
	pages   []int
}

const (
	linesOfPage = 22
	widthOfLine = 27 * 2 // in halves of a character
)

func (r *reckoner) add(in *catalog.CaseInput, p Printing) {
	committee := r.listed.add(in, p)
	r.entries = append(r.entries, docx.BookEntry{Title: in.Title, By: committee, Page: r.page})
	r.pages = append(r.pages, r.page)
	d := &docx.Print{}
	printBelowTitle(d, in, p)
	r.page += pagesOf(in.Title, d.Lines())
}

func note(heads *[]string, of map[string][]int, head string, i int) {
	if !slices.Contains(*heads, head) {
		*heads = append(*heads, head)
	}
	of[head] = append(of[head], i)
}

// pagesOf reckons how many pages a text takes.
func pagesOf(title string, lines []docx.PrintLine) int {
	page, line := 1, 0
	// A line of the title is a little higher than one of the text.
	line += (brokenInto(title, 20*2, 0)*32 + 27) / 28
	for _, l := range lines {
		indent := 4
		if l.IsCentered() {
			indent = 0
		}
		need := brokenInto(l.Text, widthOfLine, indent)
		if l.Style == docx.PrintHeading && line+need >= linesOfPage { // stays with the line below
			page, line = page+1, 0
		}
		line += need
		for line > linesOfPage {
			page, line = page+1, line-linesOfPage
		}
	}
	return page
}

// brokenInto reckons into how many lines a text breaks, of a width in halves of a
// character: no line begins with a mark that closes.
func brokenInto(text string, width, indent int) int {
	lines, at := 1, indent
	for _, c := range text {
		w := 2
		if c < 0x2000 && !unicode.Is(unicode.Han, c) {
			w = 1
		}
		if at+w > width && !strings.ContainsRune("，。、；：？！）》」』”’…", c) {
			lines, at = lines+1, 0
		}
		at += w
	}
	return lines
}

// WriteBookList writes the list of a collection's cases as a workbook.
func WriteBookList(w io.Writer, b Book) error {
	x := xlsx.NewWriter(w)
	err := x.Sheet("目录", []xlsx.Column{
		{Title: "序号", Width: 6}, {Title: "案例", Width: 50}, {Title: "报送单位", Width: 24}, {Title: "议题", Width: 24}, {Title: "时间", Width: 18},
		{Title: "字数", Width: 8}, {Title: "不计标点", Width: 8}, {Title: "来源", Width: 10}, {Title: "永久链接", Width: 30},
	}, 0)
	if err != nil {
		return err
	}
	n := 0
	err = b.Cases(func(in *catalog.CaseInput) error {
		n++
		p := b.Printing(in)
		name := func(kind catalog.RecordKind, slug string) string {
			if p.Name == nil || slug == "" {
				return slug
			}
			return cmp.Or(p.Name(kind, slug), slug)
		}
		topics := make([]string, len(in.Topics))
		for i, t := range in.Topics {
			topics[i] = name(catalog.KindTopic, t)
		}
		var all catalog.Characters
		for _, part := range catalog.CaseParts {
			one := catalog.CountCharacters(catalog.PartOf(in, part))
			all.All, all.Bare = all.All+one.All, all.Bare+one.Bare
		}
		return x.Write([]string{
			fmt.Sprint(n), in.Title, name(catalog.KindCommittee, in.Committee), strings.Join(topics, "、"), printedTime(in),
			fmt.Sprint(all.All), fmt.Sprint(all.Bare), in.Origin.Label(), cmp.Or(p.Address, in.Slug),
		})
	})
	if err != nil {
		return err
	}
	return x.Close()
}
