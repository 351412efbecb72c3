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

// loadTemplates returns each page's template by the page's name, with all
// partials at hand.
func loadTemplates() map[string]*template.Template {
	partials := template.New("").Funcs(functions).Option("missingkey=error")
	for _, file := range glob("partials/*.html") {
		template.Must(partials.New(stem(file)).Parse(read(file)))
	}
	templates := map[string]*template.Template{}
	for _, file := range glob("pages/*.html") {
		name := stem(file)
		page := template.Must(partials.Clone())
		template.Must(page.New(name).Parse(read(file)))
		if page.Lookup("main") != nil {
			template.Must(page.New("layout").Parse(layout))
		}
		templates[name] = page
	}
	return templates
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
