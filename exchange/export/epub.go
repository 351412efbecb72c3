package export

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// EPUBMedia is the media type of what WriteEPUB writes.
const EPUBMedia = "application/epub+zip"

// WriteEPUB writes a collection as an EPUB 3: a title page, contents, the preface, a
// document a case with the headings of the printed book, and the colophon. It goes over
// the cases once and keeps one in memory at a time. id identifies the book, such as its
// address, and modified is when it last changed.
//
// No library of Go that is kept up and to be had writes it case by case; the format
// itself is a ZIP with five small documents beside the texts.
func WriteEPUB(w io.Writer, b Book, id string, modified time.Time) error {
	e := &epub{zip: zip.NewWriter(w)}
	kind := []byte(EPUBMedia)
	e.raw(&zip.FileHeader{
		Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE(kind), CompressedSize64: uint64(len(kind)), UncompressedSize64: uint64(len(kind)),
	}, kind)
	e.file("META-INF/container.xml", xml.Header+`<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`)
	e.file("EPUB/style.css", epubStyle)
	by := ""
	if p := b.Printing(&catalog.CaseInput{}); p.Name != nil && b.Collection.Committee != "" {
		by = p.Name(catalog.KindCommittee, b.Collection.Committee)
	}
	if b.Collection.Preface != "" {
		e.texts("preface", "前言", "", epubProse(b.Collection.Preface))
	}
	n, synthetic := 0, false
	err := b.Cases(func(in *catalog.CaseInput) error {
		if err := jsonl.CheckUTF8(in); err != nil {
			return err
		}
		n++
		synthetic = synthetic || in.Origin == catalog.OriginSynthetic
		p := &docx.Print{}
		printBelowTitle(p, in, b.Printing(in))
		e.texts(fmt.Sprintf("case-%04d", n), in.Title, "case", p.Lines())
		return e.err
	})
	if err != nil {
		return err
	}
	if b.Collection.Colophon != "" {
		e.texts("colophon", "后记", "", epubProse(b.Collection.Colophon))
	}
	cover := []string{`<h1>` + xmlText(b.Collection.Title) + `</h1>`, `<p class="middle">` + xmlText(by) + `</p>`, `<p class="middle">` + xmlText(b.Date) + `</p>`}
	if by == "" {
		cover = append(cover[:1], cover[2])
	}
	if synthetic {
		cover = append(cover, `<p class="middle">（含合成数据，并非真实案例）</p>`)
	}
	e.file("EPUB/title.xhtml", epubPage(b.Collection.Title, `<section epub:type="titlepage">`+strings.Join(cover, "\n")+`</section>`))
	e.file("EPUB/nav.xhtml", epubPage("目录", `<nav epub:type="toc"><h1>目录</h1><ol><li><a href="title.xhtml">`+xmlText(b.Collection.Title)+`</a></li>`+e.contents.String()+`</ol></nav>`))
	e.file("EPUB/package.opf", xml.Header+`<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-CN"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">`+
		`<dc:identifier id="id">`+xmlText(id)+`</dc:identifier><dc:title>`+xmlText(b.Collection.Title)+`</dc:title><dc:language>zh-CN</dc:language>`+creator(by)+
		`<meta property="dcterms:modified">`+modified.UTC().Format("2006-01-02T15:04:05Z")+`</meta></metadata>`+
		`<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/><item id="style" href="style.css" media-type="text/css"/>`+
		`<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>`+e.manifest.String()+`</manifest>`+
		`<spine><itemref idref="title"/><itemref idref="nav"/>`+e.spine.String()+`</spine></package>`)
	if e.err != nil {
		return fmt.Errorf("write an EPUB: %w", e.err)
	}
	if err := e.zip.Close(); err != nil {
		return fmt.Errorf("write an EPUB: %w", err)
	}
	return nil
}

// epubStyle is that of a plain Chinese book; fonts are the reader's.
const epubStyle = `body { line-height: 1.7; }
p { margin: 0; text-indent: 2em; text-align: justify; }
h1 { font-size: 1.4em; text-align: center; margin: 1em 0; }
h2 { font-size: 1.1em; margin: 1em 0 .4em; page-break-after: avoid; }
p.middle { text-align: center; text-indent: 0; }
`

// epub is an EPUB that is being written. The first error is kept.
type epub struct {
	zip                       *zip.Writer
	contents, manifest, spine strings.Builder
	err                       error
}

func (e *epub) raw(header *zip.FileHeader, content []byte) {
	w, err := e.zip.CreateRaw(header)
	if err == nil {
		_, err = w.Write(content)
	}
	e.err = cmp.Or(e.err, err)
}

func (e *epub) file(name, content string) {
	if e.err != nil {
		return
	}
	w, err := e.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	e.err = err
}

// texts writes a document of paragraphs under a title.
func (e *epub) texts(name, title, class string, lines []docx.PrintLine) {
	var s strings.Builder
	s.WriteString(`<section`)
	if class != "" {
		s.WriteString(` class="` + class + `"`)
	}
	s.WriteString(`><h1>` + xmlText(title) + "</h1>\n")
	for _, l := range lines {
		switch {
		case strings.TrimSpace(l.Text) == "":
		case l.Style == docx.PrintHeading:
			s.WriteString(`<h2>` + xmlText(l.Text) + "</h2>\n")
		case l.IsCentered():
			s.WriteString(`<p class="middle">` + xmlText(l.Text) + "</p>\n")
		default:
			s.WriteString(`<p>` + xmlText(l.Text) + "</p>\n")
		}
	}
	s.WriteString(`</section>`)
	e.file("EPUB/"+name+".xhtml", epubPage(title, s.String()))
	e.contents.WriteString(`<li><a href="` + name + `.xhtml">` + xmlText(title) + `</a></li>`)
	e.manifest.WriteString(`<item id="` + name + `" href="` + name + `.xhtml" media-type="application/xhtml+xml"/>`)
	e.spine.WriteString(`<itemref idref="` + name + `"/>`)
}

func epubProse(text string) []docx.PrintLine {
	p := &docx.Print{}
	p.Text(text)
	return p.Lines()
}

func epubPage(title, body string) string {
	return xml.Header + `<!DOCTYPE html>` + "\n" + `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="zh-CN" lang="zh-CN"><head><title>` +
		xmlText(title) + `</title><link rel="stylesheet" type="text/css" href="style.css"/></head><body>` + body + `</body></html>`
}

func creator(by string) string {
	if by == "" {
		return ""
	}
	return `<dc:creator>` + xmlText(by) + `</dc:creator>`
}

// xmlText is a text as XML has it.
func xmlText(text string) string {
	var s strings.Builder
	_ = xml.EscapeText(&s, []byte(text)) // a builder takes all
	return s.String()
}
