package deps

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/jisiguangyi/jisi"

// A room is a folder with all below it that has no room of its own.
type room struct {
	dir  string
	may  []string // the rooms that its code may import, besides itself
	why  string
	free bool // may import every room
	open bool // may import every library too
}

// rooms are all the project's. Tests are free to import more: they put the
// rooms together as cmd/jisi does.
var rooms = []room{
	{dir: "catalog", why: "the domain depends on nothing, so that everything can depend on it"},
	{dir: "schema", why: "the schema is text, and is served as text"},
	{dir: "data", why: "what comes with the binary is bytes; who reads them knows what they mean"},
	{dir: "store", may: []string{"catalog", "internal/script"}, why: "the store knows records and SQL, not who asks for them; names are ordered as they are read"},
	{dir: "store/verify", may: []string{"catalog", "store"}, why: "what checks the tables compares them with what the store would write, and writes nothing"},
	{dir: "answer", may: []string{"catalog", "store"}, why: "it writes statements out of the store's conditions and hands them to the store to run; it has no connection of its own"},
	{dir: "loaders", may: []string{"catalog"}, why: "loaders batch reads through an interface of their own; cmd hands the store in"},
	{dir: "indexer", may: []string{"catalog", "internal/follow", "indexer/corpus", "indexer/docset", "indexer/document", "indexer/highlight", "indexer/integrity", "indexer/peers", "indexer/query", "indexer/rerank", "indexer/segment", "indexer/suggest", "indexer/text"}, why: "the index is derived from a feed that it declares, whatever stands behind that"},
	{dir: "internal/script", may: []string{"data"}, why: "how Chinese is written and read is known in one place; index, permalinks and orders ask it alike"},
	{dir: "indexer/text", may: []string{"catalog", "data", "internal/script"}, why: "texts are folded and cut alike for index and query, whatever is done with the words"},
	{dir: "indexer/document", may: []string{"catalog", "indexer/text"}, why: "the form in which a document is kept is read by searches and analyses alike, and knows none of them"},
	{dir: "indexer/query", may: []string{"catalog", "indexer/document", "indexer/text"}, why: "a query is parsed and planned before any index is asked"},
	{dir: "indexer/rerank", may: []string{"catalog", "indexer/document", "indexer/query", "indexer/text"}, why: "a text is compared with a query, wherever both come from"},
	{dir: "indexer/highlight", may: []string{"catalog", "indexer/document", "indexer/query", "indexer/text"}, why: "what is marked stands in the texts, not in the index"},
	{dir: "indexer/corpus", may: []string{"catalog", "indexer/docset", "indexer/document", "indexer/text"}, why: "an analysis counts the documents that it is given, however they were chosen"},
	{dir: "indexer/suggest", may: []string{"catalog", "indexer/docset", "indexer/document", "indexer/text"}, why: "spellings are written and found by the same rules, whatever state of the index is asked"},
	{dir: "indexer/peers", may: []string{"catalog", "indexer/document", "indexer/query", "indexer/text"}, why: "a case is judged by its texts, however it was found"},
	{dir: "indexer/segment", may: []string{"indexer/integrity"}, why: "terms are inverted and written, whatever they were cut from"},
	{dir: "indexer/integrity", why: "whether files are as they were written is asked of bleve's form of them, whatever is in it"},
	{dir: "indexer/docset", why: "sets of documents are numbers, whatever the documents are"},
	{dir: "feed", may: []string{"catalog", "internal/follow"}, why: "subscribers are told from a feed that it declares, whoever asks and whatever stands behind"},
	{dir: "exchange", may: []string{"catalog", "data", "exchange/archive", "exchange/column", "exchange/export", "exchange/jsonl", "exchange/ofd", "exchange/photo", "exchange/reading", "exchange/text", "exchange/xlsx"}, why: "records go from readers to a sink that it declares; what files mean is known below it"},
	{dir: "exchange/text", may: []string{"catalog"}, why: "bytes are lines of text before they are anything else"},
	{dir: "exchange/permalink", may: []string{"catalog", "internal/script"}, why: "a permalink is made of a title, whatever file has it"},
	{dir: "exchange/jsonl", may: []string{"catalog", "exchange/permalink", "exchange/text", "internal/script"}, why: "a line is a record or is refused, wherever it comes from"},
	{dir: "exchange/cell", may: []string{"catalog", "exchange/dates", "exchange/jsonl"}, why: "a cell holds a value, whatever column it stands in"},
	{dir: "exchange/column", may: []string{"catalog", "exchange/cell", "exchange/jsonl", "exchange/text"}, why: "columns are a kind's fields, whatever table has them, read or written"},
	{dir: "exchange/export", may: []string{"catalog", "exchange/cell", "exchange/column", "exchange/csv", "exchange/docx", "exchange/jsonl", "exchange/typeset", "exchange/xlsx"}, why: "what is written comes from an exporter that it declares; it reads no files"},
	{dir: "exchange/reading", may: []string{"catalog", "data", "exchange/archive", "exchange/cell", "exchange/column", "exchange/csv", "exchange/dates", "exchange/docx", "exchange/jsonl", "exchange/ofd", "exchange/office", "exchange/pdf", "exchange/permalink", "exchange/text", "exchange/xlsx"}, why: "files are understood alike, whatever becomes of their records; the formats below it know no records"},
	{dir: "exchange/archive", may: []string{"catalog", "exchange/text"}, why: "limits on what is unpacked stand in one place, whatever is packed"},
	{dir: "exchange/csv", may: []string{"catalog", "exchange/text"}, why: "a table of texts has rows and cells; what they mean is exchange's to say"},
	{dir: "exchange/xlsx", may: []string{"catalog", "exchange/archive"}, why: "a workbook has rows and cells; what they mean is exchange's to say"},
	{dir: "exchange/dates", may: []string{"catalog"}, why: "how people write dates is the same in tables and documents"},
	{dir: "exchange/office", why: "LibreOffice is another program, run in one place; what is made of its files is exchange's"},
	{dir: "exchange/pdf", why: "a file has pages of lines; what they mean is exchange's to say"},
	{dir: "exchange/photo", why: "a photo is pixels; whose it is and who sees it is not known here"},
	{dir: "exchange/ofd", may: []string{"exchange/archive"}, why: "a file has pages of lines; what they mean is exchange's to say"},
	{dir: "exchange/docx", may: []string{"catalog", "exchange/archive"}, why: "a document has paragraphs and tables; what they mean is exchange's to say"},
	{dir: "exchange/typeset", may: []string{"exchange/docx", "exchange/typeset/face", "exchange/typeset/pdfwriter"}, why: "paragraphs are set on pages, whatever they say"},
	{dir: "exchange/typeset/pdfwriter", may: []string{"exchange/typeset/face"}, why: "pages are written as they come, whatever is on them"},
	{dir: "exchange/typeset/face", why: "fonts are read and cut, whatever is set in them"},
	{dir: "backup", may: []string{"catalog", "internal/localpg"}, why: "it runs PostgreSQL's own programs on whatever database it is given; tables are the store's"},
	{dir: "identity", may: []string{"catalog"}, why: "who a caller is, is asked of a keeper that it declares; what the caller may do is the catalog's"},
	{dir: "notify", may: []string{"catalog", "internal/follow"}, why: "what is sent comes from a queue that it declares; who may be told what is the queue's to say"},
	{dir: "meaning", may: []string{"catalog", "internal/follow"}, why: "what is near in meaning is asked of a server by a protocol and of a store that it declares; ranking is the indexer's"},
	{dir: "graph", may: []string{"catalog", "loaders"}, why: "resolvers ask a reader, a searcher and the loaders; SQL and ranking are not theirs"},
	{dir: "web/changes", may: []string{"catalog"}, why: "what a change did is told from descriptions of fields and the JSON of revisions, wherever it is shown"},
	{dir: "web/drawing", why: "a picture is drawn of words and numbers, whatever they count"},
	{dir: "web", may: []string{"catalog", "exchange/dates", "graph", "internal/httpgzip", "web/changes", "web/drawing"}, why: "pages ask the same GraphQL as everybody else"},
	{dir: "server", may: []string{"catalog", "internal/bounded", "server/gqlhttp", "web"}, why: "HTTP must not know where records and hits come from"},
	{dir: "server/gqlhttp", may: []string{"catalog", "graph", "internal/bounded", "internal/httpgzip"}, why: "it serves any schema; pages, sign-in and files are the site's, which sets its functions"},
	{dir: "internal/follow", why: "whoever follows the feed waits and goes on alike, whatever is made of it"},
	{dir: "internal/bounded", why: "a cache of whatever values, for all that bound one by their number"},
	{dir: "internal/httpgzip", why: "pages and answers are compressed alike, whatever is in them"},
	{dir: "internal/localpg", why: "a private PostgreSQL is a process, whatever is kept in it"},
	{dir: "internal/pgtest", may: []string{"internal/localpg"}, why: "the store's tests use it, so that it can't use the store"},
	{dir: "internal/storetest", may: []string{"catalog", "exchange", "internal/pgtest", "store"}, why: "tests of the rooms above the store get a filled one from it"},
	{dir: "internal/files", may: []string{"catalog", "exchange", "exchange/export", "exchange/jsonl", "exchange/reading", "server", "store"}, why: "cmd and the tests of the whole put the same files behind the server"},
	{dir: "internal/sitetest", free: true, open: true, why: "tests of the pages get the whole server from it, put together as cmd/jisi does"},
	{dir: "internal/client", may: []string{"catalog", "exchange/csv"}, why: "it asks a running server over HTTP, of whatever version; cells are written as exports write them"},
	{dir: "internal/wordstest", may: []string{"indexer/text"}, why: "tests of the floors of the index share one dictionary a process"},
	{dir: "internal/workflowgen", why: "it writes schema and resolvers as text, by a table of nouns"},
	{dir: "internal/deps", why: "it reads imports only"},
	{dir: "internal/docs", why: "it reads documents only"},
	{dir: "cmd", free: true, why: "it puts the rooms together"},
	{dir: "conformance", free: true, open: true, why: "it tests the whole, with what others made"},
	{dir: "e2e", free: true, open: true, why: "it tests the whole"},
	{dir: "bench", free: true, open: true, why: "it measures the whole, beside what others made"},
}

