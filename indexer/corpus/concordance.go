package corpus

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// sortedLines is how many lines are put in order at most, and alikeLines how many
// of them that begin alike, whose contexts are in memory while they are.
const (
	sortedLines = 2_000_000
	alikeLines  = 200_000
)

// SortsAtOnce is how many concordances are to be sorted at a time: one takes up to
// 100 MB meanwhile.
const SortsAtOnce = 2

// Texts are the texts of one state of the index.
type Texts interface {
	// OwnTexts calls read with the own texts of a document, which are gone when read
	// comes back. room is room to work in.
	OwnTexts(doc uint32, room []document.OwnText, read func(texts []document.OwnText)) error
	// Document returns a document, of which nothing is to be changed.
	Document(doc uint32) (document.Stored, error)
}

// Concordance is the places where a term stands in own texts of documents. Places do
// not overlap: where two would, the first counts. A term of letters or digits is
// not found within a longer run of them. It is for one goroutine.
type Concordance struct {
	Term    []rune // folded
	Version uint64 // of the state that the page before showed; 0 for a first page

	words  *text.Words
	query  catalog.ConcordanceQuery
	after  int
	said   string // the term
	marked bool   // something in the term is no letter, digit or character
	letter bool   // it begins or ends with a letter or digit, and so could cut a run of them

	texts Texts
	sorts chan struct{}
}

// NewConcordance reads a query. Errors: a cursor of no concordance, and a term
// in which nothing can be looked for (both INVALID).
func NewConcordance(words *text.Words, q catalog.ConcordanceQuery) (*Concordance, error) {
	after, version, err := parseLineCursor(q.After)
	if err != nil {
		return nil, err
	}
	term := words.Fold(q.Term).Runes
	if text.CountParts(term) == 0 {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "term", Zh: "请写要查的字词", En: "there is no word in it to look for",
		}
	}
	return &Concordance{
		Term: term, Version: version, words: words, query: q, after: after, said: string(term),
		marked: slices.ContainsFunc(term, func(r rune) bool { return !text.IsWordRune(r) }),
		letter: !text.IsHan(term[0]) || !text.IsHan(term[len(term)-1]),
	}, nil
}

func (k *Concordance) sorted() bool {
	return k.query.Order == catalog.ConcordanceByLeft || k.query.Order == catalog.ConcordanceByRight
}

// Page returns the page that was asked for, in the query's order. docs are the
// documents in which the term may stand, by their records' ids; version is of the
// state that they are of. sorts has SortsAtOnce places, one for each concordance
// whose lines are in memory. Of lines that come as the documents do only their
// number is read, and then those of the page. Errors: too many lines to sort
// (LIMIT), a disk that cannot be read.
func (k *Concordance) Page(ctx context.Context, of Texts, version uint64, docs []uint32, sorts chan struct{}) (page *catalog.ConcordancePage, err error) {
	k.texts, k.sorts = of, sorts
	after := k.after
	var lines []line // from the page's first on
	var total int
	if k.sorted() {
		if lines, total, err = k.sortedPage(ctx, docs, after); err != nil {
			return nil, err
		}
	} else if lines, total, err = k.linesOfPage(ctx, docs, after); err != nil {
		return nil, err
	}
	page = &catalog.ConcordancePage{Total: total, HasNext: after+len(lines) < total}
	for i, l := range lines {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shown, err := k.show(docs[l.doc], l)
		if err != nil {
			return nil, err
		}
		shown.Cursor = lineCursor(after+i+1, version)
		page.Hits = append(page.Hits, shown)
	}
	return page, nil
}

