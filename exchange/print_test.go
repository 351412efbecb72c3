package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func printedCase(t *testing.T) (in *catalog.CaseInput, document []byte) {
	t.Helper()
	in = &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "ye-shi", Citations: []catalog.CitationInput{{Source: "s", Quote: "q"}, {Source: "s", Quote: "r"}}},
		Title:     officeTitle, Committee: "chaoyang", StartedOn: "2021-03", EndedOn: "2021-05", Background: officeBackground,
		Approach: officeApproach + "\n" + officeApproach2, Results: officeResults, Lessons: officeLessons,
	}
	var b bytes.Buffer
	err := PrintDOCX(&b, []*catalog.CaseInput{in}, func(*catalog.CaseInput) Printing {
		return Printing{
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

func TestAPrintedCaseHasTheMeasuresOfGBT9704(t *testing.T) {
	_, document := printedCase(t)
	z, err := zip.NewReader(bytes.NewReader(document), int64(len(document)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
	}
	for part, want := range map[string][]string{
		// In twentieths of a point: A4, 37 mm above, 28 mm at the binding, 156 by 225 mm of text.
		"word/document.xml": {`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, `w:linePitch="560"`, "2021年3月至5月", "来源：特色亮点汇编", "网址：https://example.org/cases/ye-shi", officeUnit},
		"word/styles.xml":   {"方正小标宋简体", "仿宋_GB2312", `w:val="32"`, `w:line="560" w:lineRule="exact"`, `w:firstLineChars="200"`},
		"word/footer1.xml":  {"— ", " PAGE ", " —"},
	} {
		for _, text := range want {
			if !strings.Contains(parts[part], text) {
				t.Errorf("%s has no %s", part, text)
			}
		}
	}
	for _, text := range []string{">ye-shi<", "chaoyang", "永久链接", "slug", "startedOn"} {
		if strings.Contains(parts["word/document.xml"], text) {
			t.Errorf("a printed case says %s", text)
		}
	}
	if out := os.Getenv("PRINT_TO"); out != "" { // to look at
		if err := os.WriteFile(out, document, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPrintedCaseCanBeReadAgain(t *testing.T) {
	in, document := printedCase(t)
	cases, _ := readOffice(t, File{Name: "f.docx", Reader: bytes.NewReader(document)})
	want := officeTitle + " unit=" + officeUnit + " from=2021-03 to=2021-05 background=" + in.Background + " approach=" + strings.ReplaceAll(in.Approach, "\n", "/") +
		" results=" + in.Results + " lessons=" + in.Lessons
	if diff := cmp.Diff([]string{want}, cases); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
