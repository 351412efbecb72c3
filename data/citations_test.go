package data_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// corrections are the misprints of the source that a record's own text puts
// right; quotes keep the printed form. Only what can be read in one way stands
// here; README.md lists what was left as printed.
var corrections = []struct{ printed, right string }{
	{"协商一搭台", "协商—搭台"},
	{"搭台一协商", "搭台—协商"},
	{"问议题不适合政协来做", "问议题适不适合政协来做"},
	{"小县生", "小学生"},
	{"一线战史", "统一战线史"},
	{"自觉的创新理论", "自觉用党的创新理论"},
}

func correct(s string) string {
	for _, c := range corrections {
		s = strings.ReplaceAll(s, c.printed, c.right)
	}
	return s
}

func TestEveryCorrectionIsOfSomethingPrinted(t *testing.T) {
	texts := slices.Collect(maps.Values(sources(load(t))))
	for _, c := range corrections {
		if !strings.Contains(strings.Join(texts, "\n"), c.printed) {
			t.Errorf("%q is printed nowhere", c.printed)
		}
	}
}

// quote is a citation with its range in its source, in code points.
type quote struct {
	catalog.Citation
	source string
}

// quotes locates a record's citations, in the order of the source's text.
func quotes(t *testing.T, r record, texts map[string]string) []quote {
	t.Helper()
	var found []quote
	for i, c := range r.input.Head().Citations {
		start, end, err := c.Locate(texts[c.Source])
		if err != nil {
			t.Errorf("%s:%d: citations.%d: %v", r.file, r.line, i, err)
			continue
		}
		found = append(found, quote{catalog.Citation{Quote: c.Quote, Start: start, End: end, Fields: c.Fields}, c.Source})
	}
	slices.SortFunc(found, func(a, b quote) int { return cmp.Compare(a.Start, b.Start) })
	return found
}

func TestEveryQuoteStandsInItsSource(t *testing.T) {
	records := load(t)
	texts := sources(records)
	for _, r := range records {
		found := quotes(t, r, texts)
		if r.documented() && len(found) == 0 {
			t.Errorf("%s:%d: documented, but cites nothing", r.file, r.line)
		}
		for _, q := range found {
			text := []rune(texts[q.source])
			if got := string(text[q.Start:q.End]); got != q.Quote {
				t.Errorf("%s:%d: at [%d, %d) the source says %q, not %q", r.file, r.line, q.Start, q.End, got, q.Quote)
			}
		}
	}
}

func TestEveryCitedFieldIsSet(t *testing.T) {
	for _, r := range load(t) {
		for i, c := range r.input.Head().Citations {
			if len(c.Fields) == 0 {
				t.Errorf("%s:%d: citations.%d supports no field", r.file, r.line, i)
			}
			for _, f := range c.Fields {
				if !isSet(at(r.tree, strings.Split(f, "."))) {
					t.Errorf("%s:%d: citations.%d: %q is not set", r.file, r.line, i, f)
				}
			}
		}
	}
}

// at follows a path of fields; an entry of a list goes by its number, a step by
// its code.
func at(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		return at(v[path[0]], path[1:])
	case []any:
		for i, entry := range v {
			if name(entry, i) == path[0] {
				return at(entry, path[1:])
			}
		}
	}
	return nil
}

func isSet(v any) bool {
	switch v := v.(type) {
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	}
	return v != nil
}

// name returns what a path calls an entry of a list.
func name(entry any, i int) string {
	if object, ok := entry.(map[string]any); ok {
		if code, ok := object["code"].(string); ok {
			return code
		}
	}
	return strconv.Itoa(i)
}

// unquoted are the fields that need no quote.
var unquoted = map[string]string{
	"slug":           "the permalink, made by us",
	"origin":         "says that the record is documented",
	"citations":      "are the quotes",
	"topics":         "sorting into our own tree, by hand",
	"possiblySameAs": "a doubt of ours about two names",
	"status":         "says whether the record still stands",
	"withdrawn":      "says why it does not",
	"leadsTo":        "says what holds now what it held",
	"holds":          "says which of our records the figure is set beside",
}

// linked are a practice's links to what it names: TestAPracticeNamesWhatItLinksTo
// holds them to the text in a stricter way.
var linked = []string{"cases", "brands", "proposals", "indicators"}

// leaf is a single value of a record, with its path.
type leaf struct {
	path  string
	value any
}

// leaves returns the values of a documented record that the source must support.
func leaves(r record) []leaf {
	var found []leaf
	for field, v := range r.tree {
		_, practice := r.input.(*catalog.PracticeInput)
		if unquoted[field] != "" || practice && slices.Contains(linked, field) {
			continue
		}
		found = appendLeaves(found, field, v)
	}
	return found
}

func appendLeaves(found []leaf, path string, v any) []leaf {
	switch v := v.(type) {
	case map[string]any:
		for field, value := range v {
			found = appendLeaves(found, path+"."+field, value)
		}
	case []any:
		for i, entry := range v {
			found = appendLeaves(found, path+"."+name(entry, i), entry)
		}
	default:
		found = append(found, leaf{path, v})
	}
	return found
}

// support returns the quotes of the field itself or of what it is a part of.
func support(found []quote, path string) []quote {
	var of []quote
	for _, q := range found {
		if slices.ContainsFunc(q.Fields, func(f string) bool { return f == path || strings.HasPrefix(path, f+".") }) {
			of = append(of, q)
		}
	}
	return of
}

