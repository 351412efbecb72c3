package deps

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// A field is called by one name because the catalog alone has a table of names.
// In any other room a literal that pairs fields with what they are or were called
// is such a table: one pair may be chance, two are not. A sentence about a field,
// such as a help text, is none.
func TestOnlyTheCatalogHasATableOfLabels(t *testing.T) {
	root, names := filepath.Join("..", ".."), fieldNames()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() && (rel == "catalog" || rel == "data" || d.Name() == "generated" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && rel != ".") {
			return filepath.SkipDir
		}
		switch {
		case strings.HasSuffix(rel, ".go") && !strings.HasSuffix(rel, "_test.go"):
			for _, table := range tablesOfLabels(t, path, nil, names) {
				t.Errorf("%s: %s: ask catalog.FieldLabel", rel, table)
			}
		case strings.HasPrefix(rel, "web"+string(filepath.Separator)) && strings.HasSuffix(rel, ".html") && d.Name() != "developers.html": // that page is about the API, not about a record
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range termOrTitle.FindAllStringSubmatch(string(text), -1) {
				if names.any(m[1] + m[2]) {
					t.Errorf(`%s: %s is a field's name: write {{called "kind.field"}}`, rel, m[0])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// han tells a list of words, such as those by which headings are known, from a
// name with what it means in English.
var han = regexp.MustCompile(`\p{Han}`)

// termOrTitle is a term of a list of properties, and the title of a part.
var termOrTitle = regexp.MustCompile(`<dt>(\p{Han}+)</dt>|"Title" "(\p{Han}+)"`)

// namesOf are what a field is called, by its name.
type namesOf map[string]map[string]bool

func fieldNames() namesOf {
	all := namesOf{}
	var add func(n *catalog.Noun)
	add = func(n *catalog.Noun) {
		for i := range n.Fields {
			f := &n.Fields[i]
			if all[f.Name] == nil {
				all[f.Name] = map[string]bool{}
			}
			for _, name := range append(f.Names(), f.Label.Zh) {
				all[f.Name][name] = true
			}
			if f.Entry != nil {
				add(f.Entry)
			}
		}
	}
	for _, kind := range catalog.RecordKinds {
		add(catalog.NounOf(kind))
	}
	return all
}

func (n namesOf) any(name string) bool {
	for _, names := range n {
		if names[name] {
			return true
		}
	}
	return false
}

// tablesOfLabels finds the literals of a file that pair two or more fields with
// names of theirs, as keys and values or side by side.
func tablesOfLabels(t *testing.T, path string, source any, names namesOf) []string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		table, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		var pairs []string
		pair := func(key, value ast.Expr) {
			if k, v := text(key), text(value); names[k][v] {
				pairs = append(pairs, k+" "+v)
			}
		}
		for _, e := range table.Elts {
			switch e := e.(type) {
			case *ast.KeyValueExpr:
				pair(e.Key, e.Value)
				if in, ok := e.Value.(*ast.CompositeLit); ok && len(in.Elts) > 0 && !(len(in.Elts) > 1 && han.MatchString(text(in.Elts[1]))) {
					pair(e.Key, in.Elts[0])
				}
			case *ast.CompositeLit:
				if len(e.Elts) > 1 {
					pair(e.Elts[0], e.Elts[1])
				}
			case *ast.CallExpr:
				if len(e.Args) > 1 {
					pair(e.Args[0], e.Args[1])
				}
			}
		}
		if len(pairs) > 1 {
			found = append(found, files.Position(table.Pos()).String()+": "+strings.Join(pairs, ", "))
		}
		return true
	})
	return found
}

// text is that of a literal, "" of anything else.
func text(e ast.Expr) string {
	if b, ok := e.(*ast.BasicLit); ok && b.Kind == token.STRING {
		s, _ := strconv.Unquote(b.Value)
		return s
	}
	return ""
}

func TestATableOfLabelsIsFound(t *testing.T) {
	for source, want := range map[string]int{
		`var x = map[string]string{"title": "标题", "background": "案例背景"}`:                   1,
		`var x = []field{lineField("title", "标题", ""), textField("summary", "摘要", "")}`:    1,
		`var x = []property{{"topics", "议题"}, {"level", "层级"}}`:                            1,
		`var x = map[string]meaning{"year": {"年份", "the year"}, "value": {"数值", "value"}}`: 1,
		`var x = map[string]string{"title": "必填。案例的标题。", "summary": "一两句话。"}`:              0,
		`var x = map[string]string{"title": "标题", "other": "别的"}`:                          0,
	} {
		if got := tablesOfLabels(t, "x.go", "package x\n"+source, fieldNames()); len(got) != want {
			t.Errorf("%s: %v", source, got)
		}
	}
}
