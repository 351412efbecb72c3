package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRowsAreAsHighAsTheirText holds what LibreOffice and Excel print: a row without a
// height is one line high, however its cells wrap.
func TestRowsAreAsHighAsTheirText(t *testing.T) {
	var b bytes.Buffer
	x := NewWriter(&b)
	if err := x.Sheet("案例", []Column{{Title: "标题", Width: 20}, {Title: "摘要", Width: 40}, {Title: "背景", Width: 40}}, 2); err != nil {
		t.Fatal(err)
	}
	for _, cells := range [][]string{
		{"夜市", "", ""},
		{"夜市", "一\n二\n三", ""},
		{strings.Repeat("市", 25), strings.Repeat("文", 25), ""},
		{"", strings.Repeat("letters ", 15), ""},
		{"夜市", "", strings.Repeat("不印的背景。", 500)},
		{"夜市", strings.Repeat("很长的摘要。", 500), ""},
	} {
		if err := x.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range regexp.MustCompile(`<row r="\d+" ht="([\d.]+)" customHeight="1">`).FindAllStringSubmatch(sheetOf(t, b.Bytes()), -1) {
		got = append(got, m[1])
	}
	want := []string{"18", "18", "50", "50", "66", "18", "409.5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func sheetOf(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
