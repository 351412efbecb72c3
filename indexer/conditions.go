package indexer

import (
	"context"
	"slices"
)

// name names the documents for which the condition holds by its text.
func (c *condition) name() listName {
	if c.exact && parts(c.text) > 2 {
		return listName{listExact, c.field, string(c.text)}
	}
	return listName{listContains, c.field, string(c.text)}
}

// matches gives the documents for which a condition holds, deleted ones among
// them.
func (v *view) matches(ctx context.Context, c condition) (*termLists, error) {
	byText, err := v.listsOf(ctx, c.name())
	if c.key == "" || err != nil {
		return byText, err
	}
	byKey, err := v.listsOf(ctx, listName{listPlain, fieldKeys, c.key})
	if err != nil {
		return nil, err
	}
	either := &termLists{lists: make([]*postings, len(v.segments))}
	for i, s := range v.segments {
		either.lists[i] = union(byText.lists[i], byKey.lists[i], len(s.ids))
		either.df += s.alive(either.lists[i])
	}
	return either, nil
}

// contains gives the documents that have all grams of a text in a field. For
// texts of up to two characters that is the text itself; for longer ones it
// nearly always is.
func (v *view) contains(ctx context.Context, s *segmentView, field string, text []rune) (*postings, error) {
	var lists []*postings
	var failed error
	add := func(gram string) {
		if failed == nil {
			var p *postings
			if p, failed = v.postings(ctx, s, field, gram); failed == nil {
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
	slices.SortFunc(lists, func(a, b *postings) int { return a.n - b.n })
	all := lists[0]
	for _, l := range lists[1:] {
		all = intersect(all, l, len(s.ids))
	}
	return all, nil
}

// verify keeps the documents in whose texts the phrase stands as it is, spaces
// and marks aside. Where the dictionary has the phrase for a word, the documents
// in which it was cut as that word have it, and are not read.
func (v *view) verify(ctx context.Context, s *segmentView, p *postings, phrase []rune) (*postings, error) {
	want := squeeze(phrase)
	word, err := v.postings(ctx, s, fieldWords, string(want))
	if err != nil {
		return nil, err
	}
	known := newBits(len(s.ids))
	word.addTo(known)
	var out []uint32
	for _, d := range p.all() {
		if !known.has(d) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			doc, err := v.read(s.base + d)
			if err != nil {
				return nil, err
			}
			if !v.holds(doc, want) {
				continue
			}
		}
		out = append(out, d)
	}
	return ofDocs(out, len(s.ids)), nil
}

// holds reports whether a squeezed phrase stands in a document.
func (v *view) holds(doc stored, want []rune) bool {
	if !slices.Contains(want, ' ') {
		return holdsWord(doc.readable, string(want))
	}
	return slices.ContainsFunc(doc.readable, func(t string) bool { return indexRunes(squeeze([]rune(t)), want) >= 0 })
}
