package indexer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/corpus"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
)

// Keywords returns the words that mark the selected records out; see
// corpus.Corpus. An index that has not been built yet has none.
func (x *Index) Keywords(ctx context.Context, q catalog.KeywordQuery) (found []catalog.Keyword, err error) {
	operation := "keywords"
	if q.Method == catalog.MethodTextRank {
		operation = "keywords by TextRank"
	}
	err = x.analyse(ctx, operation, q, func(c *corpus.Corpus, s corpus.Selection) error {
		found, err = c.Keywords(ctx, q, s)
		return err
	})
	return found, err
}

// Cooccurrence returns the pairs of keywords that stand together in the selected
// records; see corpus.Corpus. An index that has not been built yet has none.
func (x *Index) Cooccurrence(ctx context.Context, q catalog.KeywordQuery) (pairs []catalog.KeywordPair, err error) {
	err = x.analyse(ctx, "cooccurrence", q, func(c *corpus.Corpus, s corpus.Selection) error {
		pairs, err = c.Cooccurrence(ctx, q, s)
		return err
	})
	return pairs, err
}

// analyse calls do with the current state's content words and the documents that
// pass the query's filter; not where there is no state yet.
func (x *Index) analyse(ctx context.Context, operation string, q catalog.KeywordQuery, do func(*corpus.Corpus, corpus.Selection) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("indexer: %s: %w", operation, err)
	}
	v := x.acquire()
	if v == nil {
		return x.nothing()
	}
	defer v.release()
	c, err := v.generation.content.Corpus(ctx, v.Segments())
	if err != nil {
		return wrap("read the content words", err)
	}
	if err := do(c, v.selection(c, q)); err != nil {
		return x.failed(operation, err)
	}
	return nil
}

// selection splits the live documents by a query's filter.
func (v *view) selection(c *corpus.Corpus, q catalog.KeywordQuery) corpus.Selection {
	w := docset.NewWorkspace(v.size)
	defer w.Free()
	passed := newFilter(catalog.SearchQuery{Kinds: q.Kinds, Filter: q.Filter}).apply(v, w.LendCopy(v.alive), w).hits
	others := w.LendCopy(v.alive)
	others.Without(passed)
	return c.Select(passed, others)
}

// Concordance returns the places where a term stands in the selected records'
// own titles and texts, in q.Order, and their exact number; see
// corpus.Concordance. A page after the first shows the state of the index that the
// first did, for as long as it is kept.
//
// The documents come from the lists of the term's characters and pairs of them,
// the places from the folded texts. Errors: a cursor that no concordance gave, a
// term in which nothing can be looked for (both INVALID), too many lines to sort
// (LIMIT), a disk that cannot be read.
func (x *Index) Concordance(ctx context.Context, q catalog.ConcordanceQuery) (*catalog.ConcordancePage, error) {
	k, err := corpus.NewConcordance(x.words, q)
	if err != nil {
		return nil, err
	}
	v := x.acquire()
	if v == nil {
		return &catalog.ConcordancePage{}, x.nothing()
	}
	defer v.release()
	if q.After != "" && k.Version != v.version {
		if old := x.old.get(k.Version); old != nil {
			defer old.release()
			v = old
		}
	}
	docs, err := v.containing(ctx, k.Term, q)
	var page *catalog.ConcordancePage
	if err == nil {
		page, err = k.Page(ctx, v, v.version, docs, x.sorts)
	}
	if err != nil {
		return nil, x.failed(fmt.Sprintf("concordance of %.40q", q.Term), err)
	}
	if page.HasNext {
		v.paged.Store(true)
	}
	return page, nil
}

// containing returns the documents that pass the filter and have all characters of
// the term, and all pairs of them, somewhere: by their records' ids.
func (v *view) containing(ctx context.Context, term []rune, q catalog.ConcordanceQuery) ([]uint32, error) {
	w := docset.NewWorkspace(v.size)
	defer w.Free()
	set := w.LendEmpty()
	for _, s := range v.segments {
		p, err := v.contains(ctx, s, document.FieldGrams, term)
		if err != nil {
			return nil, err
		}
		p.AddTo(s.of(set))
	}
	set.And(v.alive)
	passed := newFilter(catalog.SearchQuery{Kinds: q.Kinds, Filter: q.Filter}).apply(v, set, w).hits
	docs := passed.AppendTo(make([]uint32, 0, passed.Count()))
	slices.SortFunc(docs, func(a, b uint32) int { return cmp.Compare(v.ID(a), v.ID(b)) })
	return docs, nil
}
