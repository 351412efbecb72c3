package indexer

import (
	"context"
	"slices"

	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// nameOf names the documents for which the condition holds by its text.
func nameOf(c *query.Condition) listName {
	if c.Exact && text.CountParts(c.Text) > 2 {
		return listName{listExact, c.Field, string(c.Text)}
	}
	return listName{listContains, c.Field, string(c.Text)}
}

// matches returns the documents for which a condition holds, deleted ones among
// them.
func (v *view) matches(ctx context.Context, c query.Condition) (*termLists, error) {
	byText, err := v.listsOf(ctx, nameOf(&c))
	if c.Key == "" || err != nil {
		return byText, err
	}
	byKey, err := v.listsOf(ctx, listName{listPlain, document.FieldKeys, c.Key})
	if err != nil {
		return nil, err
	}
	either := &termLists{lists: make([]*docset.Postings, len(v.segments))}
	for i, s := range v.segments {
		either.lists[i] = docset.Union(byText.lists[i], byKey.lists[i], len(s.ids))
		either.df += s.alive(either.lists[i])
	}
	return either, nil
}

// contains returns the documents that have all grams of a text in a field. For
// texts of up to two characters that is the text itself; for longer ones it
// nearly always is.
func (v *view) contains(ctx context.Context, s *segmentView, field string, runes []rune) (*docset.Postings, error) {
	var lists []*docset.Postings
	var failed error
	add := func(gram string) {
		if failed == nil {
			var p *docset.Postings
			if p, failed = v.postings(ctx, s, field, gram); failed == nil {
				lists = append(lists, p)
			}
		}
	}
	single := ""
	text.Grams(runes, func(gram string, start, end int) {
		if text.PartEnd(runes, start) == end { // a character: its pairs say the same and are shorter
			single = gram
			return
		}
		add(gram)
	})
	if text.CountParts(runes) == 1 {
		add(single)
	} else if len(lists) < text.CountParts(runes)-1 { // parted by marks or spaces: the characters at the breaks pair with nothing
		text.Grams(runes, func(gram string, start, end int) {
			if text.PartEnd(runes, start) == end {
				add(gram)
			}
		})
	}
	if failed != nil || len(lists) == 0 {
		return docset.Empty, failed
	}
	slices.SortFunc(lists, func(a, b *docset.Postings) int { return a.Len - b.Len })
	all := lists[0]
	for _, l := range lists[1:] {
		all = docset.Intersect(all, l, len(s.ids))
	}
	return all, nil
}

// verify keeps the documents in whose texts the phrase stands as it is, spaces
// and marks aside. Where the dictionary has the phrase for a word, the documents
// in which it was cut as that word have it, and are not read.
func (v *view) verify(ctx context.Context, s *segmentView, p *docset.Postings, phrase []rune) (*docset.Postings, error) {
	want := text.Squeeze(phrase)
	word, err := v.postings(ctx, s, document.FieldWords, string(want))
	if err != nil {
		return nil, err
	}
	known := docset.NewBitmap(len(s.ids))
	word.AddTo(known)
	var out []uint32
	for _, d := range p.Docs() {
		if !known.Has(d) {
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
	return docset.FromDocs(out, len(s.ids)), nil
}

// holds reports whether a squeezed phrase stands in a document.
// Where the phrase has a space between two Chinese characters, the document may have
// none: there, one within a sentence parts no words.
func (v *view) holds(doc document.Stored, want []rune) bool {
	if !slices.Contains(want, ' ') {
		return text.HoldsWord(doc.Readable, string(want))
	}
	return slices.ContainsFunc(doc.Readable, func(t string) bool { return text.HoldsPhrase(text.Squeeze([]rune(t)), want) })
}
