package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// records is an Exporter of the inputs that it is made of.
type records []catalog.Input

func (r records) Export(_ context.Context, kinds []catalog.RecordKind, yield func(catalog.Input) error) error {
	for _, kind := range kinds {
		for _, in := range r {
			if in.Kind() == kind {
				if err := yield(in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func topic(slug, name string) *catalog.TopicInput {
	return &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: slug}, Name: name}
}

func TestTemplateComesBackFilledIn(t *testing.T) {
	names, err := ReadNames(t.Context(), records{
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "a"}, Name: "甲市政协"}, topic("x", "教育"), topic("y", "教育"), topic("z", "民生"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"x", "y", "民生"}, names.List(catalog.KindTopic)); diff != "" {
		t.Errorf("a name of two topics is no name (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := WriteTemplate(&b, names); err != nil {
		t.Fatal(err)
	}
	if inputs, told := readAll(t, File{Name: "t.xlsx", Reader: bytes.NewReader(b.Bytes())}); len(inputs)+len(told) > 0 {
		t.Errorf("the empty template gives %d records and %v", len(inputs), told)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range templateColumns() {
		header, err := book.GetCellValue("案例", columnLetters(i+1)+"1")
		if err != nil || header == "" || helpOf(columnNamed(name)) == "" {
			t.Errorf("column %s: header %q, help %q, %v", name, header, helpOf(columnNamed(name)), err)
		}
	}
	lists, err := book.GetDataValidations("案例")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lists {
		got = append(got, l.Sqref+" "+l.Formula1)
	}
	at := func(name string) string { return columnLetters(slices.Index(templateColumns(), name) + 1) }
	chosen := func(name, from string) string { return fmt.Sprintf("%[1]s2:%[1]s2001 选项!%s", at(name), from) }
	want := []string{chosen("level", "$A$2:$A$5"), chosen("status", "$B$2:$B$5"), chosen("committee", "$C$2:$C$2"), chosen("topics", "$F$2:$F$4")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lists to choose from (-want +got):\n%s", diff)
	}
	for name, value := range map[string]string{"title": "案例一", "committee": "甲市政协", "startedOn": "2021-10", "level": "县（市、区）", "topics": "民生", "status": "草稿"} {
		if err := book.SetCellStr("案例", at(name)+"2", value); err != nil {
			t.Fatal(err)
		}
	}
	var filled bytes.Buffer
	if err := book.Write(&filled); err != nil {
		t.Fatal(err)
	}
	inputs, told := readAll(t, File{Name: "t.xlsx", Reader: &filled})
	line := `{"type":"case","slug":"` + madeSlug("CASE", "甲市政协", "案例一") + `","status":"DRAFT","title":"案例一","startedOn":"2021-10","level":"COUNTY","committee":"甲市政协","topics":["民生"]}`
	if diff := cmp.Diff([]string{line}, canonical(t, inputs)); diff != "" || len(told) > 0 {
		t.Errorf("told %v (-want +got):\n%s", told, diff)
	}
}

// Whoever describes a plain field in the catalog finds it in the template.
func TestATemplateAsksForEveryPlainField(t *testing.T) {
	for _, f := range catalog.NounOf(catalog.KindCase).Fields {
		one := !f.Head && !f.Many && f.Kind == "" && f.Entry == nil
		if one && f.Name != "year" && f.Name != "unplaced" && !slices.Contains(templateColumns(), f.Name) {
			t.Errorf("the template does not ask for %s", f.Name)
		}
	}
	for _, name := range []string{"origin", "withdrawn", "possiblySameAs", "year", "citations", "unplaced"} {
		if slices.Contains(templateColumns(), name) {
			t.Errorf("the template asks for %s, which committees do not fill in", name)
		}
	}
	if all := templateColumns(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("a column stands twice in %v", all)
	}
	if help := helpOf(&column{name: "lessons"}); help == "" || help == helpOf(&column{name: "possiblySameAs"}) {
		t.Errorf("the help of a column is %q", help)
	}
	if help := helpOf(&column{name: "possiblySameAs"}); !strings.HasPrefix(help, catalog.FieldAt(catalog.KindCase, "possiblySameAs").Meaning.Zh) {
		t.Errorf("what has no help of its own has %q, want the meaning", help)
	}
}

func TestExportWritesAllKindsToOneFile(t *testing.T) {
	from := records{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "k"}, Title: "=甲", Topics: []string{"x"}}, topic("x", "教育"),
		&catalog.IndicatorInput{InputMeta: catalog.InputMeta{Slug: "i"}, Subject: "a", Name: "b", Value: -1.5, Unit: "c"},
	}
	for _, format := range Formats {
		var b bytes.Buffer
		n, err := Export(t.Context(), &b, from, format, nil)
		if err != nil || n != 3 {
			t.Fatalf("%s: %d, %v", format, n, err)
		}
		if format == FormatCSV && (!strings.HasPrefix(b.String(), "\uFEFF类型,") || !strings.Contains(b.String(), ",'=甲,") || !strings.Contains(b.String(), ",'-1.5,")) {
			t.Errorf("CSV:\n%s", b.String())
		}
		inputs, told := readAll(t, File{Name: "f." + string(format), Reader: &b})
		for _, in := range inputs { // a table says which columns it has, and is no other record for it
			if given := in.Head().Given; format != FormatJSONL && in.Kind() != catalog.KindCase && !slices.Contains(given, "slug") {
				t.Errorf("%s: %s has no columns: %v", format, in.Head().Slug, given)
			}
			in.Head().Given = nil
		}
		if diff := cmp.Diff([]catalog.Input{from[1], from[2], from[0]}, inputs); diff != "" || len(told) > 0 {
			t.Errorf("%s: told %v (-want +got):\n%s", format, told, diff)
		}
	}
}

func TestExportTellsErrors(t *testing.T) {
	broken := errors.New("broken")
	one := records{topic("x", "教育")}
	if _, err := Export(t.Context(), errorWriter{broken}, one, FormatJSONL, nil); !errors.Is(err, broken) {
		t.Errorf("writer: %v", err)
	}
	if _, err := Export(t.Context(), errorWriter{broken}, one, FormatXLSX, nil); !errors.Is(err, broken) {
		t.Errorf("writer of a workbook: %v", err)
	}
	if _, err := Export(t.Context(), &bytes.Buffer{}, one, "pdf", nil); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("format: %v", err)
	}
	if _, err := Export(t.Context(), &bytes.Buffer{}, one, FormatCSV, []catalog.RecordKind{"NONE"}); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("kind: %v", err)
	}
	if _, err := Export(t.Context(), &bytes.Buffer{}, records{topic("x", "a\xff")}, FormatCSV, nil); err == nil {
		t.Error("a text that is not UTF-8 was written")
	}
	w, err := NewRecordWriter(&bytes.Buffer{}, FormatCSV, []catalog.RecordKind{catalog.KindCase})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(topic("x", "a")); err == nil {
		t.Error("a topic was written among cases")
	}
}

// flatInputs is an iterator over an Exporter's records, for WriteJSONL.
func flatInputs(list []catalog.Input) iter.Seq2[catalog.Input, error] {
	return func(yield func(catalog.Input, error) bool) {
		for _, in := range list {
			if !yield(in, nil) {
				return
			}
		}
	}
}

func TestExportOfJSONLIsWhatWriteJSONLWrites(t *testing.T) {
	list := records{topic("x", "教育"), topic("y", "民生")}
	var a, b bytes.Buffer
	if _, err := Export(t.Context(), &a, list, FormatJSONL, []catalog.RecordKind{catalog.KindTopic}); err != nil {
		t.Fatal(err)
	}
	if _, err := jsonl.Write(&b, flatInputs(list)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), a.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
