package indexer

import (
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// fieldLists are the names under which the postings cache keeps lists that are
// put together from several.
const (
	listContains = "+" // documents with all grams of a text in a field
	listExact    = "=" // documents with the text itself
)

// matches gives the documents of a segment for which the condition holds,
// deleted ones among them.
func (v *view) matches(s *segmentView, c condition) (*postings, error) {
	byText, err := v.matchesText(s, c)
	if c.key == "" || err != nil {
		return byText, err
	}
	byKey, err := v.postings(s, fieldKeys, c.key)
	if err != nil || len(byKey.docs) == 0 {
		return byText, err
	}
	return union(byText, byKey), nil
}

func (v *view) matchesText(s *segmentView, c condition) (*postings, error) {
	kind := listContains
	if c.exact && parts(c.text) > 2 {
		kind = listExact
	}
	k := listKey{s.id, kind + c.field, string(c.text)}
	if p, ok := v.cache.get(k); ok {
		return p, nil
	}
	p, err := v.contains(s, c.field, c.text)
	if err == nil && kind == listExact {
		p, err = v.verify(s, p, c.text)
	}
	if err != nil {
		return nil, err
	}
	v.cache.put(k, p)
	return p, nil
}

// contains gives the documents that have all grams of a text in a field. For
// texts of up to two characters that is the text itself; for longer ones it
// nearly always is.
func (v *view) contains(s *segmentView, field string, text []rune) (*postings, error) {
	var lists []*postings
	var failed error
	add := func(gram string) {
		if failed == nil {
			var p *postings
			if p, failed = v.postings(s, field, gram); failed == nil {
				lists = append(lists, p)
			}
		}
	}
	single := ""
	grams(text, func(gram string, start, end int) {
		if partEnd(text, start) == end { // a character: its pairs say the same and are shorter
			single = gram
			return
		}
		add(gram)
	})
	if parts(text) == 1 {
		add(single)
	} else if len(lists) < parts(text)-1 { // parted by marks or spaces: the characters at the breaks pair with nothing
		grams(text, func(gram string, start, end int) {
			if partEnd(text, start) == end {
				add(gram)
			}
		})
	}
	if failed != nil || len(lists) == 0 {
		return none, failed
	}
	slices.SortFunc(lists, func(a, b *postings) int { return len(a.docs) - len(b.docs) })
	all := lists[0]
	for _, l := range lists[1:] {
		if len(all.docs) == 0 {
			break
		}
		all = intersect(all, l)
	}
	return all, nil
}

// verify keeps the documents in whose texts the phrase stands as it is, spaces
// and marks aside.
func (v *view) verify(s *segmentView, p *postings, phrase []rune) (*postings, error) {
	want := squeeze(phrase)
	out := &postings{}
	for _, d := range p.docs {
		doc, err := v.document(s.base + d)
		if err != nil {
			return nil, err
		}
		if v.holds(doc, want) {
			out.docs = append(out.docs, d)
		}
	}
	return out, nil
}

func (v *view) holds(doc *catalog.Document, want []rune) bool {
	for _, t := range documentTexts(doc) {
		if indexRunes(squeeze(v.words.Fold(t.Text).Runes), want) >= 0 {
			return true
		}
	}
	return false
}

// squeeze turns every stretch of marks and spaces into one space and takes them
// off the ends: a phrase is its words, in order, whatever mark stands between.
func squeeze(f []rune) []rune {
	out := make([]rune, 0, len(f))
	gap := false
	for _, r := range f {
		if !isWordRune(r) {
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, r)
	}
	return out
}

// indexRunes gives the place of the first want in f, -1 where there is none.
func indexRunes(f, want []rune) int {
	if len(want) == 0 {
		return -1
	}
	for i := 0; i+len(want) <= len(f); i++ {
		if f[i] == want[0] && slices.Equal(f[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}
