package graph

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
)

// template is what is selected of an object, but for the values of arguments. It
// is the same for every operation of a document without directives.
type template struct {
	list   []catalog.Selection // without arguments
	fields []templateField     // of each
	asks   bool                // there are arguments in it or below
}

type templateField struct {
	arguments *ast.Field // nil where it has none
	below     *template
	on        map[catalog.RecordKind]*template
}

// templates are those of the operations asked last: gqlgen keeps documents by
// their text, and so returns the same one again. Safe for concurrent use.
type templates struct {
	mu sync.RWMutex
	of map[*ast.OperationDefinition]*template
}

// templatesAtMost is how many are kept; when there are more, all go.
const templatesAtMost = 1000

func (k *templates) get(op *ast.OperationDefinition) *template {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.of[op]
}

func (k *templates) put(op *ast.OperationDefinition, t *template) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= templatesAtMost {
		k.of = map[*ast.OperationDefinition]*template{}
	}
	k.of[op] = t
}

// selected returns what an operation selects. ok is false where a part of it says
// more than a selection can.
func (a *FastPath) selected(op *graphql.OperationContext) ([]catalog.Selection, bool) {
	s := &selector{op, a.schema}
	t := a.known.get(op.Operation)
	if t == nil {
		var ok bool
		if t, ok = s.template(op.Operation.SelectionSet, a.schema.Query); !ok {
			return nil, false
		}
		if !hasDirectives(op.Operation.SelectionSet) {
			a.known.put(op.Operation, t)
		}
	}
	return t.filled(s)
}

// hasDirectives reports whether what is selected may hang on variables.
func hasDirectives(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(one ast.Selection) bool {
		switch one := one.(type) {
		case *ast.Field:
			return len(one.Directives) > 0 || hasDirectives(one.SelectionSet)
		case *ast.InlineFragment:
			return len(one.Directives) > 0 || hasDirectives(one.SelectionSet)
		case *ast.FragmentSpread:
			return len(one.Directives) > 0 || hasDirectives(one.Definition.SelectionSet)
		}
		return true
	})
}

// selector turns what gqlgen has parsed, validated and coerced into the
// catalog's selections.
type selector struct {
	op     *graphql.OperationContext
	schema *ast.Schema
}

// template returns what is selected of an object, fragments merged and @skip and
// @include obeyed. ok is false where a part of it says more than a selection can.
func (s *selector) template(set ast.SelectionSet, of *ast.Definition) (t *template, ok bool) {
	fields := merged(graphql.CollectFields(s.op, set, s.satisfied(of)))
	t = &template{list: make([]catalog.Selection, len(fields)), fields: make([]templateField, len(fields))}
	for i, f := range fields {
		if f.Definition == nil || len(f.Deferrables) > 0 || directed(f.Field) {
			return nil, false
		}
		t.list[i].Key, t.list[i].Field = f.Alias, f.Name
		if len(f.Definition.Arguments) > 0 {
			t.fields[i].arguments = f.Field
			t.asks = true
		}
		if len(f.Selections) == 0 {
			continue
		}
		below := s.schema.Types[f.Definition.Type.Name()]
		switch {
		case below == nil:
			return nil, false
		case below.Kind == ast.Object:
			ok = t.below(i, s, f.Selections, below)
		default:
			ok = t.byKind(i, s, f.Selections, below)
		}
		if !ok {
			return nil, false
		}
	}
	return t, true
}

// merged puts fields of one name in the answer together: gqlgen leaves those apart
// that are selected of an object by its own type and by a union that it is in.
func merged(fields []graphql.CollectedField) []graphql.CollectedField {
	each := fields[:0]
	for _, f := range fields {
		i := slices.IndexFunc(each, func(e graphql.CollectedField) bool { return e.Alias == f.Alias })
		if i < 0 {
			each = append(each, f)
			continue
		}
		each[i].Selections = slices.Concat(each[i].Selections, f.Selections)
	}
	return each
}

// below takes in what is selected of what field i returns.
func (t *template) below(i int, s *selector, set ast.SelectionSet, of *ast.Definition) bool {
	below, ok := s.template(set, of)
	if !ok {
		return false
	}
	t.fields[i].below, t.list[i].Below = below, below.list
	t.asks = t.asks || below.asks
	return true
}

// byKind takes in what is selected of a record of each kind that the union or
// interface which field i returns may stand for.
func (t *template) byKind(i int, s *selector, set ast.SelectionSet, of *ast.Definition) bool {
	t.fields[i].on = map[catalog.RecordKind]*template{}
	t.list[i].On = map[catalog.RecordKind][]catalog.Selection{}
	for _, one := range s.schema.GetPossibleTypes(of) {
		selected, ok := s.template(set, one)
		if !ok {
			return false
		}
		kind := catalog.KindNamed(one.Name)
		t.fields[i].on[kind], t.list[i].On[kind] = selected, selected.list
		t.asks = t.asks || selected.asks
	}
	return true
}

// filled returns the selections with an operation's arguments. What has none is
// shared by all, so that selections are never to be changed.
func (t *template) filled(s *selector) (list []catalog.Selection, ok bool) {
	if !t.asks {
		return t.list, true
	}
	list = slices.Clone(t.list)
	for i, f := range t.fields {
		if f.arguments != nil {
			if list[i].Args, ok = s.arguments(f.arguments); !ok {
				return nil, false
			}
		}
		if f.below != nil {
			if list[i].Below, ok = f.below.filled(s); !ok {
				return nil, false
			}
		}
		if f.on != nil {
			list[i].On = make(map[catalog.RecordKind][]catalog.Selection, len(f.on))
			for kind, on := range f.on {
				if list[i].On[kind], ok = on.filled(s); !ok {
					return nil, false
				}
			}
		}
	}
	return list, true
}

// satisfied are the types that fragments on an object may name.
func (s *selector) satisfied(of *ast.Definition) []string {
	names := []string{of.Name}
	for _, abstract := range s.schema.Implements[of.Name] {
		names = append(names, abstract.Name)
	}
	return names
}

// directed reports whether a field has directives besides the two that have been
// obeyed.
func directed(f *ast.Field) bool {
	for _, d := range f.Directives {
		if d.Name != "skip" && d.Name != "include" {
			return true
		}
	}
	return false
}

// arguments returns a field's arguments as JSON.
func (s *selector) arguments(f *ast.Field) (json.RawMessage, bool) {
	args := f.ArgumentMap(s.op.Variables)
	for _, definition := range f.Definition.Arguments {
		if v, given := args[definition.Name]; given {
			args[definition.Name] = s.withDefaults(v, definition.Type)
		}
	}
	text, err := json.Marshal(args)
	return text, err == nil
}

// withDefaults fills in what an input object leaves out. What is given stays as
// it is: it belongs to the query, which others read.
func (s *selector) withDefaults(v any, of *ast.Type) any {
	fields, isObject := v.(map[string]any)
	input := s.schema.Types[of.Name()]
	if !isObject || input == nil || input.Kind != ast.InputObject {
		return v
	}
	full := maps.Clone(fields)
	for _, f := range input.Fields {
		value, given := full[f.Name]
		switch {
		case given:
			full[f.Name] = s.withDefaults(value, f.Type)
		case f.DefaultValue != nil:
			full[f.Name], _ = f.DefaultValue.Value(nil) // a literal of the schema's, which has been validated
		}
	}
	return full
}
