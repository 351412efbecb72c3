package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestTheFormatOfAnExport(t *testing.T) {
	for want, own := range map[string]exportFlags{
		"jsonl": {}, "csv": {output: "a.CSV"}, "xlsx": {format: "xlsx", output: "a.csv"}, "docx": {output: "dir.x/a.docx"},
	} {
		if got := own.chosenFormat(); got != want {
			t.Errorf("%+v: %s, want %s", own, got, want)
		}
	}
}

func TestTheKindsOfAnExportComeInTheOrderOfTheirReferences(t *testing.T) {
	got, err := kindsOf("case, topic,case")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]catalog.RecordKind{catalog.KindTopic, catalog.KindCase}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := kindsOf(""); got != nil || err != nil {
		t.Errorf("none: %v, %v; want all", got, err)
	}
	if _, err := kindsOf("cases"); err == nil {
		t.Error("there is no kind cases")
	}
}

func TestWrongCommandLinesOfExportAndTemplateTouchNothing(t *testing.T) {
	for _, args := range [][]string{
		{"template"},
		{"template", "cases.csv"},
		{"export", "-format", "docx"},
		{"export", "-format", "docx", "-kind", "case", "x"},
		{"export", "x"},
		{"export", "-kind", "nothing"},
		{"export", "-format", "pdf"},
		{"export", "-o", "a.pdf"},
	} {
		var stderr bytes.Buffer
		a := &app{
			stdin: strings.NewReader(""), stdout: io.Discard, stderr: &stderr, hurry: t.Context(),
			getenv: func(string) (string, bool) { return "", false },
		}
		if code := a.run(t.Context(), args); code != exitUsage || stderr.Len() == 0 {
			t.Errorf("%q: code %d, %s; want %d", args, code, stderr.String(), exitUsage)
		}
	}
}
