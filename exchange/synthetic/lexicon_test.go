package synthetic

import (
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestEveryThemeIsAboutRealTopics(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	w, err := loadWorld()
	if err != nil {
		t.Fatal(err)
	}
	about := map[string]string{}
	for _, theme := range l.themes {
		if other := about[theme.topics[0]]; other != "" {
			t.Errorf("%s and %s are both about %s", theme.name, other, theme.topics[0])
		}
		about[theme.topics[0]] = theme.name
		for _, topic := range theme.topics {
			if !w.topics[topic] {
				t.Errorf("%s: there is no topic %s", theme.name, topic)
			}
		}
	}
}

// TestThemesHaveWordsOfTheirOwn keeps topics apart for a search: of the objects
// and terms of any two themes few are the same.
func TestThemesHaveWordsOfTheirOwn(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range l.themes {
		for _, b := range l.themes[:i] {
			shared := 0
			for _, from := range []int{listObject, listTerm} {
				of := map[string]bool{}
				for _, e := range a.lists[from].entries {
					of[e[0].text] = true
				}
				for _, e := range b.lists[from].entries {
					if of[e[0].text] {
						shared++
					}
				}
			}
			if shared > 8 {
				t.Errorf("%s and %s share %d words", a.name, b.name, shared)
			}
		}
	}
}

// TestWordsAreUnevenlyFrequent counts in how many cases of its theme each term
// stands: the first of a list far more often than the last, but that as well.
func TestWordsAreUnevenlyFrequent(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	first, last := 0, 0
	for _, theme := range l.themes {
		terms := theme.lists[listTerm].entries
		for _, c := range all[*catalog.CaseInput]() {
			if c.Topics[0] != theme.topics[0] {
				continue
			}
			text := c.Background + c.Approach + c.Results + c.Lessons
			first += strings.Count(text, terms[0][0].text)
			last += strings.Count(text, terms[len(terms)-1][0].text)
		}
	}
	if last == 0 || first < 5*last {
		t.Errorf("first terms stand %d times, last ones %d; want at least five times as often", first, last)
	}
}

func TestParseTellsGapsThatNothingFills(t *testing.T) {
	for _, text := range []string{"a{unknown}b", "a{object", "{n5-3}", "{n0-3}", "{nx-3}"} {
		if p, err := parse(text, nil); err == nil {
			t.Errorf("parse(%q) = %v, want an error", text, p)
		}
	}
	p, err := parse("经{object2}，{n3-40}件{place}", nil)
	if err != nil || len(p) != 6 || p[1].list != listObject || p[3].low != 3 || p[3].high != 40 || p[5].gap != gapPlace {
		t.Errorf("parse = %+v, %v", p, err)
	}
}