// A fence keeps a library, given by the beginning of its import path, in rooms.
type fence struct {
	library string
	in      []string
	why     string
}

var fences = []fence{
	{"github.com/jackc/pgx", []string{"store", "store/verify", "internal/localpg", "internal/pgtest", "internal/storetest"}, "SQL and connections are the store's, so that every write goes through its one path"},
	{"database/sql", []string{"store"}, "SQL is the store's; only its migrations need database/sql"},
	{"github.com/pressly/goose", []string{"store"}, "migrations are the store's"},
	{"github.com/blevesearch/", []string{"indexer", "indexer/corpus", "indexer/docset", "indexer/integrity", "indexer/segment", "indexer/suggest"}, "the engine is the indexer's, so that another can take its place"},
	{"go.etcd.io/bbolt", []string{"indexer/integrity"}, "what the engine writes is read in one place beside the engine, to check it"},
	{"github.com/yanyiwu/gojieba", []string{"indexer/text"}, "one instance of the dictionary a process: 130 MB"},
	{"github.com/longbridgeapp/opencc", []string{"internal/script"}, "characters are folded in one place, for index and query alike"},
	{"github.com/mozillazg/go-pinyin", []string{"internal/script", "exchange/permalink"}, "readings are for completions, and for slugs that a file leaves out"},
	{"github.com/vikstrous/dataloadgen", []string{"loaders"}, "whoever batches elsewhere batches twice"},
	{"github.com/99designs/gqlgen", []string{"graph", "server/gqlhttp"}, "the domain does not know how it is asked"},
	{"github.com/vektah/gqlparser", []string{"graph", "server/gqlhttp", "web", "internal/client"}, "the domain does not know how it is asked"},
	{"github.com/modelcontextprotocol/go-sdk", []string{"server"}, "assistants are answered in one place, server/mcp"},
	{"github.com/rs/cors", []string{"server"}, "headers are set in one place"},
	{"github.com/prometheus/", []string{"server"}, "what is counted has its names in one place"},
	{"go.opentelemetry.io/otel/sdk", []string{"cmd"}, "what becomes of spans is a setting; who makes them is not to know"},
	{"go.opentelemetry.io/otel/exporters", []string{"cmd"}, "what becomes of spans is a setting; who makes them is not to know"},
	{"go.opentelemetry.io/otel/trace", []string{"server", "server/gqlhttp", "store", "cmd"}, "spans are made where HTTP, SQL and the parts meet, not in what they measure"},
	{"go.opentelemetry.io/contrib", []string{"server"}, "requests have their span in one place"},
	{"github.com/exaring/otelpgx", []string{"store"}, "SQL and connections are the store's, so that every write goes through its one path"},
	{"github.com/coder/websocket", []string{"server/gqlhttp"}, "connections that stay open are counted and ended in one place"},
	{"github.com/fergusstrange/embedded-postgres", []string{"internal/localpg"}, "only the private PostgreSQL may download programs"},
	{"github.com/xuri/excelize", []string{"exchange/export"}, "workbooks are made in one place"},
	{"github.com/klippa-app/go-pdfium", []string{"exchange/pdf"}, "PDF files are opened in one place, within WebAssembly"},
	{"github.com/tetratelabs/wazero", []string{"exchange/pdf"}, "PDF files are opened in one place, within WebAssembly"},
	{"github.com/xuri/nfp", []string{"exchange/xlsx"}, "how a cell shows its number is known in one place"},
	{"github.com/parquet-go/parquet-go", []string{"exchange"}, "files are written in one place"},
	{"github.com/gomutex/godocx", []string{"exchange"}, "it writes documents for the tests of our reader; ours writes them for users"},
	{"github.com/sergi/go-diff", []string{"web/changes"}, "texts are compared in one place, so that a change reads alike wherever it is shown"},
	{"github.com/chromedp/", []string{"web"}, "a browser is for the tests of the pages"},
	{"flag", []string{"cmd"}, "settings are read in one place and handed on"},
	{"net/http", []string{"server", "server/gqlhttp", "internal/httpgzip", "web", "cmd", "identity", "notify", "meaning", "internal/client", "internal/localpg"}, "HTTP is the server's, and of who asks it, asks a provider who somebody is, asks a server of embeddings, or tells people elsewhere"},
	{"github.com/coreos/go-oidc", []string{"identity"}, "what a provider signs is checked in one place"},
	{"golang.org/x/oauth2", []string{"identity"}, "what a provider signs is checked in one place"},
	{"github.com/wneessen/go-mail", []string{"notify"}, "e-mail is written and sent in one place"},
	{"github.com/standard-webhooks/standard-webhooks", []string{"notify"}, "messages are signed in one place"},
	{"github.com/emersion/go-smtp", nil, "it is the mail server of our tests, and no part of what runs"},
	{"github.com/mmcdole/gofeed", nil, "it reads our feeds in tests, and is no part of what runs"},
	{"github.com/zitadel/oidc", nil, "it is the provider of our tests, and no part of what runs"},
}

