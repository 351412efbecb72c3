package data_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
)

// record is one line of the data, read strictly.
type record struct {
	file  string
	line  int
	input catalog.Input
	tree  map[string]any // the line as it stands, for paths of fields
}

func (r record) slug() string { return r.input.Head().Slug }

func (r record) documented() bool { return r.input.Head().Origin == catalog.OriginDocumented }

// load reads every line of the data into its input, in load order; an unknown
// field or type ends the test.
func load(t *testing.T) []record {
	t.Helper()
	var records []record
	for name, file := range data.Records() {
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		n := 0
		for lines.Scan() {
			n++
			records = append(records, parse(t, name, n, lines.Bytes()))
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("read %s: %v", name, err)
		}
		if n == 0 {
			t.Errorf("%s has no records", name)
		}
	}
	return records
}

func parse(t *testing.T, file string, line int, raw []byte) record {
	t.Helper()
	fields := map[string]json.RawMessage{}
	tree := map[string]any{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatalf("%s:%d: %v", file, line, err)
	}
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatalf("%s:%d: %v", file, line, err)
	}
	kind, _ := tree["type"].(string)
	input := catalog.NewInput(catalog.RecordKind(strings.ToUpper(kind)))
	if input == nil {
		t.Fatalf("%s:%d: there is no type %q", file, line, kind)
	}
	if want := kind + "s.jsonl"; file != want {
		t.Errorf("%s:%d: a %s stands in %s", file, line, kind, file)
	}
	delete(fields, "type")
	delete(tree, "type")
	rest, err := json.Marshal(fields)
	if err != nil {
		t.Fatalf("%s:%d: %v", file, line, err)
	}
	strict := json.NewDecoder(bytes.NewReader(rest))
	strict.DisallowUnknownFields()
	if err := strict.Decode(input); err != nil {
		t.Fatalf("%s:%d: %v", file, line, err)
	}
	return record{file: file, line: line, input: input, tree: tree}
}

// all returns the inputs of one type.
func all[T catalog.Input](records []record) []T {
	var of []T
	for _, r := range records {
		if in, ok := r.input.(T); ok {
			of = append(of, in)
		}
	}
	return of
}

// sources returns the text of each source by its slug.
func sources(records []record) map[string]string {
	texts := map[string]string{}
	for _, s := range all[*catalog.SourceInput](records) {
		texts[s.Slug] = s.Text
	}
	return texts
}
