package exchange

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
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
	names, err := export.ReadNames(t.Context(), records{
		&catalog.CommitteeInput{InputMeta: catalog.InputMeta{Slug: "a"}, Name: "甲市政协"}, topic("x", "教育"), topic("y", "教育"), topic("z", "民生"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"x", "y", "民生"}, names.List(catalog.KindTopic)); diff != "" {
		t.Errorf("a name of two topics is no name (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := export.WriteTemplate(&b, names); err != nil {
		t.Fatal(err)
	}
	if inputs, told := readAll(t, reading.File{Name: "t.xlsx", Reader: bytes.NewReader(b.Bytes())}); len(inputs)+len(told) > 0 {
		t.Errorf("the empty template gives %d records and %v", len(inputs), told)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("案例")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := book.GetDataValidations("案例")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lists {
		got = append(got, l.Sqref+" "+l.Formula1)
	}
	at := func(name string) string {
		i := slices.Index(rows[0], catalog.FieldLabel(catalog.KindCase, name)+map[bool]string{true: "*"}[name == "title"])
		if i < 0 {
			t.Fatalf("no column is %s: %v", name, rows[0])
		}
		return xlsx.Letters(i + 1)
	}
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
	inputs, told := readAll(t, reading.File{Name: "t.xlsx", Reader: &filled})
	line := `{"type":"case","slug":"` + madeSlug("CASE", "甲市政协", "案例一") + `","status":"DRAFT","title":"案例一","startedOn":"2021-10","level":"COUNTY","committee":"甲市政协","topics":["民生"]}`
	if diff := cmp.Diff([]string{line}, canonical(t, inputs)); diff != "" || len(told) > 0 {
		t.Errorf("told %v (-want +got):\n%s", told, diff)
	}
}

func TestExportWritesAllKindsToOneFile(t *testing.T) {
	from := records{
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "k"}, Title: "=甲", Topics: []string{"x"}}, topic("x", "教育"),
		&catalog.IndicatorInput{InputMeta: catalog.InputMeta{Slug: "i"}, Subject: "a", Name: "b", Value: -1.5, Unit: "c"},
	}
	for _, format := range export.Formats {
		var b bytes.Buffer
		n, err := export.Write(t.Context(), &b, from, format, nil)
		if err != nil || n != 3 {
			t.Fatalf("%s: %d, %v", format, n, err)
		}
		if format == export.FormatCSV && (!strings.HasPrefix(b.String(), "\uFEFF类型,") || !strings.Contains(b.String(), ",'=甲,") || !strings.Contains(b.String(), ",'-1.5,")) {
			t.Errorf("CSV:\n%s", b.String())
		}
		inputs, told := readAll(t, reading.File{Name: "f." + string(format), Reader: &b})
		for _, in := range inputs { // a table says which columns it has, and is no other record for it
			if given := in.Head().Given; format != export.FormatJSONL && in.Kind() != catalog.KindCase && !slices.Contains(given, "slug") {
				t.Errorf("%s: %s has no columns: %v", format, in.Head().Slug, given)
			}
			in.Head().Given = nil
		}
		if diff := cmp.Diff([]catalog.Input{from[1], from[2], from[0]}, inputs); diff != "" || len(told) > 0 {
			t.Errorf("%s: told %v (-want +got):\n%s", format, told, diff)
		}
	}
}

func TestAnImportPassesOverTheSheetWithHelp(t *testing.T) {
	from := records{
		&catalog.ProposalInput{InputMeta: catalog.InputMeta{Slug: "t"}, Title: "关于灯的提案", Supervisions: []catalog.SupervisionInput{{Office: "主席会议"}}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "k"}, Title: "灯"},
	}
	var b bytes.Buffer
	if n, err := export.Write(t.Context(), &b, from, export.FormatXLSX, []catalog.RecordKind{catalog.KindProposal, catalog.KindCase, catalog.KindEvaluation}); err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	inputs, told := readAll(t, reading.File{Name: "f.xlsx", Reader: &b})
	if len(inputs) != 2 || len(told) > 0 {
		t.Errorf("it comes back as %d records, told %v", len(inputs), told)
	}
}

func printedCase(t *testing.T) (in *catalog.CaseInput, document []byte) {
	t.Helper()
	in = &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "ye-shi", Citations: []catalog.CitationInput{{Source: "s", Quote: "q"}, {Source: "s", Quote: "r"}}},
		Title:     officeTitle, Committee: "chaoyang", StartedOn: "2021-03", EndedOn: "2021-05", Background: officeBackground,
		Approach: officeApproach + "\n" + officeApproach2, Results: officeResults, Lessons: officeLessons,
	}
	var b bytes.Buffer
	err := export.PrintDOCX(&b, []*catalog.CaseInput{in}, func(*catalog.CaseInput) export.Printing {
		return export.Printing{
			Name:    func(catalog.RecordKind, string) string { return officeUnit },
			Source:  func(string) string { return "特色亮点汇编" },
			Address: "https://example.org/cases/ye-shi",
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return in, b.Bytes()
}

func TestAPrintedCaseCanBeReadAgain(t *testing.T) {
	in, document := printedCase(t)
	cases, _ := readOffice(t, reading.File{Name: "f.docx", Reader: bytes.NewReader(document)})
	want := officeTitle + " unit=" + officeUnit + " from=2021-03 to=2021-05 background=" + in.Background + " approach=" + strings.ReplaceAll(in.Approach, "\n", "/") +
		" results=" + in.Results + " lessons=" + in.Lessons
	if diff := cmp.Diff([]string{want}, cases); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Someone else's reader reads it too: PDFium, which reads what is imported.
func TestAPrintedPDFCanBeReadAgain(t *testing.T) {
	if !export.CanPrintPDF() {
		t.Fatal("no font for Chinese is installed: scripts/setup.sh says which tests need")
	}
	in, _ := printedCase(t)
	pdf, err := export.PrintPDF([]*catalog.CaseInput{in}, func(*catalog.CaseInput) export.Printing {
		return export.Printing{Name: func(catalog.RecordKind, string) string { return officeUnit }}
	})
	if err != nil {
		t.Fatal(err)
	}
	cases, _ := readOffice(t, reading.File{Name: "f.pdf", Reader: bytes.NewReader(pdf)})
	want := officeTitle + " unit=" + officeUnit + " from=2021-03 to=2021-05 background=" + in.Background + " approach=" + strings.ReplaceAll(in.Approach, "\n", "/") +
		" results=" + in.Results + " lessons=" + in.Lessons
	if len(cases) != 1 || !strings.HasPrefix(cases[0], want) {
		t.Errorf("got %q, want %q", cases, want)
	}
}
