package client

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/jisiguangyi/jisi/catalog"
)

// Document is a parsed GraphQL document of which one operation is asked.
type Document struct {
	text      string
	tree      *ast.QueryDocument
	operation *ast.OperationDefinition
	shape     []*shape
}

// maxTokens bounds what is parsed here; servers take less.
const maxTokens = 100_000

// Parse reads a document. name, the operation's, may be empty where there is one
// operation only. Errors are of kind INVALID and name the line and column.
func Parse(text, name string) (*Document, error) {
	tree, err := parser.ParseQueryWithTokenLimit(&ast.Source{Name: "query", Input: text}, maxTokens)
	if err != nil {
		return nil, invalid("查询有语法错误："+err.Error(), "the query does not parse: "+err.Error())
	}
	d := &Document{text: text, tree: tree}
	if d.operation, err = operationOf(tree, name); err != nil {
		return nil, err
	}
	if d.operation.Operation == ast.Subscription {
		return nil, invalid("订阅不能用 query 命令", "a subscription cannot be asked by this command")
	}
	if d.shape, err = shapeOf(d.operation.SelectionSet, tree.Fragments, nil); err != nil {
		return nil, err
	}
	return d, nil
}

func operationOf(tree *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	var names []string
	for _, o := range tree.Operations {
		if o.Name == name || name == "" && len(tree.Operations) == 1 {
			return o, nil
		}
		names = append(names, o.Name)
	}
	switch {
	case len(names) == 0:
		return nil, invalid("文件中没有查询", "the file has no operation")
	case name == "":
		return nil, invalid("文件中有几个查询，请用 -operation 指定："+strings.Join(names, "、"), "there are several operations; name one by -operation: "+strings.Join(names, ", "))
	}
	return nil, invalid(fmt.Sprintf("没有名为 %q 的查询，有：%s", name, strings.Join(names, "、")), fmt.Sprintf("there is no operation %q; there are: %s", name, strings.Join(names, ", ")))
}

// Rows reports whether an answer has one list, or one record, that a table can
// show.
func (d *Document) Rows() error {
	_, err := d.list()
	return err
}

// list returns the one connection of the answer, nil where there is none.
func (d *Document) list() (*connection, error) {
	found := connections(d.shape, nil)
	if len(found) > 1 {
		var names []string
		for _, c := range found {
			names = append(names, strings.Join(c.path, "."))
		}
		return nil, invalid("查询里有几个列表，一次只能处理一个："+strings.Join(names, "、"), "the query has several lists, and one can be taken at once: "+strings.Join(names, ", "))
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// printed returns the document's text as it is after a change of its tree.
func (d *Document) printed() string {
	var b strings.Builder
	formatter.NewFormatter(&b).FormatQueryDocument(d.tree)
	return b.String()
}

func invalid(zh, en string) error {
	return &catalog.Error{Kind: catalog.KindInvalid, Zh: zh, En: en}
}
