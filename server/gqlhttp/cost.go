package gqlhttp

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	pageSize   = 20 // of a connection where neither first nor last is given
	listLength = 5  // taken for a list that has no size of its own; most are shorter
)

// costLimit refuses a query whose answer may have more fields than the limit,
// going by the sizes that it asks of its lists: first: 100 within first: 100
// costs ten thousand times what stands in it. Fields that are worked out have a
// weight besides.
type costLimit struct {
	most    int
	weights map[string]int
	charge  func(ctx context.Context, cost int)
}

var _ graphql.OperationContextMutator = costLimit{}

func (costLimit) ExtensionName() string                   { return "CostLimit" }
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext changes nothing but the operation's record; it
// is the step of gqlgen's that can refuse a valid query.
func (c costLimit) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	cost := costOf(op.Doc, op.Operation, op.Variables, c.weights)
	recordOf(ctx).update(func(o *Operation) { o.Cost = cost })
	c.charge(ctx, cost)
	if cost > c.most {
		return limitError{"cost", c.most, "查询开销（按列表长度估算的字段数，计算量大的字段另计）", "the query's cost, the number of fields by the lengths of its lists and the weights of those that are worked out,", "请减小 first 或少取字段", "ask for shorter pages or fewer fields"}.gql()
	}
	return nil
}

// costOf counts the fields that the answer to a valid operation may have, and adds
// their weights, by Type.field or Type.field.field.
func costOf(doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any, weights map[string]int) int {
	c := &counter{variables: variables, weights: weights, fragments: map[sized]int{}}
	return c.selections(op.SelectionSet, 1, "")
}

// maxCost is where counting stops: it is past any limit, and the product of two
// such numbers still fits.
const maxCost = 1 << 30

// counter counts each fragment once for each size of the page, and each field, that it
// stands in.
type counter struct {
	variables map[string]any
	weights   map[string]int
	fragments map[sized]int
}

type sized struct {
	fragment string
	page     int
	within   string
}

// selections counts what is selected of one object. page is how many edges and
// nodes the object has where it is a connection, within the field, as Type.field, whose
// value it is.
func (c *counter) selections(set ast.SelectionSet, page int, within string) int {
	sum := 0
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			sum += c.field(selection, page, within)
		case *ast.InlineFragment:
			sum += c.selections(selection.SelectionSet, page, within)
		case *ast.FragmentSpread:
			sum += c.fragment(selection, page, within)
		}
		sum = min(sum, maxCost)
	}
	return sum
}

func (c *counter) fragment(spread *ast.FragmentSpread, page int, within string) int {
	key := sized{spread.Name, page, within}
	if cost, ok := c.fragments[key]; ok {
		return cost
	}
	cost := c.selections(spread.Definition.SelectionSet, page, within)
	c.fragments[key] = cost
	return cost
}

func (c *counter) field(f *ast.Field, page int, within string) int {
	if strings.HasPrefix(f.Name, "__") || f.Definition == nil {
		return 1
	}
	name := f.Name
	if f.ObjectDefinition != nil {
		name = f.ObjectDefinition.Name + "." + f.Name
	}
	weight := c.weights[name] + c.weights[within+"."+f.Name]
	below := c.selections(f.SelectionSet, c.size(f, pageSize), name)
	times := 1
	if f.Definition.Type.Elem != nil {
		times = c.size(f, listLength)
		if pages := f.ObjectDefinition != nil && strings.HasSuffix(f.ObjectDefinition.Name, "Connection"); pages && (f.Name == "edges" || f.Name == "nodes") {
			times = page
		}
	}
	return min(1+weight+times*below, maxCost)
}

// size is how many things a field returns: its first or last, or how many ids it
// is asked about, or otherwise.
func (c *counter) size(f *ast.Field, otherwise int) int {
	size := otherwise
	for _, name := range []string{"first", "last", "ids"} {
		definition := f.Definition.Arguments.ForName(name)
		if definition == nil {
			continue
		}
		value, given := f.ArgumentMap(c.variables)[name]
		if !given || value == nil {
			continue
		}
		switch value := value.(type) {
		case []any:
			size = len(value)
		default:
			size = number(value, size)
		}
	}
	return min(max(size, 1), maxCost)
}

// number reads an argument's value, which is of the type Int.
func number(value any, otherwise int) int {
	switch value := value.(type) {
	case int:
		return value
	case int64:
		return int(min(value, maxCost))
	case float64:
		return int(min(value, maxCost))
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return int(min(n, maxCost))
		}
	case string: // the validator takes a text of digits for an Int, too
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return int(min(n, maxCost))
		}
	}
	return otherwise
}
