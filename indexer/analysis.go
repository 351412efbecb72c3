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
func (x *Index) Keywords(ctx context.Context, q catalog.KeywordQuery) ([]catalog.Keyword, error) {
	operation := "keywords"
	if q.Method == catalog.MethodTextRank {
		operation = "keywords by TextRank"
	}
	return analyse(ctx, x, operation, q, (*corpus.Corpus).Keywords)
}

// Cooccurrence returns the pairs of keywords that stand together in the selected
// records; see corpus.Corpus. An index that has not been built yet has none.
func (x *Index) Cooccurrence(ctx context.Context, q catalog.KeywordQuery) ([]catalog.KeywordPair, error) {
	q.Method = "" // it is not looked at
	return analyse(ctx, x, "cooccurrence", q, (*corpus.Corpus).Cooccurrence)
}

// analyse returns what do finds in the current state's content words and the
// documents that pass the query's filter; nothing where there is no state yet. Over
// one state it is worked out once.
func analyse[T any](ctx context.Context, x *Index, operation string, q catalog.KeywordQuery, do func(*corpus.Corpus, context.Context, catalog.KeywordQuery, corpus.Selection) ([]T, error)) (found []T, err error) {
	defer x.guarded(ctx, operation, &err)()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: %s: %w", operation, err)
	}
	v, err := x.held(ctx)
	if v == nil {
		return nil, err
	}
	defer v.release()
	return once(ctx, &v.worked, operation, q, func() ([]T, error) {
		of := v.scoped(q.Kinds)
		c, err := v.generation.content.Corpus(ctx, of.Segments())
		if err != nil {
			return nil, wrap("read the content words", err)
		}
		defer x.tidy.soon()
		found, err := do(c, ctx, q, of.selection(c, q))
		if err != nil {
			return nil, x.failed(operation, err)
		}
		return found, nil
	})
}

// selection splits the live documents by a query's filter.
func (v *view) selection(c *corpus.Corpus, q catalog.KeywordQuery) corpus.Selection {
	w := docset.NewWorkspace(v.size)
	defer w.Free()
	passed := newFilter(catalog.SearchQuery{Kinds: q.Kinds, Filter: q.Filter}).apply(v, w.BorrowCopy(v.alive), w).hits
	others := w.BorrowCopy(v.alive)
	others.Without(passed)
	return c.Select(passed, others)
}

// Concordance returns the places where a term stands in the selected records'
// own titles and texts, in q.Order, and their exact number; see
// corpus.Concordance. A page after the first shows the state of the index that the
// first did, for as long as it is kept.
//
// The documents come from the lists of the term's characters and pairs of them,
// the places from the folded texts. Errors: a cursor of no concordance, a
// term in which nothing can be looked for (both INVALID), too many lines to sort
// (LIMIT), a disk that cannot be read.
func (x *Index) Concordance(ctx context.Context, q catalog.ConcordanceQuery) (page *catalog.ConcordancePage, err error) {
	defer x.guarded(ctx, "concordance", &err)()
	k, err := corpus.NewConcordance(x.words, q)
	if err != nil {
		return nil, err
	}
	v, err := x.held(ctx)
	if v == nil {
		return &catalog.ConcordancePage{}, err
	}
	defer v.release()
	if q.After != "" && k.Version != v.version {
		if old := x.old.get(k.Version); old != nil {
			defer old.release()
			v = old
		}
	}
	docs, err := v.scoped(q.Kinds).containing(ctx, k.Term, q)
	if err == nil {
		defer x.tidy.soon()
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
	set := w.BorrowEmpty()
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
