package column_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
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

func TestEveryColumnHasItsOwnLabel(t *testing.T) {
	for _, kind := range catalog.RecordKinds {
		seen := map[string]string{}
		for _, c := range column.Of(kind) {
			if c.Label == "" {
				t.Errorf("%s.%s has no label", kind, c.Name)
			}
			for _, name := range []string{cell.Folded(c.Label), cell.Folded(c.Name)} {
				if other := seen[name]; other != "" && other != c.Name {
					t.Errorf("%s: %s and %s are both called %s", kind, other, c.Name, name)
				}
				seen[name] = c.Name
			}
		}
	}
}

func TestEveryEnumHasLabelsThatStandForOneValue(t *testing.T) {
	types := map[reflect.Type]bool{column.Kind.Type: true}
	for _, kind := range catalog.RecordKinds {
		enumTypes(reflect.TypeOf(catalog.NewInput(kind)).Elem(), types)
	}
	for typ := range types {
		seen := map[string]bool{}
		for _, c := range cell.EnumOf(typ).Values {
			if code, ok := cell.CodeOf(typ, c.Label); !ok || code != c.Code || seen[c.Label] {
				t.Errorf("%s: %s is read as %s", typ, c.Label, code)
			}
			seen[c.Label] = true
			if v := reflect.New(typ).Elem(); v.Kind() == reflect.String {
				v.SetString(c.Code)
				if valid, ok := v.Interface().(interface{ Valid() bool }); ok && !valid.Valid() {
					t.Errorf("%s has no value %s", typ, c.Code)
				}
			}
		}
	}
}

// enumTypes gathers the types of enums among the fields of a struct.
func enumTypes(t reflect.Type, types map[reflect.Type]bool) {
	for _, m := range jsonl.MembersOf(t).List {
		typ := m.Type
		if typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		switch {
		case typ.Kind() == reflect.Struct:
			enumTypes(typ, types)
		case cell.EnumOf(typ) != nil:
			types[typ] = true
		}
	}
}
