package client

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// A shape is a field of the answer, by the name that it has there, with the
// fields below it in the document's order. One without any is a value.
type shape struct {
	name   string
	field  *ast.Field
	fields []*shape
}

func (s *shape) child(name string) *shape {
	for _, f := range s.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

// shapeOf lays out what a selection selects, fragments spread and fields that are
// named twice merged. within are the fragments that are being spread.
func shapeOf(set ast.SelectionSet, fragments ast.FragmentDefinitionList, within []string) ([]*shape, error) {
	top := &shape{}
	if err := top.add(set, fragments, within); err != nil {
		return nil, err
	}
	return top.fields, nil
}

func (s *shape) add(set ast.SelectionSet, fragments ast.FragmentDefinitionList, within []string) error {
	for _, selection := range set {
		switch selected := selection.(type) {
		case *ast.Field:
			below := s.child(selected.Alias)
			if below == nil {
				below = &shape{name: selected.Alias, field: selected}
				s.fields = append(s.fields, below)
			}
			if err := below.add(selected.SelectionSet, fragments, within); err != nil {
				return err
			}
		case *ast.InlineFragment:
			if err := s.add(selected.SelectionSet, fragments, within); err != nil {
				return err
			}
		case *ast.FragmentSpread:
			f := fragments.ForName(selected.Name)
			if f == nil || slices.Contains(within, selected.Name) {
				return invalid("没有名为 "+selected.Name+" 的片段，或它包含自身", "there is no fragment "+selected.Name+", or it spreads itself")
			}
			if err := s.add(f.SelectionSet, fragments, append(slices.Clone(within), selected.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// A connection is a field that is paged through, with the way to it.
type connection struct {
	path []string
	*shape
}

// items returns the name of the field that holds the connection's records.
func (s *shape) items() string {
	for _, name := range []string{"nodes", "edges"} {
		if f := s.child(name); f != nil && len(f.fields) > 0 {
			return name
		}
	}
	return ""
}

// connections returns the outermost connections below some fields.
func connections(fields []*shape, path []string) []*connection {
	var found []*connection
	for _, f := range fields {
		to := append(slices.Clone(path), f.name)
		if f.items() != "" {
			found = append(found, &connection{to, f})
			continue
		}
		found = append(found, connections(f.fields, to)...)
	}
	return found
}
