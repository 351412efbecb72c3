package client

import (
	"context"
	"maps"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// What All adds to a document; no document of a user's has these names.
const (
	afterVariable = "jisiAfter"
	pageField     = "jisiPage"
	pageSize      = "100" // records a page, the most that servers return
)

// All sends the document page by page and returns one answer with the whole list:
// its one connection is asked by its cursors to its end. It changes the document.
// progress is told how many records have come; it may be nil.
func (c *Client) All(ctx context.Context, d *Document, variables map[string]any, progress func(int)) (*Answer, error) {
	list, err := d.list()
	if err != nil {
		return nil, err
	}
	if list == nil {
		return nil, invalid("-all 需要一个列表：查询里没有选取 nodes 或 edges 的字段", "-all wants a list: no field of the query selects nodes or edges")
	}
	if err := d.page(list.field); err != nil {
		return nil, err
	}
	text, items := d.printed(), list.items()
	variables = maps.Clone(variables)
	var whole *Answer
	var gathered []any
	for {
		data, err := c.ask(ctx, request{text, d.operation.Name, variables})
		if err != nil {
			return nil, err
		}
		field := at(data, list.path)
		if field == nil { // null above it: there is nothing to page through
			return &Answer{d, data}, nil
		}
		page, _ := field[items].([]any)
		gathered = append(gathered, page...)
		if progress != nil {
			progress(len(gathered))
		}
		if whole == nil {
			whole = &Answer{d, data}
		}
		next, more := nextPage(field)
		if !more || len(page) == 0 || next == variables[afterVariable] {
			break
		}
		variables[afterVariable] = next
	}
	at(whole.data, list.path)[items] = gathered
	return whole, nil
}

// page makes a connection take its cursor from a variable and tell the next.
func (d *Document) page(field *ast.Field) error {
	for _, name := range []string{"after", "before", "last"} {
		if field.Arguments.ForName(name) != nil {
			return invalid("-all 自己翻页，请从查询中去掉参数 "+name, "-all pages by itself: take the argument "+name+" out of the query")
		}
	}
	if field.Arguments.ForName("first") == nil {
		field.Arguments = append(field.Arguments, &ast.Argument{Name: "first", Value: &ast.Value{Kind: ast.IntValue, Raw: pageSize}})
	}
	field.Arguments = append(field.Arguments, &ast.Argument{Name: "after", Value: &ast.Value{Kind: ast.Variable, Raw: afterVariable}})
	d.operation.VariableDefinitions = append(d.operation.VariableDefinitions, &ast.VariableDefinition{Variable: afterVariable, Type: ast.NamedType("String", nil)})
	field.SelectionSet = append(field.SelectionSet, &ast.Field{Alias: pageField, Name: "pageInfo", SelectionSet: ast.SelectionSet{
		&ast.Field{Alias: "hasNextPage", Name: "hasNextPage"}, &ast.Field{Alias: "endCursor", Name: "endCursor"},
	}})
	return nil
}

func nextPage(field map[string]any) (cursor string, more bool) {
	info, _ := field[pageField].(map[string]any)
	more, _ = info["hasNextPage"].(bool)
	cursor, _ = info["endCursor"].(string)
	return cursor, more
}

// at returns the object at a path of objects, nil where one of them is null.
func at(data map[string]any, path []string) map[string]any {
	for _, name := range path {
		below, ok := data[name].(map[string]any)
		if !ok {
			return nil
		}
		data = below
	}
	return data
}

// columnName returns the header of the column for a path.
func columnName(path []string) string { return strings.Join(path, ".") }
