package schema_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/jisiguangyi/jisi/schema"
)

func TestTheWholeIsWhatTheFilesSay(t *testing.T) {
	names, err := filepath.Glob("*.graphql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	if diff := cmp.Diff(printed(t, sources...), printed(t, &ast.Source{Input: schema.SDL()})); diff != "" {
		t.Errorf("(-files +whole):\n%s", diff)
	}
}

// printed returns the schema in an order of its own: types and fields by name.
func printed(t *testing.T, sources ...*ast.Source) string {
	t.Helper()
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Types {
		fields := map[string]*ast.FieldDefinition{}
		for _, f := range d.Fields {
			fields[f.Name] = f
		}
		d.Fields = nil
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			d.Fields = append(d.Fields, fields[name])
		}
	}
	var b strings.Builder
	formatter.NewFormatter(&b).FormatSchema(s)
	return b.String()
}

func TestNoTypeIsExtended(t *testing.T) {
	for _, line := range strings.Split(schema.SDL(), "\n") {
		if strings.HasPrefix(line, "extend ") {
			t.Errorf("%q is left", line)
		}
	}
}
