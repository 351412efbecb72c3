package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

const root = "../.."

// documents returns the text of every Markdown file of the project, by its path
// from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "bin" || name == "dist") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		all[filepath.ToSlash(strings.TrimPrefix(path, root+"/"))] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	fenced = regexp.MustCompile("(?ms)^```.*?^```\n?")
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	head   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	code   = regexp.MustCompile("`([^`\n]+)`")
)

func TestLinksLeadSomewhere(t *testing.T) {
	all := documents(t)
	for name, text := range all {
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			path := name
			if target != "" {
				path = filepath.ToSlash(filepath.Join(filepath.Dir(name), target))
				if _, err := os.Stat(filepath.Join(root, path)); err != nil {
					t.Errorf("%s links to %s: %v", name, m[1], err)
					continue
				}
			}
			if anchor != "" && !slices.Contains(anchors(all[path]), anchor) {
				t.Errorf("%s links to %s, but %s has no such heading", name, m[1], path)
			}
		}
	}
}

// anchors returns the anchors of a document's headings as GitHub makes them:
// letters in lower case, spaces as hyphens, punctuation left out.
func anchors(text string) []string {
	var all []string
	for _, m := range head.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return all
}

// Folders of ours that a path in a document may begin with.
var ours = []string{
	"answer", "backup", "bench", "catalog", "clients", "cmd", "conformance", "data", "deploy", "docs", "e2e", "exchange", "feed",
	"graph", "identity", "indexer", "internal", "loaders", "meaning", "notify", "schema", "scripts", "server", "store", "tools", "web",
}

// A path in code marks, in a document about the code, is a file or folder of
// ours; NOUN and NAME stand for any, and * for a part of a name.
func TestFilesThatDocumentsNameExist(t *testing.T) {
	for name, text := range documents(t) {
		if name == "CHANGELOG.md" || strings.Contains(name, "/") && !strings.HasPrefix(name, "docs/") {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			first, _, ok := strings.Cut(m[1], "/")
			if !ok || !slices.Contains(ours, first) || strings.ContainsAny(m[1], " …<>$") {
				continue
			}
			pattern := strings.NewReplacer("NOUN", "case", "NAME", "case").Replace(strings.TrimSuffix(m[1], "/"))
			found, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}

// A Go file in code marks without its folder is one of ours all the same, in whatever
// document but the one of former versions.
func TestGoFilesThatDocumentsNameExist(t *testing.T) {
	ours := goFiles(t)
	plain := regexp.MustCompile(`^[a-z][a-z0-9_/]*\.go$`)
	for name, text := range documents(t) {
		if name == "CHANGELOG.md" {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			if plain.MatchString(m[1]) && !slices.ContainsFunc(ours, func(path string) bool { return strings.HasSuffix(filepath.ToSlash(path), "/"+m[1]) }) {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}

func TestMakeTargetsThatDocumentsNameExist(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	target := regexp.MustCompile("(?m)(?:`|^)make ([a-z0-9-]+)")
	for name, text := range documents(t) {
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(string(makefile), "\n"+m[1]+":") {
				t.Errorf("%s names make %s, which the Makefile does not have", name, m[1])
			}
		}
	}
}

func TestTheMapStaysShort(t *testing.T) {
	all := documents(t)
	for _, name := range []string{"ARCHITECTURE.md", "README.md", "README.zh-CN.md"} {
		if n := len(all[name]); n == 0 || n >= 9_000 {
			t.Errorf("%s has %d bytes, want fewer than 9,000: what it says too much goes to docs/", name, n)
		}
	}
}

func TestEveryDecisionHasADateAndAStatus(t *testing.T) {
	heading := regexp.MustCompile(`(?m)^## .+\n+(.*)$`)
	stamp := regexp.MustCompile(`^\d{4}-\d{2}-\d{2} · (in force|replaced|changed)`)
	n := 0
	for name, text := range documents(t) {
		if !strings.HasPrefix(name, "docs/decisions/") || strings.HasSuffix(name, "README.md") {
			continue
		}
		for _, m := range heading.FindAllStringSubmatch(text, -1) {
			n++
			if !stamp.MatchString(m[1]) {
				t.Errorf("%s: %q has no line with its date and status", name, m[0])
			}
		}
	}
	if n < 51 {
		t.Errorf("docs/decisions holds %d decisions, want the 51 that were there and more", n)
	}
}

func TestTheIndexOfDecisionsNamesEachInItsFile(t *testing.T) {
	all := documents(t)
	index := all["docs/decisions/README.md"]
	for name, text := range all {
		if !strings.HasPrefix(name, "docs/decisions/") || strings.HasSuffix(name, "README.md") {
			continue
		}
		for _, m := range regexp.MustCompile(`(?m)^## (.+)\n+(\S+)`).FindAllStringSubmatch(text, -1) {
			if line := "- " + m[2] + " " + m[1] + "\n"; !strings.Contains(index, line) {
				t.Errorf("docs/decisions/README.md lacks the line %q of %s", line, name)
			}
		}
	}
}

func TestEveryPictureIsShownSomewhere(t *testing.T) {
	shown := ""
	for _, text := range documents(t) {
		shown += text
	}
	pictures, err := filepath.Glob(filepath.Join(root, "docs/screens/*.webp"))
	if err != nil || len(pictures) == 0 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	for _, p := range pictures {
		if !strings.Contains(shown, "screens/"+filepath.Base(p)) {
			t.Errorf("no document shows %s: scripts/screens.sh makes pictures when they are wanted", p)
		}
	}
}