func TestEverySetFieldOfADocumentedRecordHasAQuote(t *testing.T) {
	records := load(t)
	texts := sources(records)
	for _, r := range records {
		if !r.documented() {
			continue
		}
		found := quotes(t, r, texts)
		for _, l := range leaves(r) {
			if len(support(found, l.path)) == 0 {
				t.Errorf("%s:%d: no citation supports %s, %v", r.file, r.line, l.path, l.value)
			}
		}
	}
}

// named are the fields whose value is not words of the source: references,
// which have a test of their own, and enums. A unit is left out as well, since
// the print often joins the number to the noun (两问, 十大工程).
var named = []string{
	"committee", "region", "brand", "parent", "person", "supervisor", "proposals", "committees", "indicators",
	"role", "code", "status", "kind", "level", "unit", "startedOn", "asOf",
}

// Nothing is invented: a record's own text uses no word that its quotes do not.
func TestTextsAreWordsOfTheirQuotes(t *testing.T) {
	records := load(t)
	texts := sources(records)
	for _, r := range records {
		if !r.documented() {
			continue
		}
		found := quotes(t, r, texts)
		for _, l := range leaves(r) {
			text, ok := l.value.(string)
			if !ok || slices.ContainsFunc(strings.Split(l.path, "."), func(f string) bool { return slices.Contains(named, f) }) {
				continue
			}
			printed := quoted(support(found, l.path))
			if rest := uncomposed(words(text), printed); rest != "" {
				t.Errorf("%s:%d: %s: %q is not composed of words of its quotes: %s", r.file, r.line, l.path, rest, printed)
			}
		}
	}
}

// words leaves nothing of a text but its letters and digits.
func words(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// quoted joins quotes, both as printed and put right, down to their words.
func quoted(of []quote) string {
	var printed strings.Builder
	for _, q := range of {
		printed.WriteString(q.Quote)
	}
	return words(printed.String()) + " " + words(correct(printed.String()))
}

// together is the one word of ours in a record's text: it says that the source
// tells something of two proposals at once, where the record is about one.
const together = "一并"

// uncomposed reports whether a text falls into pieces of two letters or more
// that stand in the print, and the words that join them: it returns "" where
// it does, and otherwise what is left after the longest beginning that does.
// Whether the first n letters fall into pieces is found for each n in turn.
func uncomposed(text, printed string) string {
	letters := []rune(text)
	upTo := make([]bool, len(letters)+1)
	upTo[0] = true
	longest := 0
	for end := 1; end <= len(letters); end++ {
		for start := range end {
			piece := string(letters[start:end])
			if upTo[start] && (end-start > 1 && strings.Contains(printed, piece) || strings.Contains("的与和在被于之", piece) || piece == together) {
				upTo[end] = true
				longest = end
				break
			}
		}
	}
	return string(letters[longest:])
}

// numerals returns how the source writes a number.
func numerals(n float64) []string {
	written := []string{strconv.FormatFloat(n, 'f', -1, 64)}
	chinese := []string{"", "一", "二两", "三", "四", "五", "六", "七", "八", "九", "十"}
	if i := int(n); i > 0 && i < len(chinese) {
		written = append(written, strings.Split(chinese[i], "")...)
	}
	return written
}

func TestEveryFigureAndYearStandsInItsQuotes(t *testing.T) {
	records := load(t)
	texts := sources(records)
	for _, r := range records {
		if !r.documented() {
			continue
		}
		found := quotes(t, r, texts)
		for _, l := range leaves(r) {
			var forms []string
			switch v := l.value.(type) {
			case float64:
				forms = numerals(v)
			case string:
				if !catalog.PartialDate(v).Valid() {
					continue
				}
				forms = []string{v[:4]}
			default:
				continue
			}
			printed := quoted(support(found, l.path))
			if !slices.ContainsFunc(forms, func(f string) bool { return strings.Contains(printed, f) }) {
				t.Errorf("%s:%d: %s: %v does not stand in its quotes: %s", r.file, r.line, l.path, l.value, printed)
			}
		}
	}
}

func TestAPracticeTextIsThePrintPutRight(t *testing.T) {
	records := load(t)
	texts := sources(records)
	for _, r := range records {
		p, ok := r.input.(*catalog.PracticeInput)
		if !ok {
			continue
		}
		var printed strings.Builder
		for _, q := range support(quotes(t, r, texts), "text") {
			printed.WriteString(q.Quote)
		}
		if got, want := p.Text, correct(printed.String()); got != want {
			t.Errorf("%s: got %q, want %q", p.Slug, got, want)
		}
		if utf8.RuneCountInString(p.Text) < 100 {
			t.Errorf("%s: %q is not a whole text", p.Slug, p.Text)
		}
	}
}

// What a practice links to is cited from the practice's own text.
func TestAPracticeNamesWhatItLinksTo(t *testing.T) {
	records := load(t)
	texts := sources(records)
	cited := map[string][]quote{}
	for _, r := range records {
		cited[fmt.Sprint(r.input.Kind(), "/", r.slug())] = quotes(t, r, texts)
	}
	for _, r := range records {
		if _, ok := r.input.(*catalog.PracticeInput); !ok {
			continue
		}
		own := quotes(t, r, texts)
		for _, ref := range r.input.References() {
			if ref.Kind == catalog.KindSource {
				continue
			}
			if !overlap(own, cited[fmt.Sprint(ref.Kind, "/", *ref.Name)]) {
				t.Errorf("%s:%d: %s, %s, is cited from elsewhere only", r.file, r.line, ref.Path, *ref.Name)
			}
		}
	}
}

func overlap(a, b []quote) bool {
	for _, p := range a {
		if slices.ContainsFunc(b, func(q quote) bool { return p.source == q.source && p.Start < q.End && q.Start < p.End }) {
			return true
		}
	}
	return false
}
