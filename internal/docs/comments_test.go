package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	goFile = regexp.MustCompile(`(?:^|[\s(“])((?:[a-z][a-z0-9_]*/)*[a-z][a-z0-9_]*\.go)\b`)
	see    = regexp.MustCompile(`\bsee (?:[a-z]+\.)*([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)`)
)

// parsed are all our Go files with their comments, by path from the root.
func parsed(t *testing.T) (*token.FileSet, map[string]*ast.File) {
	t.Helper()
	positions, all := token.NewFileSet(), map[string]*ast.File{}
	for _, path := range goFiles(t) {
		file, err := parser.ParseFile(positions, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = file
	}
	return positions, all
}

// A Go file that a comment names is found by its path from the comment's folder, or from
// one above that.
func TestGoFilesThatCommentsNameExist(t *testing.T) {
	positions, all := parsed(t)
	for path, file := range all {
		for _, group := range file.Comments {
			for _, m := range goFile.FindAllStringSubmatch(group.Text(), -1) {
				if !near(filepath.Dir(path), m[1]) {
					t.Errorf("%s names %s, which does not exist there", positions.Position(group.Pos()), m[1])
				}
			}
		}
	}
}

// near reports whether there is a file of that path below a folder or one above it.
func near(dir, name string) bool {
	for {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
		if filepath.Clean(dir) == filepath.Clean(root) {
			return false
		}
		dir = filepath.Dir(dir)
	}
}

// What a comment sends its reader to by "see" is declared somewhere.
func TestNamesThatCommentsSendOneToExist(t *testing.T) {
	positions, all := parsed(t)
	names := map[string]bool{}
	for _, file := range all {
		declared(file, func(name *ast.Ident) { names[name.Name] = true })
	}
	for _, file := range all {
		for _, group := range file.Comments {
			for _, m := range see.FindAllStringSubmatch(group.Text(), -1) {
				if !names[m[1]] {
					t.Errorf("%s says see %s, which nothing is called", positions.Position(group.Pos()), m[1])
				}
			}
		}
	}
}

// A doc comment that begins with a name begins with that of what it documents: one that
// begins in lower case can be nothing else.
func TestDocCommentsBeginWithTheName(t *testing.T) {
	positions, all := parsed(t)
	for _, file := range all {
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				beginsWith(t, positions, d.Doc, d.Name.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						beginsWith(t, positions, s.Doc, s.Name.Name)
						if len(d.Specs) == 1 {
							beginsWith(t, positions, d.Doc, s.Name.Name)
						}
					case *ast.ValueSpec:
						var of []string
						for _, n := range s.Names {
							of = append(of, n.Name)
						}
						if len(d.Specs) == 1 {
							beginsWith(t, positions, d.Doc, of...)
						}
					}
				}
			}
		}
	}
}

// beginsWith complains of a comment that begins with a word in lower case that is none
// of the names.
func beginsWith(t *testing.T, positions *token.FileSet, doc *ast.CommentGroup, names ...string) {
	t.Helper()
	if doc == nil {
		return
	}
	first, _, _ := strings.Cut(strings.TrimSpace(doc.Text()), " ")
	first = strings.TrimRight(strings.TrimSuffix(first, "'s"), ",:.\n")
	if first == "" || first[0] < 'a' || first[0] > 'z' || slices.Contains(names, first) {
		return
	}
	t.Errorf("%s: the comment of %s begins with %q", positions.Position(doc.Pos()), strings.Join(names, ", "), first)
}
