package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/graph"
)

// reference is the schema as its readers look it up: every type with its fields, and
// an example of each field.
type reference struct {
	Groups []refGroup
	types  map[string]*refType
}

// refGroup are the types of one kind, by name.
type refGroup struct {
	Title string
	Types []*refType
}

type refType struct {
	Name, Kind, Description string
	OneOf                   bool // exactly one of the fields is given
	Fields                  []refField
	Values                  []refValue
	Members                 []string // of a union, or the types of an interface
	UsedBy                  []string // fields that give it, as Case.committee
}

type refField struct {
	Name, Type, TypeName, Description, Deprecated string
	Linked                                        bool // its type has a page
	Args                                          []refField
	Example                                       string
}

type refValue struct{ Name, Description string }

var refKinds = map[ast.DefinitionKind]string{
	ast.Object: "对象", ast.Interface: "接口", ast.Union: "联合", ast.InputObject: "输入", ast.Enum: "枚举", ast.Scalar: "标量",
}

// apiReference is made once: the schema is that of the program.
var apiReference = sync.OnceValue(func() *reference { return referenceOf(graph.NewSchema(&graph.Resolver{}).Schema()) })

func referenceOf(schema *ast.Schema) *reference {
	r := &reference{types: map[string]*refType{}}
	for name, d := range schema.Types {
		if !d.BuiltIn && !strings.HasPrefix(name, "__") {
			r.types[name] = &refType{Name: name, Kind: refKinds[d.Kind], Description: d.Description, OneOf: d.Directives.ForName("oneOf") != nil}
		}
	}
	examples := &exampler{schema: schema, paths: pathsFrom(schema)}
	for _, name := range slices.Sorted(maps.Keys(r.types)) {
		d, t := schema.Types[name], r.types[name]
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			t.Fields = append(t.Fields, r.field(f.Name, f.Type, f.Description, f.Directives, f.Arguments, examples.of(d, f)))
			if to := r.types[f.Type.Name()]; to != nil {
				to.UsedBy = append(to.UsedBy, name+"."+f.Name)
			}
		}
		for _, v := range d.EnumValues {
			t.Values = append(t.Values, refValue{v.Name, v.Description})
		}
		if d.Kind == ast.Interface || d.Kind == ast.Union {
			for _, one := range schema.GetPossibleTypes(d) {
				t.Members = append(t.Members, one.Name)
			}
			slices.Sort(t.Members)
		}
	}
	r.group()
	return r
}

func (r *reference) field(name string, of *ast.Type, description string, directives ast.DirectiveList, args ast.ArgumentDefinitionList, example string) refField {
	f := refField{Name: name, Type: of.String(), TypeName: of.Name(), Linked: r.types[of.Name()] != nil, Description: description, Example: example}
	if d := directives.ForName("deprecated"); d != nil {
		f.Deprecated = "不再推荐"
		if reason := d.Arguments.ForName("reason"); reason != nil {
			f.Deprecated = reason.Value.Raw
		}
	}
	for _, a := range args {
		f.Args = append(f.Args, r.field(a.Name, a.Type, a.Description, a.Directives, nil, ""))
	}
	return f
}

// group puts the types in the order in which they are looked for: the roots first.
func (r *reference) group() {
	roots := []string{"Query", "Mutation", "Subscription"}
	groups := []refGroup{{Title: "入口"}, {Title: "对象"}, {Title: "接口"}, {Title: "联合"}, {Title: "输入"}, {Title: "枚举"}, {Title: "标量"}}
	for _, name := range roots {
		if t := r.types[name]; t != nil {
			groups[0].Types = append(groups[0].Types, t)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.types)) {
		if slices.Contains(roots, name) {
			continue
		}
		for i := range groups[1:] {
			if g := &groups[i+1]; g.Title == r.types[name].Kind {
				g.Types = append(g.Types, r.types[name])
			}
		}
	}
	r.Groups = slices.DeleteFunc(groups, func(g refGroup) bool { return len(g.Types) == 0 })
}

// exampler makes an example of a field: the shortest operation that selects it.
type exampler struct {
	schema *ast.Schema
	paths  map[string]string // by type: what stands before a selection of it, with every brace opened
}

// pathsFrom finds the shortest way from a root to each type that can be selected of.
func pathsFrom(schema *ast.Schema) map[string]string {
	paths := map[string]string{}
	var queue []*ast.Definition
	come := func(d *ast.Definition, path string) {
		if _, known := paths[d.Name]; !known {
			paths[d.Name] = path
			queue = append(queue, d)
		}
	}
	follow := func() {
		for len(queue) > 0 {
			d := queue[0]
			queue = queue[1:]
			if d.Kind != ast.Object {
				for _, one := range schema.GetPossibleTypes(d) {
					come(one, paths[d.Name]+"... on "+one.Name+" { ")
				}
			}
			for _, f := range d.Fields {
				to := schema.Types[f.Type.Name()]
				if strings.HasPrefix(f.Name, "__") || to == nil || to.Kind == ast.Scalar || to.Kind == ast.Enum {
					continue
				}
				come(to, paths[d.Name]+f.Name+argumentsOf(schema, f)+" { ")
			}
		}
	}
	come(schema.Query, "{ ")
	follow()
	if schema.Mutation != nil {
		come(schema.Mutation, "mutation { ")
		follow()
	}
	if schema.Subscription != nil {
		come(schema.Subscription, "subscription { ")
		follow()
	}
	return paths
}

