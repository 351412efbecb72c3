package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// label is the Chinese name of a value of one of the catalog's enums; a value
// that is not known is shown as it is, so that a new one does not break the page.
func label(enum string, value any) (string, error) {
	e := catalog.EnumNamed(enum)
	if e == nil {
		return "", fmt.Errorf("there is no enum %s", enum)
	}
	if name := e.Label(text(value)); name != "" {
		return name, nil
	}
	return text(value), nil
}

// kindOf is the kind of record that a GraphQL type, a page or a kind names.
func kindOf(name any) catalog.RecordKind { return catalog.KindNamed(text(name)) }

// kindLabel is the Chinese name of a record's type.
func kindLabel(name any) string {
	if known := kindOf(name); known.Valid() {
		return known.Label()
	}
	return text(name)
}

// suggestionLabel says what a completion leads to: a field of cases to choose by,
// or a record.
func suggestionLabel(of, kind any) string {
	if field, ok := map[string]string{"COMMITTEE": "committee", "TOPIC": "topics"}[text(of)]; ok {
		return catalog.FieldLabel(catalog.KindCase, field)
	}
	return kindLabel(kind)
}

// called is the label of a field by its kind and path, as in case.background. It
// fails where there is no such field, so that no page shows a path for a name.
func called(path string) (string, error) {
	kind, field, _ := strings.Cut(path, ".")
	f := catalog.FieldAt(kindOf(kind), field)
	if f == nil {
		return "", fmt.Errorf("there is no field %s", path)
	}
	return f.Label.Zh, nil
}

// fieldLabel names a field of a kind of record by its path.
func fieldLabel(kind, path any) string { return catalog.FieldLabel(kindOf(kind), text(path)) }

// fieldNames are the names of a record's fields by their paths, each once.
func fieldNames(kind, paths any) string {
	var names []string
	for _, path := range list(paths) {
		if name := fieldLabel(kind, path); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// actor names who changed a record; what came with the binary has no person's
// name.
func actor(by any) string {
	if name := text(by); name != "documented records" {
		return name
	}
	return "随知识库收录"
}
