package catalog

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// allNouns are the nouns of all kinds and what stands within their records, each
// once, by name.
func allNouns() map[string]*Noun {
	all := map[string]*Noun{}
	var add func(n *Noun)
	add = func(n *Noun) {
		all[n.Name] = n
		for _, f := range n.Fields {
			if f.Entry != nil {
				add(f.Entry)
			}
		}
	}
	for _, kind := range RecordKinds {
		add(NounOf(kind))
	}
	return all
}

// shapes are the Go types that a field of a shape may have.
var shapes = map[Shape][]reflect.Type{
	ShapeSlug: {reflect.TypeFor[string]()}, ShapeLine: {reflect.TypeFor[string]()}, ShapeText: {reflect.TypeFor[string]()}, ShapeProse: {reflect.TypeFor[string]()},
	ShapeDate: {reflect.TypeFor[PartialDate]()}, ShapeDay: {reflect.TypeFor[Day]()}, ShapeYear: {reflect.TypeFor[*int](), reflect.TypeFor[int]()}, ShapeCount: {reflect.TypeFor[*int](), reflect.TypeFor[int]()},
	ShapeNumber: {reflect.TypeFor[*float64](), reflect.TypeFor[float64]()}, ShapeFlag: {reflect.TypeFor[*bool](), reflect.TypeFor[bool]()},
	ShapeAddress: {reflect.TypeFor[string]()}, ShapeReference: {reflect.TypeFor[string]()},
}

func TestEveryFieldOfAnInputIsDescribed(t *testing.T) {
	for _, kind := range RecordKinds {
		noun := NounOf(kind)
		if noun == nil || noun.Kind != kind {
			t.Fatalf("%s is not described", kind)
		}
		sameFields(t, noun, reflect.TypeOf(NewInput(kind)).Elem())
	}
}

// sameFields holds a noun against its Go type, both ways, and what stands within
// it.
func sameFields(t *testing.T, noun *Noun, in reflect.Type) {
	t.Helper()
	if noun.Name != in.Name() {
		t.Errorf("the fields of %s are described as those of %s", in.Name(), noun.Name)
	}
	var want, got []string
	for _, f := range reflect.VisibleFields(in) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" { // what no file has is no field of the noun
			continue
		}
		want = append(want, name)
		field := noun.Field(name)
		if field == nil {
			t.Errorf("%s.%s is not described", noun.Name, name)
			continue
		}
		typ := f.Type
		if many := typ.Kind() == reflect.Slice; many != field.Many {
			t.Errorf("%s.%s: described as a list %v, is one %v", noun.Name, name, field.Many, many)
		}
		if field.Many {
			typ = typ.Elem()
		}
		switch field.Shape {
		case ShapeEntry:
			if typ.Kind() == reflect.Pointer { // one that may be left out
				typ = typ.Elem()
			}
			sameFields(t, field.Entry, typ)
		case ShapeEnum:
			if typ.Name() != field.Enum.Name {
				t.Errorf("%s.%s: described as %s, is %s", noun.Name, name, field.Enum.Name, typ)
			}
		default:
			if !slices.Contains(shapes[field.Shape], typ) {
				t.Errorf("%s.%s: described as %s, is %s", noun.Name, name, field.Shape, typ)
			}
		}
	}
	for _, f := range noun.Fields {
		got = append(got, f.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: described %v, has %v, in this order", noun.Name, got, want)
	}
}

func TestEveryFieldSaysWhatItIs(t *testing.T) {
	for name, noun := range allNouns() {
		labels := map[string]string{}
		for _, f := range noun.Fields {
			at := name + "." + f.Name
			if f.Label.Zh == "" || f.Label.En == "" || f.Meaning.Zh == "" || f.Meaning.En == "" {
				t.Errorf("%s lacks a label or a meaning: %+v", at, f)
			}
			if other := labels[f.Label.Zh]; other != "" {
				t.Errorf("%s and %s are both called %s", at, other, f.Label.Zh)
			}
			labels[f.Label.Zh] = f.Name
			text := slices.Contains([]Shape{ShapeSlug, ShapeLine, ShapeText, ShapeProse, ShapeReference}, f.Shape)
			if text != (f.Most > 0) || (f.Shape == ShapeEnum) != (f.Enum != nil) || (f.Shape == ShapeReference) != f.Kind.Valid() || (f.Shape == ShapeEntry) != (f.Entry != nil) {
				t.Errorf("%s: what its shape asks for is not what it has: %+v", at, f)
			}
			if f.Many && !slices.Contains([]Shape{ShapeLine, ShapeReference, ShapeEnum, ShapeEntry}, f.Shape) {
				t.Errorf("%s: no list can hold the shape %s", at, f.Shape)
			}
			if f.Enum != nil && EnumNamed(f.Enum.Name) != f.Enum {
				t.Errorf("%s: the enum %s is not known by its name", at, f.Enum.Name)
			}
		}
	}
}

// What References leaves out would be written as the slug of nothing.
func TestEveryReferenceIsOneOfTheReferences(t *testing.T) {
	for _, kind := range RecordKinds {
		in := NewInput(kind)
		want := map[string]RecordKind{}
		fill(NounOf(kind), reflect.ValueOf(in).Elem(), "", want)
		got := map[string]RecordKind{}
		for _, r := range in.References() {
			got[r.Path] = r.Kind
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: references %v, described are %v", kind, got, want)
		}
	}
}

// fill puts one name into each reference, and tells its path and kind.
func fill(n *Noun, v reflect.Value, path string, want map[string]RecordKind) {
	for _, f := range n.Fields {
		value, at := v.FieldByIndex(f.index), f.Name
		if path != "" {
			at = path + "." + f.Name
		}
		if f.Many && (f.Shape == ShapeEntry || f.Shape == ShapeReference) {
			value.Set(reflect.MakeSlice(value.Type(), 1, 1))
			value, at = value.Index(0), at+".0"
		}
		switch f.Shape {
		case ShapeEntry:
			if value.Kind() == reflect.Pointer {
				value.Set(reflect.New(value.Type().Elem()))
				value = value.Elem()
			}
			fill(f.Entry, value, at, want)
		case ShapeReference:
			value.SetString("x")
			want[at] = f.Kind
		}
	}
}

func TestAFieldIsFoundByItsPath(t *testing.T) {
	for path, want := range map[string]string{
		"title": "title", "outcomes.0.effect": "effect", "outcomes.effect": "effect", "outcomes": "outcomes", "steps.ASK_FITNESS": "steps", "steps.0.text": "text",
		"topics.3": "topics", "citations.1.source": "source", "nothing": "", "outcomes.nothing": "", "title.0.x": "", "": "",
	} {
		got := ""
		if f := FieldAt(KindCase, path); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, tt := range []struct {
		kind       RecordKind
		path, want string
	}{
		{KindCase, "background", "背景"},
		{KindBrand, "parent", "上级品牌"},
		{KindTopic, "parent", "上级议题"},
		{"", "number", "案号"},
		{KindCase, "outcomes.0.effect", "协商成果"},
		{KindCase, "steps.PLAN_INQUIRY", "二要：明确调研方案"},
		{KindCase, "committee.name", "政协"},
		{KindCase, "weather", "weather"},
	} {
		if got := FieldLabel(tt.kind, tt.path); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.kind, tt.path, got, tt.want)
		}
	}
}