// of returns the example of a field, "" where no operation comes to its type. Of an
// input it is the input with this field and those that it must have.
func (x *exampler) of(d *ast.Definition, f *ast.FieldDefinition) string {
	if d.Kind == ast.InputObject {
		return inputExample(x.schema, d, f.Name, 0)
	}
	path, ok := x.paths[d.Name]
	if !ok {
		return ""
	}
	text := path + f.Name + argumentsOf(x.schema, f)
	if below := leafOf(x.schema, x.schema.Types[f.Type.Name()], 0); below != "" {
		text += " { " + below + " }"
	}
	return text + strings.Repeat(" }", strings.Count(path, "{ "))
}

// leafOf returns the shortest selection of a type, "" of a scalar and an enum.
func leafOf(schema *ast.Schema, d *ast.Definition, depth int) string {
	switch {
	case d == nil || d.Kind == ast.Scalar || d.Kind == ast.Enum:
		return ""
	case d.Kind == ast.Union || depth > 3:
		return "__typename"
	}
	for _, preferred := range []string{"title", "name", "slug", "totalCount", "messageZh"} {
		if f := d.Fields.ForName(preferred); f != nil {
			return preferred
		}
	}
	for _, f := range d.Fields {
		if to := schema.Types[f.Type.Name()]; !strings.HasPrefix(f.Name, "__") && to != nil && (to.Kind == ast.Scalar || to.Kind == ast.Enum) && argumentsOf(schema, f) == "" {
			return f.Name
		}
	}
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			return f.Name + argumentsOf(schema, f) + " { " + leafOf(schema, schema.Types[f.Type.Name()], depth+1) + " }"
		}
	}
	return "__typename"
}

// argumentsOf writes the arguments that a field must have.
func argumentsOf(schema *ast.Schema, f *ast.FieldDefinition) string {
	var all []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			all = append(all, a.Name+": "+exampleOf(schema, f.Name, a.Name, a.Type, 0))
		}
	}
	if all == nil {
		return ""
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// examples are values of arguments by the field and the argument, or by the argument
// alone: records that come with the program.
var examples = map[string]string{
	"case.slug": `"siping-haodi-zhong-haoliang"`, "adoptionTree.slug": `"siping-haodi-zhong-haoliang"`, "brand.slug": `"jisi-guangyi"`,
	"proposal.slug": `"hunchun-haiyang-jingji-shifanqu"`, "committee.slug": `"jilin"`, "topic.slug": `"jingji"`, "person.slug": `"jing-junhai"`,
	"practice.slug": `"dang-de-lingdao"`, "source.slug": `"jilin-zhengxie-shida-tese-liangdian"`, "report.slug": `"yanbian-zhengxie-2020-02-27-shidian"`,
	"tombstone.slug": `"heitudi-baohu"`, "withdrawn.path": `"/cases/heitudi-baohu"`, "code": `"220000"`, "problem": `"老旧小区停车难"`, "query": `"营商环境"`, "text": `"协商议事"`, "term": `"协商"`, "prefix": `"协"`,
	"reason": `"请写明日期"`, "title": `"老旧小区加装电梯"`, "name": `"2026-11"`, "url": `"https://example.org/page"`, "statement": `"该报称此事已办结。"`,
}

func exampleOf(schema *ast.Schema, field, name string, of *ast.Type, depth int) string {
	if value, ok := examples[field+"."+name]; ok && of.Elem == nil {
		return value
	}
	if of.Elem != nil {
		return "[" + exampleOf(schema, field, name, of.Elem, depth) + "]"
	}
	if value, ok := examples[name]; ok && (of.Name() == "String") {
		return value
	}
	d := schema.Types[of.Name()]
	switch {
	case d == nil:
	case d.Kind == ast.Enum:
		return d.EnumValues[0].Name
	case d.Kind == ast.InputObject:
		return inputExample(schema, d, "", depth+1)
	}
	switch of.Name() {
	case "Int":
		return "1"
	case "Float":
		return "1.5"
	case "Boolean":
		return "true"
	case "Date", "PartialDate":
		return `"2026-07-01"`
	case "DateTime":
		return `"2026-07-01T00:00:00Z"`
	case "ID":
		return `"…"`
	}
	return `"…"`
}

// inputExample writes an input with the fields that it must have and one more; of a
// oneOf only one.
func inputExample(schema *ast.Schema, d *ast.Definition, also string, depth int) string {
	oneOf := d.Directives.ForName("oneOf") != nil
	var all []string
	for _, f := range d.Fields {
		must := f.Type.NonNull && f.DefaultValue == nil && !oneOf || oneOf && also == "" && len(all) == 0
		if (must || f.Name == also) && depth < 4 {
			all = append(all, f.Name+": "+exampleOf(schema, d.Name, f.Name, f.Type, depth))
		}
	}
	return "{" + strings.Join(all, ", ") + "}"
}

func shapeReference(v *view, _ *http.Request) error {
	v.Extra = apiReference()
	return nil
}

func shapeReferenceType(v *view, r *http.Request) error {
	t := apiReference().types[r.PathValue("type")]
	if t == nil {
		return errNoPage
	}
	v.Extra = t
	return nil
}
