package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/jisiguangyi/jisi/internal/bounded"
)

// shapeLimit refuses queries by their text alone. It comes before validation,
// some rules of which take time by the square of what is repeated, and hence
// before the parsed form can be taken from the cache: a text that has passed
// before is not looked at again.
type shapeLimit struct {
	limits Limits
	passed *bounded.Cache[struct{}]
}

var _ graphql.OperationParameterMutator = shapeLimit{}

func (shapeLimit) ExtensionName() string                   { return "ShapeLimit" }
func (shapeLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing; it is the first step of gqlgen's
// that can refuse a query.
func (s shapeLimit) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if len(p.Query) > s.limits.QueryBytes {
		return limitError{"queryBytes", s.limits.QueryBytes, "查询文本字节数", "the query's text in bytes", "长的值请放进 variables", "put long values into variables"}.gql()
	}
	if _, ok := s.passed.Get(ctx, p.Query); ok {
		return nil
	}
	if tokens(p.Query, s.limits.Tokens) > s.limits.Tokens {
		return limitError{"tokens", s.limits.Tokens, "查询词数", "the query's number of tokens", "请分成几次查询", "ask in several queries"}.gql()
	}
	doc, ok := parse(p.Query)
	if !ok {
		return nil // gqlgen says what is wrong with it
	}
	if err := checkShape(doc, s.limits); err != nil {
		return err
	}
	s.passed.Add(ctx, p.Query, struct{}{})
	return nil
}

func parse(text string) (doc *ast.QueryDocument, ok bool) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	return doc, err == nil
}

// tokens counts the tokens of a text, and stops past most or at an error.
func tokens(text string, most int) int {
	l := lexer.New(&ast.Source{Input: text})
	for n := 0; ; n++ {
		t, err := l.ReadToken()
		if err != nil || t.Kind == lexer.EOF || n > most {
			return n
		}
	}
}

// checkShape measures each operation of a parsed query that has not been
// validated: fragments may be missing or go in circles.
func checkShape(doc *ast.QueryDocument, l Limits) *gqlerror.Error {
	m := &measurer{doc: doc, limits: l, fragments: map[string]shape{}, within: map[string]bool{}}
	for _, op := range doc.Operations {
		m.directed(op.Directives)
		s := m.selections(op.SelectionSet)
		if s.depth > l.Depth {
			return limitError{"depth", l.Depth, "查询层数", "the query's depth", "更深的内容请按 id 另行查询", "ask for what is further down by its id"}.gql()
		}
		if s.aliases > l.Aliases {
			return limitError{"aliases", l.Aliases, "查询别名数", "the query's number of aliases", "请分成几次查询", "ask in several queries"}.gql()
		}
		if m.directives > maxDirectives {
			return limitError{"directives", maxDirectives, "查询一处的指令数", "the query's number of directives in one place", "每种只写一次", "each may stand there once"}.gql()
		}
		if s.repeats > l.Repeats {
			return limitError{"repeats", l.Repeats, "查询同一字段的重复次数", "the query's number of repetitions of one field", "写一次即可", "one is enough"}.gql()
		}
	}
	return nil
}

// shape is what is measured of selections, fragments followed.
type shape struct {
	depth   int
	aliases int
	repeats int
}

// measurer measures each fragment once, so that fragments which spread others
// twice, which spread others twice …, take no longer than their text.
type measurer struct {
	doc       *ast.QueryDocument
	limits    Limits
	fragments map[string]shape
	// directives are the most of them in one place.
	directives int
	within     map[string]bool // fragments being measured: one that comes again goes in a circle
}

func (m *measurer) selections(set ast.SelectionSet) shape {
	var whole shape
	seen := map[string]int{}
	for _, selection := range set {
		var s shape
		switch selection := selection.(type) {
		case *ast.Field:
			seen[selection.Alias]++
			whole.repeats = max(whole.repeats, seen[selection.Alias])
			m.directed(selection.Directives)
			s = m.field(selection)
		case *ast.InlineFragment:
			m.directed(selection.Directives)
			s = m.selections(selection.SelectionSet)
		case *ast.FragmentSpread:
			m.directed(selection.Directives)
			s = m.fragment(selection.Name)
		}
		whole.depth = max(whole.depth, s.depth)
		whole.repeats = max(whole.repeats, s.repeats)
		whole.aliases = min(whole.aliases+s.aliases, m.limits.Aliases+1)
	}
	return whole
}

// maxDirectives is how many directives may stand in one place; there are two,
// and neither may be repeated. Each one more is an error of its own to report.
const maxDirectives = 5

func (m *measurer) directed(list ast.DirectiveList) { m.directives = max(m.directives, len(list)) }

func (m *measurer) field(f *ast.Field) shape {
	if f.Name == "__schema" || f.Name == "__type" {
		return shape{depth: 1} // validation has a rule for the depth of introspection
	}
	s := m.selections(f.SelectionSet)
	s.depth++
	if f.Alias != f.Name {
		s.aliases++
	}
	return s
}

func (m *measurer) fragment(name string) shape {
	if s, ok := m.fragments[name]; ok {
		return s
	}
	def := m.doc.Fragments.ForName(name)
	if def == nil || m.within[name] {
		return shape{}
	}
	m.within[name] = true
	s := m.selections(def.SelectionSet)
	delete(m.within, name)
	m.fragments[name] = s
	return s
}
