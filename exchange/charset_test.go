package exchange

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// names returns the name of each topic, by slug.
func (m *memory) names(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, line := range m.records {
		in, err := jsonl.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		names[in.Head().Slug] = in.(*catalog.TopicInput).Name
	}
	return names
}

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestImportTellsEncodingsApart(t *testing.T) {
	content := `{"type":"topic","slug":"a","name":"plain"}` + "\r\n\r\n" +
		`{"type":"topic","slug":"b","name":"课后服务与夜经济"}` + "\r\n" +
		`{"type":"topic","slug":"c","name":"𠮷林"}`
	want := map[string]string{"a": "plain", "b": "课后服务与夜经济", "c": "𠮷林"}
	files := map[string]string{
		"UTF-8":                    content,
		"UTF-8 with a mark":        "\uFEFF" + content,
		"GB18030":                  encoded(t, simplifiedchinese.GB18030, content),
		"UTF-16LE with a mark":     encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), content),
		"UTF-16BE with a mark":     encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), content),
		"UTF-16LE without a mark":  encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), content),
		"UTF-16BE without a mark":  encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), content),
		"GB18030, Chinese at last": strings.Repeat("\n", text.ReadAhead+1) + encoded(t, simplifiedchinese.GB18030, content),
	}
	for name, file := range files {
		m := newMemory()
		report := mustImport(t, m, ImportOptions{}, reading.File{Name: "f.jsonl", Reader: strings.NewReader(file)})
		if diff := cmp.Diff(want, m.names(t)); diff != "" || len(report.Refusals) > 0 {
			t.Errorf("%s: (-want +got):\n%s%v", name, diff, report.Refusals)
		}
	}
}

func TestImportRefusesBytesThatAreNotText(t *testing.T) {
	good := `{"type":"topic","slug":"a","name":"课后服务与夜经济"}` + "\n"
	broken := `{"type":"topic","slug":"b","name":"黑土` + "\xff" + `地"}` + "\n"
	gb := encoded(t, simplifiedchinese.GB18030, good)
	brokenGB := encoded(t, simplifiedchinese.GB18030, `{"type":"topic","slug":"b","name":"黑土`) + "\xff" + `"}` + "\n"
	surrogate := bytes.ReplaceAll([]byte(encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), good+`{"type":"topic","slug":"b","name":"黑土#"}`)),
		[]byte("#\x00"), []byte("\x42\xd8"))
	tests := []struct {
		name, file string
		want       string
	}{
		{"UTF-8", good + broken, `f.jsonl:2:38: 此处不是有效的 UTF-8 文字 | is not valid UTF-8`},
		{"UTF-8, broken first", broken + good, `f.jsonl:1:38: 此处不是有效的 UTF-8 文字 | is not valid UTF-8`},
		{"GB18030", gb + brokenGB, `f.jsonl:2:38: 此处不是有效的 GB18030 文字 | is not valid GB18030`},
		{"UTF-16", string(surrogate), `f.jsonl:2:38: 此处不是有效的 UTF-16 文字 | is not valid UTF-16`},
	}
	for _, tt := range tests {
		m := newMemory()
		report := mustImport(t, m, ImportOptions{}, reading.File{Name: "f.jsonl", Reader: strings.NewReader(tt.file)})
		if len(report.Refusals) != 1 || report.Refusals[0].String() != tt.want {
			t.Errorf("%s: refused %v, want %s", tt.name, report.Refusals, tt.want)
		}
		if diff := cmp.Diff(map[string]string{"a": "课后服务与夜经济"}, m.names(t)); diff != "" {
			t.Errorf("%s: the good line (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestImportPassesOverALineThatIsTooLong(t *testing.T) {
	exact := `{"type":"topic","slug":"a","name":"x"` + strings.Repeat(" ", text.MaxLine-38) + `}`
	file := strings.Join([]string{exact, exact + " ", strings.Repeat("x", 3*text.MaxLine), `{"type":"topic","slug":"b","name":"y"}`}, "\r\n")
	m := newMemory()
	report := mustImport(t, m, ImportOptions{}, reading.File{Name: "f.jsonl", Reader: strings.NewReader(file)})
	if diff := cmp.Diff([]string{"topic/a", "topic/b"}, m.slugs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var got []string
	for _, r := range report.Refusals {
		got = append(got, r.String())
	}
	want := []string{
		"f.jsonl:2: 超过一行的上限 8 MiB，已跳过 | is longer than 8 MiB and was passed over",
		"f.jsonl:3: 超过一行的上限 8 MiB，已跳过 | is longer than 8 MiB and was passed over",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
}
