package data

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestATextFileIsPutIntoItsLine(t *testing.T) {
	from := fstest.MapFS{
		"records/sources.jsonl": {Data: []byte(`{"slug":"a","text":"在此"}` + "\n" + `{"slug":"b","textFile":"source/b.txt"}` + "\n")},
		"source/b.txt":          {Data: []byte("\n第一行\n“引号”<&>\n")},
	}
	lines, err := io.ReadAll(open(from, "sources.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	decoder := json.NewDecoder(strings.NewReader(string(lines)))
	for decoder.More() {
		var line map[string]string
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	want := []map[string]string{
		{"slug": "a", "text": "在此"},
		{"slug": "b", "text": "\n第一行\n“引号”<&>\n"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got := strings.Count(string(lines), "\n"); got != 2 {
		t.Errorf("%d line breaks, want 2: one record a line", got)
	}
}

func TestAFileThatCannotBeMadeAnswersItsErrorAtTheFirstRead(t *testing.T) {
	tests := map[string]string{
		"no file of records":     "",
		"no such text":           `{"textFile":"source/none.txt"}`,
		"not JSON":               `{"textFile":`,
		"a number for a file":    `{"textFile":1}`,
		"a path out of the room": `{"textFile":"../data.go"}`,
	}
	for name, line := range tests {
		t.Run(name, func(t *testing.T) {
			from := fstest.MapFS{}
			if line != "" {
				from["records/sources.jsonl"] = &fstest.MapFile{Data: []byte(line)}
			}
			_, err := io.ReadAll(open(from, "sources.jsonl"))
			if err == nil || !strings.Contains(err.Error(), "data: read sources.jsonl") {
				t.Errorf("error %v, want one that names the file", err)
			}
		})
	}
}

func TestRecordsStopsWhenItsReaderDoes(t *testing.T) {
	var got []string
	for name := range Records() {
		got = append(got, name)
		if len(got) == 2 {
			break
		}
	}
	if diff := cmp.Diff([]string{"sources.jsonl", "regions.jsonl"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