// linesOfPage counts the lines of each document, and reads those of the page.
func (k *Concordance) linesOfPage(ctx context.Context, docs []uint32, after int) (page []line, total int, err error) {
	counts := make([]int, len(docs))
	err = k.eachDocument(ctx, docs, func(_, i int, texts []document.OwnText) error {
		for _, t := range texts {
			counts[i] += k.count(t)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for i, n := range counts {
		if total+n > after && len(page) < k.query.First {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			from := max(after-total, 0)
			var lines []line
			err := k.texts.OwnTexts(docs[i], nil, func(texts []document.OwnText) { lines = k.linesOf(i, texts, nil) })
			if err != nil {
				return nil, 0, err
			}
			page = append(page, lines[from:min(from+k.query.First-len(page), n)]...)
		}
		total += n
	}
	return page, total, nil
}

// sortedPage returns the lines of a page in the order of their contexts, and how
// many there are in all. They are put in order by the characters next to the term
// first: only those that this leaves in doubt are read once more, with their
// contexts.
func (k *Concordance) sortedPage(ctx context.Context, docs []uint32, after int) ([]line, int, error) {
	select {
	case k.sorts <- struct{}{}:
		defer func() { <-k.sorts }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	lines, err := k.lines(ctx, docs)
	if err != nil {
		return nil, 0, err
	}
	total := len(lines)
	from, to := min(after, total), min(after+k.query.First, total)
	sortRange(lines, from, to)
	page := slices.Clone(lines[from:to])
	doubtful := map[uint64]bool{}
	for _, l := range page {
		if k.goesOn(l) {
			doubtful[l.near] = true
		}
	}
	if len(doubtful) == 0 {
		return page, total, nil
	}
	var alike []line
	next := 0 // of those alike, the page's first
	for i, l := range lines {
		if l.near >= page[0].near && l.near <= page[len(page)-1].near && doubtful[l.near] {
			alike = append(alike, l)
			if i < from && l.near == page[0].near {
				next++
			}
		}
	}
	if len(alike) > alikeLines {
		return nil, 0, tooManyLines()
	}
	if alike, err = k.byContext(ctx, docs, alike); err != nil {
		return nil, 0, err
	}
	for i, l := range page {
		if k.goesOn(l) {
			page[i] = alike[next]
			next++
		}
	}
	return page, total, nil
}

// byContext sorts lines by their contexts.
func (k *Concordance) byContext(ctx context.Context, docs []uint32, lines []line) ([]line, error) {
	slices.SortFunc(lines, line.comparePlace)
	var of []uint32 // the documents that they are of
	var first []int // each one's first line
	for i, l := range lines {
		if i == 0 || l.doc != lines[i-1].doc {
			of, first = append(of, docs[l.doc]), append(first, i)
		}
	}
	first = append(first, len(lines))
	read := make([]lineInContext, len(lines))
	err := k.eachDocument(ctx, of, func(_, d int, texts []document.OwnText) error {
		for i := first[d]; i < first[d+1]; i++ {
			read[i] = lineInContext{lines[i], k.context(texts[lines[i].field].Text, lines[i])}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(read, lineInContext.compare)
	for i, l := range read {
		lines[i] = l.line
	}
	return lines, nil
}

// lines reads all lines, in any order.
func (k *Concordance) lines(ctx context.Context, docs []uint32) ([]line, error) {
	found := make([][]line, k.workers(docs))
	total := limit{most: sortedLines}
	err := k.eachDocument(ctx, docs, func(part, i int, texts []document.OwnText) error {
		before := len(found[part])
		found[part] = k.linesOf(i, texts, found[part])
		if !total.take(len(found[part]) - before) {
			return tooManyLines()
		}
		return nil
	})
	return slices.Concat(found...), err
}

// workers is how many goroutines to read documents with: one is worth more than
// one that counts words.
func (k *Concordance) workers(docs []uint32) int { return max(1, min(workers(8*len(docs)), len(docs))) }

// eachDocument calls read with the own texts of each document, on all
// processors, and returns the first error. part is the goroutine's number, below
// k.workers(docs).
func (k *Concordance) eachDocument(ctx context.Context, docs []uint32, read func(part, i int, texts []document.OwnText) error) error {
	n := k.workers(docs)
	return inParallel(len(docs), n, func(part, from, to int) (failed error) {
		var room []document.OwnText
		for i := from; i < to && failed == nil; i++ {
			err := ctx.Err()
			if err == nil {
				err = k.texts.OwnTexts(docs[i], room, func(texts []document.OwnText) { room, failed = texts, read(part, i, texts) })
			}
			failed = cmp.Or(err, failed)
		}
		return failed
	})
}

// limit counts up to most; safe for concurrent use.
type limit struct {
	mu   sync.Mutex
	n    int
	most int
}

func (l *limit) take(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n += n
	return l.n <= l.most
}

func tooManyLines() error {
	return &catalog.Error{
		Kind: catalog.KindLimit, Path: "orderBy",
		Zh: fmt.Sprintf("要排序的超过 %d 行，或其中上下文开头相同的超过 %d 行，请用 filter 缩小范围，或按出现顺序查看", sortedLines, alikeLines),
		En: fmt.Sprintf("there are more than %d lines to be sorted, or more than %d whose contexts begin alike: narrow the filter, or take them by POSITION", sortedLines, alikeLines),
	}
}

// show returns a line as it is read.
func (k *Concordance) show(doc uint32, l line) (catalog.ConcordanceHit, error) {
	d, err := k.texts.Document(doc)
	if err != nil {
		return catalog.ConcordanceHit{}, err
	}
	t := document.Texts(d.Document)[l.field]
	start, end := int(l.start), int(l.end)
	return catalog.ConcordanceHit{
		ID: d.ID, Kind: d.Kind, Field: t.Name, Start: t.Start + utf8.RuneCountInString(t.Text[:start]),
		Left:  textBefore(t.Text, start, k.query.Width),
		Match: t.Text[start:end],
		Right: textAfter(t.Text, end, k.query.Width),
	}, nil
}

// lineCursor is the place after the nth line, of a state of the index.
func lineCursor(n int, version uint64) string {
	b := binary.BigEndian.AppendUint64([]byte{'k'}, uint64(n))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, version))
}

func parseLineCursor(s string) (n int, version uint64, err error) {
	if s == "" {
		return 0, 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 17 || b[0] != 'k' || binary.BigEndian.Uint64(b[1:]) > 1<<40 {
		return 0, 0, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "after", Err: err,
			Zh: "这个分页游标不是本索引给出的", En: "this cursor was not given by a concordance",
		}
	}
	return int(binary.BigEndian.Uint64(b[1:])), binary.BigEndian.Uint64(b[9:]), nil
}
