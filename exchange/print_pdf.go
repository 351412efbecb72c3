package exchange

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/office"
)

// ErrNoPrinter says that nothing is installed that makes a PDF.
var ErrNoPrinter = office.ErrNotInstalled

// CanPrintPDF reports whether PrintPDF has a program to do it with.
func CanPrintPDF() bool { return office.Find() != "" || office.FindBrowser() != "" }

// PrintPDF writes cases as PrintDOCX does, as a PDF: by LibreOffice, or else by a
// browser. It takes the nearest fonts that the machine has, and says at the end which,
// where they are not those of the standard. The error is ErrNoPrinter where neither
// program is installed. Safe for concurrent use.
func PrintPDF(ctx context.Context, cases []*catalog.CaseInput, p func(*catalog.CaseInput) Printing) ([]byte, error) {
	below, known := fontsTaken.get()
	for {
		d, err := printed(cases, p, below)
		if err != nil {
			return nil, err
		}
		content, err := pdfOf(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("print a PDF: %w", err)
		}
		if known {
			return content, nil
		}
		// The first time only: what stands below is known when the fonts are.
		below, known = fontNote(fontsOf(content)), true
		fontsTaken.set(below)
		if below == "" {
			return content, nil
		}
	}
}

func pdfOf(ctx context.Context, d *docx.Print) ([]byte, error) {
	var b bytes.Buffer
	if office.Find() != "" {
		if _, err := d.WriteTo(&b); err != nil {
			return nil, err
		}
		return office.Convert(ctx, &b, "docx", "pdf")
	}
	if err := d.WriteHTML(&b); err != nil {
		return nil, err
	}
	return office.PrintPage(ctx, b.Bytes())
}

// fontsTaken is what is said of the fonts of this machine, once it is known.
var fontsTaken remembered

type remembered struct {
	mu    sync.Mutex
	note  string
	known bool
}

func (r *remembered) get() (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.note, r.known
}

func (r *remembered) set(note string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note, r.known = note, true
}

// baseFont is the name of a font that a PDF has in it, behind the mark of a part of it.
var baseFont = regexp.MustCompile(`/BaseFont\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)`)

// fontsOf returns the fonts that a PDF names, each once, in their order.
func fontsOf(pdf []byte) []string {
	var names []string
	for _, m := range baseFont.FindAllSubmatch(pdf, -1) {
		name, err := url.PathUnescape(strings.ReplaceAll(string(m[1]), "#", "%"))
		if err == nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// standardFonts are the fonts of the standard, as PDFs name them.
var standardFonts = regexp.MustCompile(`(?i)方正小标宋|FZXBS|FZXiaoBiaoSong|仿宋|FangSong|楷体|KaiTi|黑体|SimHei|宋体|SimSun|Times`)

// fontNote says which fonts a PDF took that are not those of the standard, "" where
// there are none.
func fontNote(fonts []string) string {
	others := slices.DeleteFunc(slices.Clone(fonts), standardFonts.MatchString)
	if len(others) == 0 {
		return ""
	}
	return "字体：本机没有公文标准的全部字体，以 " + strings.Join(others, "、") + " 代替。"
}
