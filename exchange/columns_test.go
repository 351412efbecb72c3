package exchange

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// Files that were written when fields and values were called otherwise, on
// pages, in exports or in the codebook, are still understood: testdata has those
// names, and none is ever taken out.
func TestNamesOfOldAreUnderstood(t *testing.T) {
	for _, row := range testRows(t, "names.tsv") {
		kind, name := catalog.RecordKind(row[0]), row[1]
		for _, header := range append(row[2:], name) {
			if c := column.Match(kind, []string{header})[0]; c == nil || c.Name != name {
				t.Errorf("%s: %s is understood as %v, want %s", kind, header, c, name)
			}
		}
	}
	types := map[string]reflect.Type{"RecordKind": column.Kind.Type}
	for _, kind := range catalog.RecordKinds {
		byType := map[reflect.Type]bool{}
		enumTypes(reflect.TypeOf(catalog.NewInput(kind)).Elem(), byType)
		for typ := range byType {
			types[typ.Name()] = typ
		}
	}
	for _, row := range testRows(t, "values.tsv") {
		for _, text := range row[1:] {
			if code, ok := cell.CodeOf(types[row[0]], text); !ok || code != row[1] {
				t.Errorf("%s: %s is understood as %q, want %s", row[0], text, code, row[1])
			}
		}
	}
}

// A table for people has what it is about first, and the address last.
func TestSlugsStandLast(t *testing.T) {
	for _, kind := range catalog.RecordKinds {
		list := column.Of(kind)
		if last := list[len(list)-1]; last.Name != "slug" {
			t.Errorf("%s: the last column is %s, want slug", kind, last.Name)
		}
	}
}

func testRows(t *testing.T, name string) [][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(content)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}
