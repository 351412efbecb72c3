package exchange

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/jisiguangyi/jisi/catalog"
)

// maxCell is how much of a text goes into one cell, in UTF-16 units: XLSX takes
// 32,767, of which an apostrophe may be one.
const maxCell = 32_000

// xlsxWriter writes a workbook with a sheet a kind (ECMA-376, part 1). It is
// written here, and not with excelize, so that rows go straight to w, without a
// temporary file, and so that the same records make the same bytes: excelize
// writes its parts in the order of a map.
type xlsxWriter struct {
	zip     *zip.Writer
	part    *bufio.Writer // the sheet being written, nil before the first
	names   []string      // of the sheets begun
	kind    catalog.RecordKind
	columns []column
	sheets  map[catalog.RecordKind]int
	row     int // written last
}

func newXLSXWriter(w io.Writer) *xlsxWriter {
	return &xlsxWriter{zip: zip.NewWriter(w), sheets: map[catalog.RecordKind]int{}}
}

func (x *xlsxWriter) Write(in catalog.Input) error {
	if err := checkUTF8(in); err != nil {
		return err
	}
	if x.kind != in.Kind() || x.row > maxSheetRecords {
		if err := x.sheet(in.Kind()); err != nil {
			return err
		}
	}
	pieces := make([][]string, len(x.columns))
	most := 1
	for i, cell := range cellsOf(in) {
		pieces[i] = cut(cell, maxCell)
		most = max(most, len(pieces[i]))
	}
	for n := range most {
		cells := make([]string, len(x.columns))
		for i, p := range pieces {
			switch {
			case x.columns[i].name == "slug" && n > 0:
				cells[i] = ditto
			case n < len(p):
				cells[i] = guard(p[n])
			}
		}
		if err := x.append(cells, 0); err != nil {
			return err
		}
	}
	return nil
}

// cut parts a text into pieces of at most so many UTF-16 units.
func cut(s string, most int) []string {
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

// sheet ends the sheet before and begins one for a kind.
func (x *xlsxWriter) sheet(kind catalog.RecordKind) error {
	if err := x.endSheet(); err != nil {
		return err
	}
	x.sheets[kind]++
	name := kind.Label()
	if n := x.sheets[kind]; n > 1 {
		name += fmt.Sprint(n)
	}
	x.names = append(x.names, name)
	part, err := x.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.names)))
	if err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	x.part, x.kind, x.columns, x.row = bufio.NewWriterSize(part, 64<<10), kind, columnsOf(kind), 0
	var b strings.Builder
	b.WriteString(xml.Header + `<worksheet ` + spreadsheetML + `><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	headers := make([]string, len(x.columns))
	for i, c := range x.columns {
		headers[i] = c.label
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, columnWidth(&c))
	}
	b.WriteString(`</cols><sheetData>`)
	if _, err := x.part.WriteString(b.String()); err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	return x.append(headers, 1)
}

func (x *xlsxWriter) endSheet() error {
	if x.part == nil {
		return nil
	}
	_, _ = x.part.WriteString(`</sheetData></worksheet>`) // Flush tells of an error
	if err := x.part.Flush(); err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	x.part = nil
	return nil
}

// columnWidth is in characters.
func columnWidth(c *column) float64 {
	switch {
	case c.name == "title":
		return 36
	case isText(c), c.name == "text":
		return 48
	case slices.Contains([]string{"participants", "outcomes", "citations", "steps"}, c.name):
		return 30
	}
	return 16
}

// append writes a row of texts in a style. Every cell is a text, so that nothing
// is read as a formula, a number or a day.
func (x *xlsxWriter) append(cells []string, style int) error {
	x.row++
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, x.row)
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		fmt.Fprintf(&b, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, columnLetters(i+1), x.row, style)
		_ = xml.EscapeText(&b, []byte(escapeUnprintable(cell))) // a Builder takes everything
		b.WriteString(`</t></is></c>`)
	}
	b.WriteString(`</row>`)
	if _, err := x.part.WriteString(b.String()); err != nil {
		return fmt.Errorf("write row %d: %w", x.row, err)
	}
	return nil
}

// looksEscaped is how XLSX writes characters that XML can't carry (ECMA-376,
// part 1, 22.9.2.19, ST_Xstring); a text that reads like it has its underscore
// written in the same way.
var looksEscaped = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func escapeUnprintable(s string) string {
	s = looksEscaped.ReplaceAllString(s, "_x005F_$1")
	return strings.NewReplacer("\uFFFE", "_xFFFE_", "\uFFFF", "_xFFFF_", "\r", "_x000D_").Replace(s)
}

func (x *xlsxWriter) Close() error {
	if len(x.names) == 0 {
		if err := x.sheet(catalog.KindCase); err != nil {
			return err
		}
	}
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
func (x *xlsxWriter) frame() [][2]string {
	const (
		types     = `http://schemas.openxmlformats.org/package/2006/content-types`
		relations = `http://schemas.openxmlformats.org/package/2006/relationships`
		office    = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
		sheetML   = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	)
	var overrides, sheets, relationships strings.Builder
	for i, name := range x.names {
		fmt.Fprintf(&overrides, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, sheetML)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		fmt.Fprintf(&relationships, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, office, i+1)
	}
	return [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + types + `"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + sheetML + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + sheetML + `styles+xml"/>` + overrides.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + relations + `"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + spreadsheetML + ` xmlns:r="` + office + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + relations + `">` + relationships.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(x.names)+1, office)},
		{"xl/styles.xml", xlsxStyles},
	}
}

// xlsxStyles has two styles: that of cells, which are text, and that of headers.
const xlsxStyles = `<styleSheet ` + spreadsheetML + `><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFDDE6F0"/></patternFill></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyNumberFormat="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
