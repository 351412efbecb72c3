package docs

import (
	stdcmp "cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// retired are words of our own that stood where the field has a standard one,
// with that, and the rooms in which they did; elsewhere they are plain English.
// CONTRIBUTING.md has the list.
var retired = []struct {
	word, standard string
	rooms          []string
}{
	{"kept", "cache", []string{"indexer", "server"}},
	{"keeping", "cache", []string{"indexer", "server"}},
	{"desk", "authenticator", []string{"cmd", "identity", "server", "store"}},
	{"doors", "authentication middleware", []string{"graph", "server"}},
	{"sight", "visibility", []string{"catalog", "store"}},
	{"voice", "composer", []string{"exchange"}},
	{"unfit", "unsupported", []string{"answer", "store"}},
	{"asked", "query profile", []string{"indexer"}},
	{"compared", "passage scan", []string{"indexer", "meaning"}},
	{"race", "MaxScore", []string{"indexer"}},
	{"covering", "minimum-should-match", []string{"indexer"}},
	{"ear", "listener", []string{"cmd", "feed", "internal", "server", "store"}},
	{"lent", "borrowed", []string{"graph", "indexer"}},
	{"lend", "borrow", []string{"indexer"}},
}

// standardOf returns the standard word for a name in a file, "" where the name is
// no retired word there.
func standardOf(path, name string) string {
	path = filepath.ToSlash(strings.TrimPrefix(path, root+"/"))
	first, _, _ := strings.Cut(path, "/")
	for _, r := range retired {
		if slices.Contains(r.rooms, first) && strings.EqualFold(r.word, firstPart(name)) {
			return r.standard
		}
	}
	return ""
}

// firstPart returns the word that a name begins with: keptTexts are kept. Those that
// follow are most often verbs, as in TestWhatIsKept.
func firstPart(name string) string { return begins.FindString(name) }

var begins = regexp.MustCompile(`^(?:[A-Z]+|[a-z])[a-z0-9]*`)

// declared calls each with the names that a file declares: types, functions,
// methods, fields, and the variables and constants of its package.
func declared(file *ast.File, each func(name *ast.Ident)) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			each(d.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					each(s.Name)
					if t, ok := s.Type.(*ast.StructType); ok {
						for _, f := range t.Fields.List {
							for _, n := range f.Names {
								each(n)
							}
						}
					}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						each(n)
					}
				}
			}
		}
	}
}

func goFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "generated", "bin", "dist"}, name)) {
			return fs.SkipDir
		}
		if filepath.Ext(name) == ".go" {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNoRetiredWordIsAName(t *testing.T) {
	positions := token.NewFileSet()
	for _, path := range goFiles(t) {
		file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		declared(file, func(name *ast.Ident) {
			if standard := standardOf(path, name.Name); standard != "" {
				t.Errorf("%s: %s is a retired word of ours: the standard one is %s (CONTRIBUTING.md, Voice)", positions.Position(name.Pos()), name.Name, standard)
			}
		})
		if standard := standardOf(path, strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".go"), "_test")); standard != "" {
			t.Errorf("%s has a retired word for a name: the standard one is %s", path, standard)
		}
	}
}

// documented calls each with the doc comments of a file: of the package, of functions and
// of types, without the name that they begin with.
func documented(file *ast.File, each func(pos token.Pos, name, said string, function bool)) {
	tell := func(pos token.Pos, name, begins string, doc *ast.CommentGroup, function bool) {
		if doc != nil {
			each(pos, name, strings.TrimPrefix(doc.Text(), begins+" "), function)
		}
	}
	tell(file.Package, file.Name.Name, "Package "+file.Name.Name, file.Doc, false)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			tell(d.Pos(), d.Name.Name, d.Name.Name, d.Doc, true)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok {
					tell(d.Pos(), s.Name.Name, s.Name.Name, stdcmp.Or(s.Doc, d.Doc), false)
				}
			}
		}
	}
}

func TestDocCommentsReturnAndReport(t *testing.T) {
	positions := token.NewFileSet()
	for _, path := range goFiles(t) {
		file, err := parser.ParseFile(positions, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		documented(file, func(pos token.Pos, name, said string, function bool) {
			for was, is := range map[string]string{"gives ": "returns", "tells whether ": "reports whether", "says whether ": "reports whether"} {
				if strings.HasPrefix(said, was) && (function || was != "says whether ") { // a type that says whether is the answer itself
					t.Errorf("%s: the comment of %s begins with %q, want %q", positions.Position(pos), name, was, is)
				}
			}
		})
	}
}

func TestTheListOfRetiredWordsIsInCONTRIBUTING(t *testing.T) {
	text := documents(t)["CONTRIBUTING.md"]
	_, table, _ := strings.Cut(text, "| Was | Is | In |")
	rooms := map[string][]string{} // by word
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			for _, word := range words(cells[1]) {
				rooms[word] = words(cells[3])
			}
		}
	}
	for _, r := range retired {
		if diff := cmp.Diff(r.rooms, rooms[r.word]); diff != "" {
			t.Errorf("CONTRIBUTING.md, %s (-tested +listed):\n%s", r.word, diff)
		}
	}
}

// words returns the words of a text, in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}
