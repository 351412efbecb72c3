package exchange

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// A CaseField is one field of a case as a preview shows it.
type CaseField struct {
	Name  string // of the column, as "topics" or "steps.ASK_FITNESS"
	Label string
	// Text is the whole, in the notation of tables, with names for slugs.
	Text string
	// Prose says that the text may have paragraphs.
	Prose bool
}

// firstWords is how much of a text a preview shows at first, in code points.
const firstWords = 40

// Begins returns the first words of the text.
func (f CaseField) Begins() string {
	text := []rune(f.Text)
	if len(text) <= firstWords {
		return f.Text
	}
	return string(text[:firstWords]) + "……"
}

// Length returns how long the text is, in code points.
func (f CaseField) Length() int { return utf8.RuneCountInString(f.Text) }

// previewed are the columns that a preview shows first; shownEmpty are those of them that
// it shows even where they are empty.
var (
	previewed  = []string{"title", "committee", "region", "startedOn", "endedOn", "brand", "topics", "summary", "background", "approach", "results", "lessons", "unplaced"}
	shownEmpty = previewed[:len(previewed)-1]
)

// derived are the columns that follow from others, or are the workflow's.
var derived = []string{"slug", "origin", "status", "withdrawn", "leadsTo", "citations", "level", "year"}

// CaseFields returns what a case says, field by field, in the order in which people
// look for it: the fields that a reader asks for first, empty ones among them, and
// of the others those that say something.
func CaseFields(in *catalog.CaseInput, name export.Namer) []CaseField {
	named := export.WithNames(in, name).(*catalog.CaseInput)
	columns, cells := column.Of(catalog.KindCase), column.Cells(named)
	var first, more []CaseField
	for _, wanted := range previewed {
		i := slices.IndexFunc(columns, func(c column.Column) bool { return c.Name == wanted })
		if cells[i] != "" || slices.Contains(shownEmpty, wanted) {
			first = append(first, fieldOf(&columns[i], cells[i]))
		}
	}
	for i := range columns {
		if c := &columns[i]; cells[i] != "" && !slices.Contains(previewed, c.Name) && !slices.Contains(derived, c.Name) {
			more = append(more, fieldOf(c, cells[i]))
		}
	}
	return append(first, more...)
}

func fieldOf(c *column.Column, text string) CaseField {
	prose := c.IsText() || c.Shape == catalog.ShapeText || c.Type.Kind() == reflect.Slice && c.Name != "topics"
	return CaseField{Name: c.Name, Label: c.Label, Text: text, Prose: prose}
}

// MendCase returns the case with these fields, by their names as CaseFields returns
// them, as somebody has mended them; fields of other names it leaves out of account.
// What cannot be read is told by the field's name, and the field is then as it was.
func MendCase(in *catalog.CaseInput, name export.Namer, texts map[string]string) (*catalog.CaseInput, catalog.Problems) {
	line, err := jsonl.Encode(in)
	if err != nil {
		return in, catalog.ProblemsOf(err)
	}
	decoded, err := jsonl.Decode(line)
	if err != nil {
		return in, catalog.ProblemsOf(err)
	}
	mended := decoded.(*catalog.CaseInput)
	columns, cells := column.Of(catalog.KindCase), column.Cells(export.WithNames(in, name))
	changed := map[string]bool{}
	var fields []reading.FieldText
	for i := range columns {
		c := &columns[i]
		text, given := texts[c.Name]
		text = tidied(text)
		switch {
		case slices.Contains(derived, c.Name):
			continue
		case given && text != tidied(cells[i]):
			changed[c.Name] = true
		case c.Step != "":
			text = cells[i] // the eight go together
		default:
			continue
		}
		fields = append(fields, reading.FieldText{Of: c, Text: text})
	}
	if len(changed) == 0 {
		return mended, nil
	}
	read := reading.FromTexts(reading.Place{}, catalog.KindCase, fields)
	var problems catalog.Problems
	for _, r := range read {
		if r.Err != nil {
			problems = append(problems, catalog.ProblemsOf(r.Err)...)
		}
	}
	if changed["title"] && texts["title"] == "" {
		problems = append(problems, catalog.Invalid("title", "没有标题", "there is no title"))
	}
	for _, p := range problems {
		field, _, _ := strings.Cut(p.Path, ".")
		delete(changed, field)
		delete(changed, p.Path)
	}
	if got, ok := read[0].Input.(*catalog.CaseInput); ok {
		take(mended, got, in, columns, changed)
	}
	return mended, problems
}

// tidied returns a text as a form sends it back: lines end with LF, and nothing but
// text is at its ends.
func tidied(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// take sets the changed fields of a case, and lets what follows from them be worked
// out anew.
func take(mended, got, before *catalog.CaseInput, columns []column.Column, changed map[string]bool) {
	to, from := reflect.ValueOf(mended).Elem(), reflect.ValueOf(got).Elem()
	for i := range columns {
		if c := &columns[i]; changed[c.Name] {
			to.FieldByIndex(c.Index).Set(from.FieldByIndex(c.Index))
		}
	}
	if changed["startedOn"] {
		if got.EndedOn != "" && !changed["endedOn"] { // 2021年3月至5月
			mended.EndedOn = got.EndedOn
		}
		if y := before.Year; y != nil && (before.StartedOn == "" || *y == before.StartedOn.Year()) {
			mended.Year = nil
		}
	}
	if changed["committee"] {
		mended.Level = ""
		if !changed["region"] {
			mended.Region = ""
		}
	}
}
