package export

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
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
	writeCase(d, WithNames(in, name).(*catalog.CaseInput))
	if _, err := d.WriteTo(w); err != nil {
		return fmt.Errorf("write %s: %w", in.Slug, err)
	}
	return nil
}

// WithNames returns a copy of a record whose references are names.
func WithNames(in catalog.Input, name Namer) catalog.Input {
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
		d.Paragraph("", column.SyntheticMark)
	}
	columns, cells := column.Of(catalog.KindCase), column.Cells(in)
	var rows [][]string
	for i, c := range columns {
		if !hasPart(&c) && cells[i] != "" && c.Name != "title" {
			rows = append(rows, []string{c.Label, cells[i]})
		}
	}
	d.Table([]int{2000, 6300}, rows)
	parts := 0
	heading := func(label string) {
		d.Paragraph(docx.Heading1, ChineseNumbers[parts]+"、"+label)
		parts++
	}
	steps := false
	for i, c := range columns {
		switch {
		case !hasPart(&c) || cells[i] == "":
		case c.Step != "":
			if !steps {
				heading(catalog.FieldLabel(catalog.KindCase, "steps"))
				steps = true
			}
			d.Paragraph(docx.Heading2, c.Label+" "+askOf(c.Step))
			d.Lines("", cells[i])
		default:
			heading(c.Label)
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
func hasPart(c *column.Column) bool {
	return c.IsText() || c.Type.Kind() == reflect.Slice && c.Type.Elem().Kind() == reflect.Struct
}

// ChineseNumbers are the numbers of chapters and sections, from 一 on.
var ChineseNumbers = strings.Fields("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五")
