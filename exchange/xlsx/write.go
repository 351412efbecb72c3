package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/klauspost/compress/flate"
)

// MaxCell is how much of a text goes into one cell, in UTF-16 units: XLSX takes
// 32,767.
const MaxCell = 32_000

// MaxSheetRows is how many rows Writer puts in one sheet; XLSX takes 1,048,576.
const MaxSheetRows = 1_000_000

// Column is a column of a sheet that is written.
type Column struct {
	Title string
	Width float64 // in characters
	// Number says that the column has numbers, with which spreadsheets can count. What is
	// none is written as a text all the same.
	Number bool
}

// Writer writes a workbook sheet by sheet. Rows go straight to the io.Writer,
// without a temporary file, and the same rows make the same bytes; excelize
// writes its parts in the order of a map. It is for one goroutine.
type Writer struct {
	zip   *zip.Writer
	part  *bufio.Writer // the sheet being written, nil before the first
	names []string      // of the sheets begun
	// printed is how many columns of each are printed, 0 for all.
	printed []int
	lasts   []int // the last row of each
	row     int   // written last
	// widths are those of the printed columns of the sheet being written.
	widths  []float64
	numbers []bool // of the columns of the sheet being written
}

// NewWriter begins a workbook.
func NewWriter(w io.Writer) *Writer {
	z := zip.NewWriter(w)
	// Packing at the level of most programs took two fifths of an export's time.
	z.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	return &Writer{zip: z}
}

// Cut splits a text into pieces of at most so many UTF-16 units.
func Cut(s string, most int) []string {
	if len(s) <= most {
		return []string{s}
	}
	var pieces []string
	start, units := 0, 0
	for i, r := range s {
		n := utf16.RuneLen(r)
		if units+n > most {
			pieces = append(pieces, s[start:i])
			start, units = i, 0
		}
		units += n
	}
	return append(pieces, s[start:])
}

const spreadsheetML = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// Sheet ends the sheet before and begins one, with its titles in the first row. The
// first printed columns are what prints, all where that is 0: what has forty columns
// cannot be read on one sheet of paper.
func (x *Writer) Sheet(name string, columns []Column, printed int) error {
	if err := x.endSheet(); err != nil {
		return err
	}
	part, err := x.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.names)+1))
	if err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	x.names, x.printed = append(x.names, name), append(x.printed, printed)
	x.part, x.row = bufio.NewWriterSize(part, 64<<10), 0
	var b strings.Builder
	b.WriteString(xml.Header + `<worksheet ` + spreadsheetML + `><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	titles := make([]string, len(columns))
	x.widths, x.numbers = nil, nil
	for i, c := range columns {
		titles[i] = c.Title
		x.numbers = append(x.numbers, c.Number)
		if printed == 0 || i < printed {
			x.widths = append(x.widths, c.Width)
		}
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, c.Width)
	}
	b.WriteString(`</cols><sheetData>`)
	if _, err := x.part.WriteString(b.String()); err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	return x.append(titles, 1)
}

// Rows returns how many rows the sheet has so far, its titles counted.
func (x *Writer) Rows() int { return x.row }

// Write writes a row of texts. Every cell is a text, so that nothing is read as a
// formula, a number or a day, but for numbers in columns of numbers.
func (x *Writer) Write(cells []string) error { return x.append(cells, 0) }

// printed is how a sheet prints: on A4 across, as many pages long as it takes and
// one wide, with lines around the cells and numbers of pages.
const printed = `<printOptions gridLines="1"/><pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>` +
	`<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C— &amp;P —</oddFooter></headerFooter>`

func (x *Writer) endSheet() error {
	if x.part == nil {
		return nil
	}
	_, _ = x.part.WriteString(`</sheetData>` + printed + `</worksheet>`) // Flush tells of an error
	if err := x.part.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	x.part, x.lasts = nil, append(x.lasts, x.row)
	return nil
}

func (x *Writer) append(cells []string, style int) error {
	x.row++
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d" ht="%g" customHeight="1">`, x.row, height(cells, x.widths))
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if style == 0 && i < len(x.numbers) && x.numbers[i] && plainNumber.MatchString(cell) {
			fmt.Fprintf(&b, `<c r="%s%d" s="2"><v>%s</v></c>`, Letters(i+1), x.row, cell)
			continue
		}
		fmt.Fprintf(&b, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, Letters(i+1), x.row, style)
		_ = xml.EscapeText(&b, []byte(escapeUnprintable(cell))) // a Builder takes everything
		b.WriteString(`</t></is></c>`)
	}
	b.WriteString(`</row>`)
	if _, err := x.part.WriteString(b.String()); err != nil {
		return fmt.Errorf("write row %d: %w", x.row, err)
	}
	return nil
}

// plainNumber is a number that a spreadsheet gives back digit by digit: IEEE 754 has
// fifteen.
var plainNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{0,4}[1-9])?$`)

// looksEscaped is how XLSX writes characters that XML can't carry (ECMA-376,
// part 1, 22.9.2.19, ST_Xstring); a text that reads like it has its underscore
// written in the same way.
var looksEscaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func escapeUnprintable(s string) string {
	if strings.Contains(s, "_x") {
		s = looksEscaped.ReplaceAllString(s, "_x005F_$1")
	}
	if strings.Contains(s, "\r") || strings.Contains(s, "\xEF\xBF") { // how U+FFFE and U+FFFF begin
		s = unprintable.Replace(s)
	}
	return s
}

var unprintable = strings.NewReplacer("\uFFFE", "_xFFFE_", "\uFFFF", "_xFFFF_", "\r", "_x000D_")

// Close ends the workbook, which must have a sheet. It does not close the
// io.Writer.
func (x *Writer) Close() error {
	if err := x.endSheet(); err != nil {
		return err
	}
	for _, part := range x.frame() {
		to, err := x.zip.Create(part[0])
		if err != nil {
			return fmt.Errorf("write XLSX: %s: %w", part[0], err)
		}
		if _, err := io.WriteString(to, xml.Header+part[1]); err != nil {
			return fmt.Errorf("write XLSX: %s: %w", part[0], err)
		}
	}
	if err := x.zip.Close(); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// frame are the parts around the sheets, by name.
func (x *Writer) frame() [][2]string {
	const (
		types     = `http://schemas.openxmlformats.org/package/2006/content-types`
		relations = `http://schemas.openxmlformats.org/package/2006/relationships`
		office    = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
		sheetML   = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	)
	var overrides, sheets, relationships, names strings.Builder
	for i, name := range x.names {
		fmt.Fprintf(&overrides, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, sheetML)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		if x.printed[i] > 0 {
			fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Area" localSheetId="%d">'%s'!$A$1:$%s$%d</definedName>`, i, name, Letters(x.printed[i]), x.lasts[i])
		}
		fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">'%s'!$1:$1</definedName>`, i, name)
		fmt.Fprintf(&relationships, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, office, i+1)
	}
	return [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + types + `"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + sheetML + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + sheetML + `styles+xml"/>` + overrides.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + spreadsheetML + ` xmlns:r="` + office + `"><sheets>` + sheets.String() + `</sheets><definedNames>` + names.String() + `</definedNames></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + relations + `">` + relationships.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(x.names)+1, office)},
		{"xl/styles.xml", xlsxStyles},
	}
}

// xlsxStyles has three styles: that of cells, which are text, that of headers, and that of
// numbers.
const xlsxStyles = `<styleSheet ` + spreadsheetML + `><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFDDE6F0"/></patternFill></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="3"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
