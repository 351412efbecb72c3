package catalog

import (
	"reflect"
	"strings"
	"testing"
)

// Whoever adds a facet to the counts, to the filter or to the list learns here which of
// the three it forgot.
func TestEachFacetIsCountedAndFiltersByItsName(t *testing.T) {
	counted := reflect.TypeFor[SearchFacets]()
	listed := map[string]bool{}
	for _, f := range Facets {
		field, ok := counted.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, f.Name) })
		if !ok {
			t.Errorf("SearchFacets (catalog/search.go) has no field for %s of Facets", f.Name)
			continue
		}
		if listed[field.Name] {
			t.Errorf("Facets (catalog/facet.go) has %s twice", f.Name)
		}
		listed[field.Name] = true
		var counts SearchFacets
		if got, want := f.Counts(&counts), reflect.ValueOf(&counts).Elem().FieldByIndex(field.Index).Addr().Interface(); any(got) != want {
			t.Errorf("Counts of %s (catalog/facet.go) leads to another facet's", f.Name)
		}
		var q SearchQuery
		in := reflect.ValueOf(&q.Filter).Elem()
		if f.Name == "kinds" {
			in = reflect.ValueOf(&q).Elem()
		}
		if f.Passes(&q) != nil {
			t.Errorf("%s: a search without a filter lets some pass only", f.Name)
		}
		values := in.FieldByName(field.Name)
		if !values.IsValid() {
			t.Errorf("SearchFilter (catalog/search.go) has no field for %s", f.Name)
			continue
		}
		one, key := reflect.New(values.Type().Elem()).Elem(), "7"
		if f.Number {
			one.SetInt(7)
		} else {
			one.SetString(key)
		}
		values.Set(reflect.Append(values, one))
		if passes := f.Passes(&q); passes == nil || !passes(key) || passes("8") {
			t.Errorf("Passes of %s (catalog/facet.go) does not filter by that field", f.Name)
		}
	}
	for field := range counted.Fields() {
		if !listed[field.Name] {
			t.Errorf("Facets (catalog/facet.go) has no line for SearchFacets.%s", field.Name)
		}
	}
}
