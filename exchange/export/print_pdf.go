package export

import (
	"bytes"
	"cmp"
	"io"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/typeset"
)

// ErrNoFont says that this machine has no font to print Chinese in.
var ErrNoFont = typeset.ErrNoFont

// CanPrintPDF reports whether this machine has fonts to print Chinese in. It looks for
// them once.
func CanPrintPDF() bool { return typeset.CanPrint() }

// PrintPDF writes cases as PrintDOCX does, as a PDF. It takes the nearest fonts that the
// machine has, and says at the end which, where they are not those of the standard. The
// error is ErrNoFont where none is for Chinese. Safe for concurrent use.
func PrintPDF(cases []*catalog.CaseInput, p func(*catalog.CaseInput) Printing) ([]byte, error) {
	var b bytes.Buffer
	t, err := typeset.New(&b)
	if err != nil {
		return nil, err
	}
	for _, in := range cases {
		if err := jsonl.CheckUTF8(in); err != nil {
			return nil, err
		}
		d := &docx.Print{}
		how := p(in)
		printCase(d, in, how)
		t.Text(d.Lines(), "")
		if len(cases) == 1 {
			t.About(in.Title, committeeOf(in.Committee, how))
		}
	}
	t.Notes()
	if err := t.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// committeeOf returns the name of a committee, its slug where it has none.
func committeeOf(slug string, p Printing) string {
	if p.Name == nil || slug == "" {
		return slug
	}
	return cmp.Or(p.Name(catalog.KindCommittee, slug), slug)
}

// PrintBook writes a collection as WriteBook does, as a PDF: the same texts in the same
// order, with links from contents and indexes to pages, and an outline. It goes over the
// cases once, and keeps one in memory at a time. The error is ErrNoFont where no font is
// for Chinese.
func PrintBook(w io.Writer, b Book) error {
	t, err := typeset.New(w)
	if err != nil {
		return err
	}
	by := committeeOf(b.Collection.Committee, b.Printing(&catalog.CaseInput{}))
	t.About(b.Collection.Title, by)
	l := listed{by: map[string][]int{}, about: map[string][]int{}}
	err = b.Cases(func(in *catalog.CaseInput) error {
		if err := jsonl.CheckUTF8(in); err != nil {
			return err
		}
		d := &docx.Print{}
		how := b.Printing(in)
		printCase(d, in, how)
		t.Text(d.Lines(), in.Title)
		l.add(in, how)
		return nil
	})
	if err != nil {
		return err
	}
	if b.Collection.Colophon != "" {
		t.Back("后　记", "后记", b.Collection.Colophon)
	}
	t.Index(indexByCommittee, l.committees, l.by)
	t.Index(indexByTopic, l.topics, l.about)
	t.Notes(b.Collection.Title, by, b.Collection.Preface)
	cover := docx.Cover{Title: b.Collection.Title, By: by, Date: b.Date}
	if l.synthetic {
		cover.Marks = []string{syntheticBook}
	}
	t.Cover(cover)
	t.Contents(l.titles)
	if b.Collection.Preface != "" {
		t.Front("前　言", "前言", b.Collection.Preface)
	}
	return t.Close()
}
