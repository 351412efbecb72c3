package export

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func printedCase(t *testing.T) (in *catalog.CaseInput, document []byte) {
	t.Helper()
	in = &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: "ye-shi", Citations: []catalog.CitationInput{{Source: "s", Quote: "q"}, {Source: "s", Quote: "r"}}},
		Title:     printedTitle, Committee: "chaoyang", StartedOn: "2021-03", EndedOn: "2021-05", Background: "河畔夜市开办以来，占道和噪声投诉较多。",
		Approach: printedApproach, Results: "投诉量下降六成，摊位全部进场。", Lessons: "先听后议，方案才有人执行。",
	}
	var b bytes.Buffer
	err := PrintDOCX(&b, []*catalog.CaseInput{in}, func(*catalog.CaseInput) Printing {
		return Printing{
			Name:    func(catalog.RecordKind, string) string { return printedUnit },
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
	parts := partsOf(t, document)
	for part, want := range map[string][]string{
		// In twentieths of a point: A4, 37 mm above, 28 mm at the binding, 156 by 225 mm of text.
		"word/document.xml": {`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, `w:linePitch="560"`, "2021年3月至5月", "来源：特色亮点汇编", "网址：https://example.org/cases/ye-shi", printedUnit},
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

// What a case says that the tests print.
const (
	printedTitle    = "搭平台议出夜市新秩序"
	printedUnit     = "长春市朝阳区政协"
	printedApproach = "政协先到现场听取摊主意见，再请城管、环保一起协商。\n经三轮协商，形成分时段经营方案。"
)
