package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/schema"
)

// The input types of the schema and the catalog's description of fields say the
// same, both ways: which fields there are, what each is, and what it is called.
func TestInputsAreAsTheCatalogDescribesThem(t *testing.T) {
	sdl, err := gqlparser.LoadSchema(&ast.Source{Input: schema.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, kind := range catalog.RecordKinds {
		noun := catalog.NounOf(kind)
		if sdl.Types[noun.Name] != nil { // the others are written by imports only
			sameInput(t, sdl, noun, described)
		}
	}
	// Inputs that write no record.
	others := []string{"AccessTokenInput", "AccessInput", "ContactInput", "WebhookInput", "DeliveryChoiceInput", "ScoreInput"}
	for name, typ := range sdl.Types {
		if typ.Kind == ast.InputObject && strings.HasSuffix(name, "Input") && !described[name] && !slices.Contains(others, name) {
			t.Errorf("the catalog does not describe %s", name)
		}
	}
}

func sameInput(t *testing.T, sdl *ast.Schema, noun *catalog.Noun, described map[string]bool) {
	t.Helper()
	name := noun.Name
	if d := sdl.Types[name]; !strings.HasSuffix(name, "Input") && (d == nil || d.Kind != ast.InputObject) {
		name += "Input" // what is read and written alike: Link
	}
	typ := sdl.Types[name]
	if typ == nil {
		t.Errorf("the schema has no %s", name)
		return
	}
	described[name] = true
	for _, f := range noun.Fields {
		typ := holder(sdl, typ, f.Name)
		field := typ.Fields.ForName(f.Name)
		switch {
		case f.Head && slices.Contains([]string{"status", "withdrawn", "leadsTo"}, f.Name): // the workflow's to change, and an import's to write
			if field != nil {
				t.Errorf("%s.%s is written past the workflow", name, f.Name)
			}
			continue
		case field == nil && (f.Name == "origin" || name == "AdoptionInput" && f.Name == "thanks" || name == "NeedInput" && f.Name == "answers" ||
			name == "CallInput" && slices.Contains([]string{"closedReason", "closedAt", "selectedOn"}, f.Name)): // of a noun that has no forms: CONTRIBUTED; the other committee's to say
			continue
		case field == nil:
			t.Errorf("the schema has no %s.%s", name, f.Name)
			continue
		}
		if got, want := typeOf(field.Type), describedType(sdl, f); got != want {
			t.Errorf("%s.%s is %s, described as %s", name, f.Name, got, want)
		}
		// What a mutation can leave out, since the server fills it in.
		left := f.Name == "slug" || name == "AdoptionInput" && f.Name == "adopter"
		if field.Type.NonNull != (f.Required && !left) {
			t.Errorf("%s.%s: must be written %v, described as %v", name, f.Name, field.Type.NonNull, f.Required)
		}
		called(t, typ, f)
		if f.Entry != nil {
			sameInput(t, sdl, f.Entry, described)
		}
	}
	for _, field := range typ.Fields {
		if noun.Field(field.Name) == nil && !isOneOf(sdl.Types[field.Type.Name()]) {
			t.Errorf("the catalog does not describe %s.%s", name, field.Name)
		}
	}
}

// holder returns the input that has the field: the type itself, or one of its fields'
// types of which exactly one field is given.
func holder(sdl *ast.Schema, typ *ast.Definition, field string) *ast.Definition {
	if typ.Fields.ForName(field) != nil {
		return typ
	}
	for _, f := range typ.Fields {
		if one := sdl.Types[f.Type.Name()]; isOneOf(one) && one.Fields.ForName(field) != nil {
			return one
		}
	}
	return typ
}

func isOneOf(d *ast.Definition) bool { return d != nil && d.Directives.ForName("oneOf") != nil }

// The record's type calls a field as its input does.
func TestRecordsCallTheirFieldsAsTheCatalogDoes(t *testing.T) {
	sdl, err := gqlparser.LoadSchema(&ast.Source{Input: schema.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[*catalog.Noun]bool{}
	var check func(noun *catalog.Noun)
	check = func(noun *catalog.Noun) {
		if seen[noun] {
			return
		}
		seen[noun] = true
		for _, f := range noun.Fields {
			if typ := sdl.Types[strings.TrimSuffix(noun.Name, "Input")]; typ != nil && typ.Fields.ForName(f.Name) != nil {
				called(t, typ, f)
			}
			if f.Entry != nil {
				check(f.Entry)
			}
		}
	}
	for _, kind := range catalog.RecordKinds {
		check(catalog.NounOf(kind))
	}
	if len(seen) < 20 {
		t.Errorf("only %d nouns are described", len(seen))
	}
}

// called holds the Chinese name in a field's description against the catalog's.
func called(t *testing.T, typ *ast.Definition, f catalog.NounField) {
	t.Helper()
	description := typ.Fields.ForName(f.Name).Description
	if !strings.Contains(description, "("+f.Label.Zh+")") {
		t.Errorf("%s.%s is not called %s: %s", typ.Name, f.Name, f.Label.Zh, description)
	}
}

func typeOf(t *ast.Type) string {
	if t.Elem != nil {
		return "[" + t.Elem.Name() + "]"
	}
	return t.Name()
}

func describedType(sdl *ast.Schema, f catalog.NounField) string {
	name := "String"
	switch f.Shape {
	case catalog.ShapeDate:
		name = "PartialDate"
	case catalog.ShapeDay:
		name = "Date"
	case catalog.ShapeYear, catalog.ShapeCount:
		name = "Int"
	case catalog.ShapeNumber:
		name = "Float"
	case catalog.ShapeFlag:
		name = "Boolean"
	case catalog.ShapeEnum:
		name = f.Enum.Name
	case catalog.ShapeEntry:
		if name = f.Entry.Name; sdl.Types[name].Kind != ast.InputObject {
			name += "Input"
		}
	}
	if f.Many {
		return "[" + name + "]"
	}
	return name
}

// An enum of the schema and one of the catalog have the same values.
func TestEnumsAreAsTheCatalogDescribesThem(t *testing.T) {
	sdl, err := gqlparser.LoadSchema(&ast.Source{Input: schema.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, typ := range sdl.Types {
		enum := catalog.EnumNamed(name)
		if typ.Kind != ast.Enum || enum == nil {
			continue
		}
		compared++
		var values []string
		for _, v := range typ.EnumValues {
			values = append(values, v.Name)
		}
		want := enum.Codes()
		slices.Sort(values)
		slices.Sort(want)
		if name == "RecordKind" { // the schema's are those that a search finds
			want = slices.DeleteFunc(want, func(code string) bool {
				return !catalog.RecordKind(code).Searchable()
			})
		}
		if !slices.Equal(values, want) {
			t.Errorf("%s: the schema has %v, the catalog %v", name, values, want)
		}
	}
	if compared < 10 {
		t.Errorf("only %d enums are in both", compared)
	}
}
