package web

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

//go:embed pages fragments partials mutations
var sources embed.FS

// spread is where a document uses a fragment that has a name.
var spread = regexp.MustCompile(`\.\.\.\s*([A-Z]\w*)`)

// loadDocuments returns each page's document by the page's name, with the shared
// fragments that it uses behind it.
func loadDocuments() map[string]string { return documentsIn("pages") }

// documentsIn returns the documents of a folder by their names.
func documentsIn(folder string) map[string]string {
	fragments := map[string]string{}
	for _, file := range glob("fragments/*.graphql") {
		fragments[stem(file)] = read(file)
	}
	documents := map[string]string{}
	for _, file := range glob(folder + "/*.graphql") {
		documents[stem(file)] = withFragments(read(file), fragments)
	}
	return documents
}

// withFragments adds the fragments that the document uses, and those that they
// use, each once. A fragment of the document's own is not among them.
func withFragments(document string, fragments map[string]string) string {
	var used []string
	for rest := document; ; {
		next := ""
		for _, match := range spread.FindAllStringSubmatch(rest, -1) {
			if fragment, ok := fragments[match[1]]; ok && !slices.Contains(used, match[1]) {
				used = append(used, match[1])
				document += "\n" + fragment
				next += fragment
			}
		}
		if next == "" {
			return document
		}
		rest = next
	}
}

// loadTemplates returns each page's template by the page's name, with the partials
// that it uses. Each page has copies of them, since escaping writes into the trees of
// a set: all partials for every page took 25 MB.
func loadTemplates() map[string]*template.Template {
	partials := template.New("").Funcs(functions).Option("missingkey=error")
	for _, file := range glob("partials/*.html") {
		template.Must(partials.New(stem(file)).Parse(read(file)))
	}
	templates := map[string]*template.Template{}
	for _, file := range glob("pages/*.html") {
		name := stem(file)
		page := template.New("").Funcs(functions).Option("missingkey=error")
		template.Must(page.New(name).Parse(read(file)))
		if page.Lookup("main") != nil {
			template.Must(page.New("layout").Parse(layout))
		}
		for _, t := range page.Templates() {
			if t.Tree != nil {
				addUsed(page, partials, t.Tree.Root)
			}
		}
		templates[name] = page
	}
	return templates
}

// addUsed adds the partials to the page that the node uses, and those that they use.
func addUsed(page, partials *template.Template, node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			addUsed(page, partials, child)
		}
	case *parse.IfNode:
		addUsed(page, partials, n.List)
		addUsed(page, partials, n.ElseList)
	case *parse.RangeNode:
		addUsed(page, partials, n.List)
		addUsed(page, partials, n.ElseList)
	case *parse.WithNode:
		addUsed(page, partials, n.List)
		addUsed(page, partials, n.ElseList)
	case *parse.TemplateNode:
		partial := partials.Lookup(n.Name)
		if partial == nil || page.Lookup(n.Name) != nil {
			return
		}
		template.Must(page.AddParseTree(n.Name, partial.Tree.Copy()))
		addUsed(page, partials, partial.Tree.Root)
	}
}

//go:embed layout.html
var layout string

func stem(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }

func glob(pattern string) []string {
	files, err := fs.Glob(sources, pattern)
	if err != nil {
		panic(fmt.Errorf("listing %s: %w", pattern, err))
	}
	return files
}

func read(file string) string {
	content, err := fs.ReadFile(sources, file)
	if err != nil {
		panic(fmt.Errorf("reading %s: %w", file, err))
	}
	return string(content)
}
