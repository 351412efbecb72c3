package exchange

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// Namer returns the name by which people know a record, "" where only its slug
// will do.
type Namer func(kind catalog.RecordKind, slug string) string

// WriteDOCX writes a case as a document in the form that an import reads back:
// title, a table of what is known about it, and its parts under headings. An
// import of it makes the same case, but for empty lines and for spaces at the
// ends of lines. name, which may be nil, turns slugs into names; it must return a
// name only where that stands for one record.
func WriteDOCX(w io.Writer, in *catalog.CaseInput, name Namer) error {
	if err := jsonl.CheckUTF8(in); err != nil {
		return err
	}
	d := &docx.Writer{}
	writeCase(d, withNames(in, name).(*catalog.CaseInput))
	if _, err := d.WriteTo(w); err != nil {
		return fmt.Errorf("write %s: %w", in.Slug, err)
	}
	return nil
}

// withNames returns a copy of a record whose references are names.
func withNames(in catalog.Input, name Namer) catalog.Input {
	line, err := jsonl.Encode(in)
	if err != nil || name == nil {
		return in
	}
	decoded, err := jsonl.Decode(line)
	if err != nil {
		return in
	}
	for _, ref := range decoded.References() {
		if n := name(ref.Kind, *ref.Name); n != "" {
			*ref.Name = n
		}
	}
	return decoded
}

func writeCase(d *docx.Writer, in *catalog.CaseInput) {
	d.Paragraph(docx.Title, in.Title)
	if in.Origin == catalog.OriginSynthetic {
		d.Paragraph("", syntheticMark)
	}
	columns, cells := columnsOf(catalog.KindCase), cellsOf(in)
	var rows [][]string
	for i, c := range columns {
		if !hasPart(&c) && cells[i] != "" && c.name != "title" {
			rows = append(rows, []string{c.label, cells[i]})
		}
	}
	d.Table([]int{2000, 6300}, rows)
	parts := 0
	heading := func(label string) {
		d.Paragraph(docx.Heading1, chineseNumbers[parts]+"、"+label)
		parts++
	}
	steps := false
	for i, c := range columns {
		switch {
		case !hasPart(&c) || cells[i] == "":
		case c.step != "":
			if !steps {
				heading(catalog.FieldLabel(catalog.KindCase, "steps"))
				steps = true
			}
			d.Paragraph(docx.Heading2, c.label+" "+askOf(c.step))
			d.Lines("", cells[i])
		default:
			heading(c.label)
			d.Lines("", cells[i])
		}
	}
}

func askOf(step catalog.StepCode) string {
	for _, p := range catalog.Procedure {
		if p.Code == step {
			return p.Asks
		}
	}
	return ""
}

// hasPart reports whether a column is a part of its own rather than a row of the
// table: prose, and lists whose entries have parts.
func hasPart(c *column) bool {
	return isText(c) || c.typ.Kind() == reflect.Slice && c.typ.Elem().Kind() == reflect.Struct
}

var chineseNumbers = strings.Fields("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五")
