package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// generator makes a valid query from a schema. The same seed makes the same one.
type generator struct {
	schema *ast.Schema
	random *rand.Rand
	ids    []string
	fields int // that the query selects
}

func newGenerator(s *ast.Schema, seed uint64, ids []string) *generator {
	return &generator{schema: s, random: rand.New(rand.NewPCG(seed, 0)), ids: ids}
}

// deepest is how deep a query goes; the server takes some more.
const deepest = 6

func (g *generator) query() string { return "query " + g.selections(g.schema.Query, deepest) }

// selections selects some fields of a type, each once, so that none conflict.
func (g *generator) selections(d *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	if d.IsAbstractType() && depth > 1 {
		for _, possible := range g.schema.GetPossibleTypes(d) {
			if g.random.IntN(3) == 0 {
				parts = append(parts, "... on "+possible.Name+" "+g.only(possible, depth-1))
			}
		}
	}
	if d.Kind != ast.Union {
		parts = append(parts, g.some(d, depth)...)
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// only selects, within a fragment, fields under names of their type's own, so
// that they are at peace with those of other types.
func (g *generator) only(d *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	for _, f := range g.some(d, depth) {
		parts = append(parts, strings.ToLower(d.Name)+"_"+strings.TrimSpace(f[:len(name(f))])+": "+f)
		if len(parts) > 3 {
			break
		}
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// name returns the name that a selection begins with.
func name(selection string) string {
	if i := strings.IndexAny(selection, " (:"); i >= 0 {
		return selection[:i]
	}
	return selection
}

func (g *generator) some(d *ast.Definition, depth int) []string {
	var parts []string
	for _, i := range g.random.Perm(len(d.Fields)) {
		f := d.Fields[i]
		if strings.HasPrefix(f.Name, "__") || len(parts) >= 1+g.random.IntN(4) {
			continue
		}
		below := g.schema.Types[f.Type.Name()]
		if below.IsCompositeType() && depth <= 1 {
			continue
		}
		g.fields++
		text := f.Name + g.arguments(f.Arguments)
		if below.IsCompositeType() {
			text += " " + g.selections(below, depth-1)
		}
		parts = append(parts, text)
	}
	return parts
}

// arguments returns those that must be there, and some others. A page is small, so
// that the query is not refused for its cost.
func (g *generator) arguments(list ast.ArgumentDefinitionList) string {
	var parts []string
	for _, a := range list {
		required := a.Type.NonNull && a.DefaultValue == nil
		switch {
		case a.Name == "first":
			parts = append(parts, "first: "+strconv.Itoa(1+g.random.IntN(4)))
		case a.Name == "last" || a.Name == "before": // not beside first
		case required || g.random.IntN(4) == 0:
			parts = append(parts, a.Name+": "+g.value(a.Type, 2))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// value returns a value of a type; one in twenty that may be null is.
func (g *generator) value(t *ast.Type, depth int) string {
	if !t.NonNull && g.random.IntN(20) == 0 {
		return "null"
	}
	if t.Elem != nil {
		var parts []string
		for range g.random.IntN(3) {
			parts = append(parts, g.value(t.Elem, depth))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	d := g.schema.Types[t.NamedType]
	switch d.Kind {
	case ast.Enum:
		return d.EnumValues[g.random.IntN(len(d.EnumValues))].Name
	case ast.InputObject:
		return g.object(d, depth)
	}
	return g.scalar(d.Name)
}

func (g *generator) object(d *ast.Definition, depth int) string {
	var parts []string
	for _, f := range d.Fields {
		if f.Type.NonNull && f.DefaultValue == nil || depth > 0 && g.random.IntN(5) == 0 {
			parts = append(parts, f.Name+": "+g.value(f.Type, depth-1))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (g *generator) scalar(name string) string {
	pick := func(from ...string) string { return from[g.random.IntN(len(from))] }
	switch name {
	case "Int":
		return pick("0", "1", "2", "20", "2020", "2024", "-1", "2147483647")
	case "Float":
		return pick("0", "1.5", "-1", "1e300")
	case "Boolean":
		return pick("true", "false")
	case "ID":
		return strconv.Quote(pick(append(g.ids, "nonsense", "")...))
	case "PartialDate":
		return strconv.Quote(pick("2021", "2021-07", "2021-07-15"))
	case "Date":
		return strconv.Quote("2021-07-15")
	case "DateTime":
		return strconv.Quote("2021-07-15T00:00:00Z")
	case "String":
		return strconv.Quote(pick("", "夜间经济", "课后服务 小学", `"老旧小区" -改造`, "guilin", "𠮷", "%", "'; --", "220104", "220000", "minsheng", "jianyi-chaoyang", "changchun-chaoyang", strings.Repeat("长", 300)))
	}
	panic(fmt.Sprintf("no value for %s", name))
}
