package web

import (
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// Every plain field that the catalog describes has a place in its noun's form,
// once, is filled from a record and read back as the same.
func TestEveryPlainFieldGoesThroughItsForm(t *testing.T) {
	values := map[catalog.Shape]any{
		catalog.ShapeLine: "一行", catalog.ShapeText: "甲\n乙", catalog.ShapeProse: "丙\n丁", catalog.ShapeDate: "2021-07", catalog.ShapeYear: 2021, catalog.ShapeCount: 7,
		catalog.ShapeFlag: true, catalog.ShapeDay: "2026-07-01",
	}
	for _, n := range nouns {
		record := map[string]any{}
		for _, f := range catalog.NounOf(n.kind).Fields {
			switch value := values[f.Shape]; {
			case f.Many || f.Head || f.Acted:
			case f.Shape == catalog.ShapeEnum:
				record[f.Name] = f.Enum.Values[0].Code
			case value != nil:
				record[f.Name] = value
			}
		}
		filled := n.values(record)
		var places []string
		for _, g := range n.groups(filled) {
			for _, f := range g.Fields {
				places = append(places, f.Name)
			}
		}
		for _, f := range catalog.NounOf(n.kind).Fields {
			if f.Head && slices.Contains(places, f.Name) {
				t.Errorf("%s.%s is not for a form to write", n.root, f.Name)
			}
		}
		input := n.input(filled, record)
		for name, want := range record {
			if name == "level" { // follows the committee
				continue
			}
			if count := len(slices.DeleteFunc(slices.Clone(places), func(p string) bool { return p != name })); count != 1 {
				t.Errorf("%s.%s stands %d times in the form", n.root, name, count)
			}
			got := input.input[name]
			if number, ok := got.(int64); ok {
				got = int(number)
			}
			if got != want {
				t.Errorf("%s.%s: read %v, want %v", n.root, name, got, want)
			}
		}
		if len(input.errors) > 0 {
			t.Errorf("%s: %v", n.root, input.errors)
		}
		empty := n.input(url.Values{}, nil)
		for name := range record {
			if v, ok := empty.input[name]; ok && v != "" && v != false {
				t.Errorf("%s.%s: an empty form says %v", n.root, name, v)
			}
		}
	}
}

// An update's input is the whole of a record: what the form's query leaves out, the
// next save would take away.
func TestEveryFieldIsReadIntoItsForm(t *testing.T) {
	documents := loadDocuments()
	for _, n := range nouns {
		document := documents["edit-"+n.root]
		for _, f := range catalog.NounOf(n.kind).Fields {
			if f.Head || f.Acted || f.Shape == catalog.ShapeReference {
				continue
			}
			if !regexp.MustCompile(`(?m)(^|[\s{])` + f.Name + `\b`).MatchString(document) {
				t.Errorf("pages/edit-%s.graphql does not read %s", n.root, f.Name)
			}
		}
	}
}
