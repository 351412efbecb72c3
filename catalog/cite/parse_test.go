package cite_test

import (
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/nickng/bibtex"
	"pgregory.net/rapid"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/catalog/cite"
)

// references draws references with every sign that means something to BibTeX,
// RIS or TeX in their texts, but for @: BibTeX reads it within braces as it
// stands, the parser used here does not.
func references(t *rapid.T) cite.Reference {
	text := rapid.StringOfN(rapid.OneOf(
		rapid.RuneFrom([]rune(`{}\$&%#_~^",=- *'()<>|`+"`\n\t")),
		rapid.RuneFrom([]rune("边贸协商（50%）“朝阳”，aZ09")),
	), 1, 40, -1)
	said := func(name string) string {
		return text.Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, name)
	}
	day := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Date(rapid.IntRange(1949, 2100).Draw(t, "year"), 1, 1, 0, 1, 0, 0, catalog.Changchun).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
	})
	r := cite.Reference{
		Key: rapid.StringMatching(`case-[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}`).Draw(t, "key"), Title: said("title"), Host: said("host"),
		Updated: day.Draw(t, "updated"), Accessed: day.Draw(t, "accessed"), Version: rapid.IntRange(1, 99).Draw(t, "version"),
		URL: "https://example.org/cases/" + rapid.StringMatching(`[a-z0-9-]{1,20}`).Draw(t, "slug"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "authors") {
		r.Authors = append(r.Authors, said("author"))
	}
	return r
}

// line is a text as every style writes it; title, a title.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func title(s string) string {
	if s = line(s); strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		s = strings.NewReplacer(": ", "：", ", ", "，").Replace(s)
	}
	return s
}

// unTeX reads a text that TeX would set.
func unTeX(s string) string {
	return strings.NewReplacer(
		`\textbackslash{}`, `\`, `\textbraceleft{}`, `{`, `\textbraceright{}`, `}`, `\textasciitilde{}`, `~`, `\textasciicircum{}`, `^`,
		`\textless{}`, `<`, `\textgreater{}`, `>`, `\textbar{}`, `|`, `\textasciigrave{}`, "`", `-{}`, `-`, `'{}`, `'`,
		`\$`, `$`, `\&`, `&`, `\%`, `%`, `\#`, `#`, `\_`, `_`,
	).Replace(s)
}

// A parser that others wrote finds in the entry what the reference says.
func TestBibTeXIsReadAsItWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := references(t)
		entry := format(t, r, cite.BibTeX)
		parsed, err := bibtex.Parse(strings.NewReader(entry))
		if err != nil {
			t.Fatalf("%v in %s", err, entry)
		}
		if len(parsed.Entries) != 1 || parsed.Entries[0].Type != "online" || parsed.Entries[0].CiteName != r.Key {
			t.Fatalf("%+v is not the one entry %s", parsed.Entries, r.Key)
		}
		got := map[string]string{}
		for name, value := range parsed.Entries[0].Fields {
			got[name] = value.String()
		}
		month := got["month"]
		delete(got, "month")
		want := map[string]string{
			"title": "{" + title(r.Title) + "}", "howpublished": title(r.Host), "year": r.Updated.Format("2006"), "day": r.Updated.Format("2"),
			"version": got["version"], "url": r.URL, "urldate": r.Accessed.Format(time.DateOnly), "mark": "EB", "medium": "OL",
		}
		if len(r.Authors) > 0 {
			names := make([]string, len(r.Authors))
			for i, a := range r.Authors {
				names[i] = "{" + line(a) + "}"
			}
			want["author"] = strings.Join(names, " and ")
		}
		for _, name := range []string{"title", "howpublished", "author"} {
			if text, ok := got[name]; ok {
				got[name] = unTeX(text)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
		if !strings.HasPrefix(strings.ToLower(r.Updated.Format("January")), strings.ToLower(month)[:3]) {
			t.Fatalf("month %q, want %s", month, r.Updated.Format("Jan"))
		}
	})
}

// The rules of the format, as its specification of 2011 puts them: TY first, ER
// last, a tag a line, CR and LF at the end of each, no asterisk in a name.
func TestRISIsReadAsItWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := references(t)
		got := map[string][]string{}
		lines := strings.SplitAfter(format(t, r, cite.RIS), "\r\n")
		if lines[len(lines)-1] != "" {
			t.Fatalf("the last line does not end: %q", lines[len(lines)-1])
		}
		for i, l := range lines[:len(lines)-1] {
			tag, value, ok := strings.Cut(strings.TrimSuffix(l, "\r\n"), "  - ")
			if !ok || len(tag) != 2 || strings.ContainsAny(value, "\r\n") || (tag == "TY") != (i == 0) || (tag == "ER") != (i == len(lines)-2) {
				t.Fatalf("line %d is %q", i, l)
			}
			got[tag] = append(got[tag], value)
		}
		want := map[string][]string{
			"TY": {"ELEC"}, "TI": {title(r.Title)}, "T2": {title(r.Host)}, "PY": {r.Updated.Format("2006/01/02/")},
			"N1": {"Version " + strconv.Itoa(r.Version)}, "AN": {r.Key}, "UR": {r.URL}, "Y2": {r.Accessed.Format("2006/01/02/")}, "ER": {""},
		}
		for _, a := range r.Authors {
			want["AU"] = append(want["AU"], strings.ReplaceAll(line(a), "*", "＊"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
	})
}

// Whatever a reference says, a line stays a line, and the same reference is the
// same text.
func TestEveryReferenceHasOneTextInEveryStyle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := references(t)
		if rapid.Bool().Draw(t, "a document of its own") {
			r.Host, r.Published = "", rapid.SampledFrom([]catalog.PartialDate{"", "1999", "2021-07", "2021-07-15"}).Draw(t, "published")
		}
		for _, style := range []cite.Style{cite.GBT7714, cite.GBT7714of15, cite.BibTeX, cite.RIS, cite.APA} {
			text := format(t, r, style)
			if again := format(t, r, style); again != text {
				t.Fatalf("%s: %q, then %q", style, text, again)
			}
			if oneLine := style == cite.GBT7714 || style == cite.GBT7714of15 || style == cite.APA; oneLine && strings.ContainsAny(text, "\r\n\t") {
				t.Fatalf("%s is more than a line: %q", style, text)
			}
			if style == cite.GBT7714 && !strings.HasSuffix(text, ".") {
				t.Fatalf("%q has no end", text)
			}
		}
	})
}