func TestRoomsImportOnlyAlongTheArrows(t *testing.T) {
	for _, f := range sources(t) {
		from, ok := roomOf(path.Dir(f.path))
		if !ok {
			t.Errorf("%s is in no room: give its folder a line in the table of internal/deps, with a reason, and one in ARCHITECTURE.md", f.path)
			continue
		}
		for _, imported := range f.imports {
			if reason := forbidden(from, imported); reason != "" {
				t.Errorf("%s imports %s: %s", f.path, imported, reason)
			}
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, f := range sources(t) {
		from, _ := roomOf(path.Dir(f.path))
		for _, imported := range f.imports {
			if reason := fenced(from, imported); reason != "" {
				t.Errorf("%s imports %s: %s", f.path, imported, reason)
			}
		}
	}
}

func TestCatalogImportsTheStandardLibraryOnly(t *testing.T) {
	for _, f := range sources(t) {
		if path.Dir(f.path) != "catalog" {
			continue
		}
		for _, imported := range f.imports {
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
				t.Errorf("%s imports %s: whoever takes in the domain must not take in libraries with it", f.path, imported)
			}
		}
	}
}

// The rules are worth nothing if they let through what they name.
func TestRulesCatchWhatTheyForbid(t *testing.T) {
	tests := []struct {
		dir, imported string
		forbidden     bool
	}{
		{"catalog", module + "/store", true},
		{"graph", module + "/store", true},
		{"graph/generated", module + "/indexer", true},
		{"graph/generated", module + "/graph/model", false},
		{"graph", module + "/catalog", false},
		{"store", "github.com/jackc/pgx/v5/pgxpool", false},
		{"exchange/synthetic", "github.com/jackc/pgx/v5", true},
		{"exchange/synthetic", module + "/exchange", false},
		{"indexer/text", module + "/data/dictionary", false},
		{"indexer/text", "github.com/blevesearch/bleve/v2", true},
		{"indexer/docset", module + "/indexer", true},
		{"indexer/corpus", module + "/indexer", true},
		{"indexer/suggest", module + "/indexer/corpus", true},
		{"indexer/peers", module + "/indexer/query", false},
		{"indexer/peers", "github.com/blevesearch/bleve/v2", true},
		{"indexer", "github.com/yanyiwu/gojieba", true},
		{"indexer", "github.com/blevesearch/bleve/v2", false},
		{"graph", "github.com/blevesearch/bleve/v2", true},
		{"store", module + "/answer", true},
		{"graph", module + "/answer", true},
		{"answer", "github.com/jackc/pgx/v5", true},
		{"server", module + "/internal/localpg", true},
		{"server", "github.com/99designs/gqlgen/graphql", true},
		{"server/gqlhttp", "github.com/99designs/gqlgen/graphql", false},
		{"web", "github.com/99designs/gqlgen/graphql", true},
		{"server/gqlhttp", module + "/server", true},
		{"server/gqlhttp", module + "/web", true},
		{"server", module + "/server/gqlhttp", false},
		{"cmd/jisi", module + "/internal/localpg", false},
		{"cmd/jisi", "github.com/jackc/pgx/v5", true},
		{"internal/pgtest", module + "/internal/localpg/pgproc", false},
		{"store", "flag", true},
		{"bench/search", "github.com/blevesearch/bleve/v2", false},
		{"catalog", "flagellum", false}, // a name that only begins like a fenced one
	}
	for _, tt := range tests {
		from, ok := roomOf(tt.dir)
		if !ok {
			t.Errorf("%s is in no room", tt.dir)
			continue
		}
		got := forbidden(from, tt.imported) + fenced(from, tt.imported)
		if (got != "") != tt.forbidden {
			t.Errorf("import of %s in %s: got reason %q, want forbidden %v", tt.imported, tt.dir, got, tt.forbidden)
		}
	}
}

// forbidden returns why code in from may not import the path, or "" where it may.
func forbidden(from room, imported string) string {
	dir, ours := strings.CutPrefix(imported, module+"/")
	if !ours || from.free {
		return ""
	}
	to, ok := roomOf(dir)
	if !ok || to.dir == from.dir || slices.Contains(from.may, to.dir) {
		return ""
	}
	return fmt.Sprintf("%s (%s may import %s)", from.why, from.dir, list(from.may))
}

// fenced returns why code in from may not import the library, or "" where it may.
func fenced(from room, imported string) string {
	if from.open {
		return ""
	}
	for _, f := range fences {
		if within(imported, f.library) && !slices.Contains(f.in, from.dir) {
			return fmt.Sprintf("%s (only %s may import it)", f.why, list(f.in))
		}
	}
	return ""
}

// roomOf returns the room of a folder: the one whose own folder is deepest.
func roomOf(dir string) (room, bool) {
	best, found := room{}, false
	for _, r := range rooms {
		if within(dir, r.dir) && len(r.dir) > len(best.dir) {
			best, found = r, true
		}
	}
	return best, found
}

// within reports whether p is dir or stands below it. A dir that ends in a slash
// is all that stands below it.
func within(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}

func list(names []string) string {
	if len(names) == 0 {
		return "none of ours"
	}
	return strings.Join(names, ", ")
}

// source is a Go file that is no test, by its path from the project's root with
// forward slashes.
type source struct {
	path    string
	imports []string
}

// sources reads the imports of every Go file of the project but the tests. All
// files count, whatever their build constraints.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("the project's root is not at %s: %v", root, err)
	}
	var found []source
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if ignored(rel) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		imports, err := importsOf(file)
		if err != nil {
			return err
		}
		found = append(found, source{rel, imports})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no source was read")
	}
	return found
}

// ignored reports whether the go command does not look into a folder either.
func ignored(dir string) bool {
	name := path.Base(dir)
	return dir != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) ||
		name == "testdata" || name == "node_modules"
}

func importsOf(file string) ([]string, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	imports := make([]string, 0, len(tree.Imports))
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: import %s: %w", file, spec.Path.Value, err)
		}
		imports = append(imports, p)
	}
	return imports, nil
}
