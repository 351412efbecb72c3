package synthetic

import (
	"embed"
	"fmt"
	"io/fs"
	"math"
	"path"
	"sort"
	"strings"
	"sync"
)

//go:embed words
var words embed.FS

// The lists that every theme has, in the order of theme.lists. From problem on
// they hold clauses, which a record uses once each; the others hold nouns.
const (
	listObject = iota
	listTerm
	listSite
	listPeople
	listOffice
	listExpert
	listProblem
	listCause
	listMeasure
	listEffect
	themeLists
)

var themeListNames = [themeLists]string{
	"object", "term", "site", "people", "office", "expert", "problem", "cause", "measure", "effect",
}

// list is a choice of phrases.
type list struct {
	name       string
	once       bool // a record uses each of them once, before any comes again
	entries    []phrase
	weights    []float64
	cumulative []float64 // shares of the weights, summed up, the last being 1
}

// theme is the vocabulary of one field of work.
type theme struct {
	name   string
	topics []string // slugs; the first is what the theme is about
	lists  [themeLists]*list
}

// lexicon is all words and sentences. It does not change once loaded.
type lexicon struct {
	themes  []*theme
	general map[string]*list // by name
	first   []string         // of the names of places
	second  []string
	suffix  [2][]string // of a street or township, of a community
}

// loadLexicon reads the embedded words, once.
var loadLexicon = sync.OnceValues(func() (*lexicon, error) {
	l := &lexicon{general: map[string]*list{}}
	if err := l.readGeneral(); err != nil {
		return nil, fmt.Errorf("synthetic: read words: %w", err)
	}
	if err := l.readThemes(); err != nil {
		return nil, fmt.Errorf("synthetic: read words: %w", err)
	}
	return l, nil
})

// readGeneral reads places.txt, general.txt (a list a line) and sentences.txt
// (a heading “# name” before each list, an entry a line).
func (l *lexicon) readGeneral() error {
	for _, file := range []string{"places.txt", "general.txt"} {
		for line := range fileLines(file) {
			name, entries := cutLine(line)
			if file == "places.txt" {
				l.place(name, entries)
			} else {
				l.general[name] = &list{name: name}
				l.general[name].fill(entries)
			}
		}
	}
	var current *list
	for line := range fileLines("sentences.txt") {
		if name, ok := strings.CutPrefix(line, "# "); ok {
			current = &list{name: name, once: true}
			l.general[name] = current
			continue
		}
		current.fill([]string{line})
	}
	return l.check(l.general)
}

func (l *lexicon) place(name string, entries []string) {
	switch name {
	case "first":
		l.first = entries
	case "second":
		l.second = entries
	case "street":
		l.suffix[0] = entries
	case "community":
		l.suffix[1] = entries
	}
}

// readThemes reads themes/*.txt, one theme a file.
func (l *lexicon) readThemes() error {
	names, err := fs.Glob(words, "words/themes/*.txt")
	if err != nil {
		return err
	}
	for _, name := range names {
		t := &theme{name: strings.TrimSuffix(path.Base(name), ".txt")}
		for line := range fileLines("themes/" + t.name + ".txt") {
			t.read(line)
		}
		if err := t.complete(); err != nil {
			return err
		}
		l.themes = append(l.themes, t)
	}
	return nil
}

func (t *theme) read(line string) {
	name, entries := cutLine(line)
	if name == "topics" {
		t.topics = entries
		return
	}
	for i, n := range themeListNames {
		if n == name {
			t.lists[i] = &list{name: name, once: i >= listProblem}
			t.lists[i].fill(entries)
		}
	}
}

// complete checks that nothing is missing and every gap can be filled.
func (t *theme) complete() error {
	byName := map[string]*list{}
	for i, name := range themeListNames {
		if t.lists[i] == nil || len(t.lists[i].entries) < 4 {
			return fmt.Errorf("theme %s has fewer than 4 entries of %s", t.name, name)
		}
		byName[name] = t.lists[i]
	}
	if len(t.topics) == 0 {
		return fmt.Errorf("theme %s has no topics", t.name)
	}
	return (&lexicon{general: byName}).check(byName)
}

// check parses the gaps of all entries.
func (l *lexicon) check(lists map[string]*list) error {
	for name, from := range lists {
		for i, e := range from.entries {
			parsed, err := parse(e[0].text, l.general)
			if err != nil {
				return fmt.Errorf("%s %d: %w", name, i+1, err)
			}
			from.entries[i] = parsed
		}
	}
	return nil
}

// fill adds entries, as plain text for the time being, and weighs all anew: the
// n-th noun of a list by n^-0.8, near what words of a text have; the n-th
// sentence or clause by n^-0.5.
func (l *list) fill(entries []string) {
	exponent := -0.8
	if l.once {
		exponent = -0.5
	}
	for _, e := range entries {
		l.entries = append(l.entries, phrase{{text: e}})
		l.weights = append(l.weights, math.Pow(float64(len(l.entries)), exponent))
	}
	l.cumulative = make([]float64, len(l.entries))
	sum := 0.0
	for i, w := range l.weights {
		sum += w
		l.cumulative[i] = sum
	}
	for i := range l.cumulative {
		l.cumulative[i] /= sum
	}
}

// at returns the entry at a point of [0, 1).
func (l *list) at(u float64) int {
	return min(sort.SearchFloat64s(l.cumulative, u), len(l.entries)-1)
}

// fileLines returns the lines of an embedded file that are not empty.
func fileLines(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		text, err := words.ReadFile("words/" + name)
		if err != nil {
			panic(err) // the file is embedded under this name
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

func cutLine(line string) (name string, entries []string) {
	fields := strings.Fields(line)
	return fields[0], fields[1:]
}
