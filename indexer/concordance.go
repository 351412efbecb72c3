package indexer

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// sortedLines is how many lines are sorted by their contexts at most: each has
// its context in memory while they are.
const sortedLines = 200_000

// Concordance gives the places where a term stands in the selected records'
// own titles and texts, in q.Order, and their exact number. Places do not
// overlap: where two would, the first counts. A term of letters or digits is
// not found within a longer run of them. A page after the first shows the state
// of the index that the first did, for as long as it is kept.
//
// The documents come from the lists of the term's characters and pairs of them,
// the places from the folded texts. Errors: a cursor that no concordance gave, a
// term in which nothing can be looked for (both INVALID), too many lines to sort
// (LIMIT), a disk that cannot be read.
func (x *Index) Concordance(ctx context.Context, q catalog.ConcordanceQuery) (*catalog.ConcordancePage, error) {
	after, version, err := parseLineCursor(q.After)
	if err != nil {
		return nil, err
	}
	term := x.words.Fold(q.Term).Runes
	if parts(term) == 0 {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "term", Zh: "请写要查的字词", En: "there is no word in it to look for",
		}
	}
	v := x.acquire()
	if v == nil {
		return &catalog.ConcordancePage{}, nil
	}
	defer v.release()
	if q.After != "" && version != v.version {
		if old := x.old.get(version); old != nil {
			defer old.release()
			v = old
		}
	}
	k := &concordance{
		view: v, query: q, term: term, said: string(term),
		marked: slices.ContainsFunc(term, func(r rune) bool { return !isWordRune(r) }),
	}
	page, err := k.page(ctx, after)
	if err != nil {
		return nil, fmt.Errorf("indexer: concordance of %.40q: %w", q.Term, err)
	}
	return page, nil
}

// concordance is one on its way.
type concordance struct {
	view   *view
	query  catalog.ConcordanceQuery
	term   []rune // folded
	said   string // the same
	marked bool   // something in the term is no letter, digit or character
}

// line is a place of the term, and what it is sorted by.
type line struct {
	doc        uint32 // in the view
	field      uint32 // the text's number among the document's
	start, end uint32 // in code points of the text as it is
	id         catalog.ID
	context    string // what it is sorted by; "" for POSITION
}

func (a line) compare(b line) int {
	return cmp.Or(cmp.Compare(a.context, b.context), cmp.Compare(a.id, b.id), cmp.Compare(a.field, b.field), cmp.Compare(a.start, b.start))
}

func (k *concordance) page(ctx context.Context, after int) (*catalog.ConcordancePage, error) {
	docs, err := k.candidates()
	if err != nil {
		return nil, err
	}
	lines, err := k.lines(ctx, docs)
	if err != nil {
		return nil, err
	}
	if k.sorted() { // those by position come so
		slices.SortFunc(lines, line.compare)
	}
	page := &catalog.ConcordancePage{Total: len(lines)}
	from := min(after, len(lines))
	to := min(from+k.query.First, len(lines))
	page.HasNext = to < len(lines)
	if page.HasNext {
		k.view.paged.Store(true)
	}
	for i := from; i < to; i++ {
		l, err := k.show(lines[i])
		if err != nil {
			return nil, err
		}
		l.Cursor = lineCursor(i+1, k.view.version)
		page.Hits = append(page.Hits, l)
	}
	return page, nil
}

// candidates are the documents that pass the filter and have all characters of
// the term, and all pairs of them, somewhere: by their records' ids.
func (k *concordance) candidates() ([]uint32, error) {
	w := newWorkspace(k.view.size)
	defer w.free()
	set := w.empty()
	for _, s := range k.view.segments {
		p, err := k.view.contains(s, fieldGrams, k.term)
		if err != nil {
			return nil, err
		}
		p.addTo(s.of(set))
	}
	set.and(k.view.alive)
	passed := newFilter(catalog.SearchQuery{Kinds: k.query.Kinds, Filter: k.query.Filter}).apply(k.view, set, w).hits
	docs := passed.appendTo(make([]uint32, 0, passed.count()))
	slices.SortFunc(docs, func(a, b uint32) int { return cmp.Compare(k.view.id(a), k.view.id(b)) })
	return docs, nil
}

// lines reads the documents on all processors.
func (k *concordance) lines(ctx context.Context, docs []uint32) ([]line, error) {
	n := max(1, min(workers(8*len(docs)), len(docs)))
	found, failed := make([][]line, n), make([]error, n)
	var total limit
	total.most = sortedLines
	inParallel(len(docs), n, func(part, from, to int) {
		for _, d := range docs[from:to] {
			before := len(found[part])
			if found[part], failed[part] = k.read(d, found[part]); failed[part] != nil {
				return
			}
			if failed[part] = ctx.Err(); failed[part] != nil {
				return
			}
			if k.sorted() && !total.take(len(found[part])-before) {
				failed[part] = tooManyLines()
				return
			}
		}
	})
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(found...), nil
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
		Zh: fmt.Sprintf("超过 %d 行，无法按上下文排序，请用 filter 缩小范围，或按出现顺序查看", sortedLines),
		En: fmt.Sprintf("there are more than %d lines to be sorted by their contexts: narrow the filter, or take them by POSITION", sortedLines),
	}
}

func (k *concordance) sorted() bool {
	return k.query.Order == catalog.ConcordanceByLeft || k.query.Order == catalog.ConcordanceByRight
}

// read adds the places in one document's own texts.
func (k *concordance) read(doc uint32, to []line) ([]line, error) {
	d, err := k.view.read(doc)
	if err != nil {
		return to, err
	}
	texts := documentTexts(d.Document)
	for i := range ownTexts(d.Document) {
		at := k.places(texts[i].Text, d.readable[i])
		if len(at) == 0 {
			continue
		}
		var text []rune
		if k.sorted() {
			text = []rune(texts[i].Text)
		}
		for _, p := range at {
			l := line{doc: doc, field: uint32(i), start: uint32(p.Start), end: uint32(p.End), id: d.ID}
			if k.sorted() {
				l.context = k.context(text, l)
			}
			to = append(to, l)
		}
	}
	return to, nil
}

// places gives where the term stands in a text, in code points of it. Where the
// term is all words, the text's readable form is read as it is: its words are
// those of the folded text, at the same places.
func (k *concordance) places(text, readable string) []catalog.TextRange {
	if k.marked {
		readable = k.view.words.Fold(text).String()
	}
	if !strings.Contains(readable, k.said) {
		return nil
	}
	var folded *Folded
	if readable != text {
		f := k.view.words.Fold(text)
		folded = &f
	}
	var found []catalog.TextRange
	n, at := 0, 0 // a code point of the readable text, and the byte at which it starts
	for {
		next := strings.Index(readable[at:], k.said)
		if next < 0 {
			return found
		}
		n += utf8.RuneCountInString(readable[at : at+next])
		at += next
		if cutsRun(readable, at) || cutsRun(readable, at+len(k.said)) {
			_, size := utf8.DecodeRuneInString(readable[at:])
			n, at = n+1, at+size
			continue
		}
		r := catalog.TextRange{Start: n, End: n + len(k.term)}
		n, at = r.End, at+len(k.said)
		if folded != nil {
			r.Start, r.End = folded.Start(r.Start), folded.End(r.End)
		}
		found = append(found, r)
	}
}

// context is what a line is sorted by.
func (k *concordance) context(text []rune, l line) string {
	if k.query.Order == catalog.ConcordanceByRight {
		return string(text[l.end:min(int(l.end)+k.query.Width, len(text))])
	}
	left := slices.Clone(text[max(int(l.start)-k.query.Width, 0):l.start])
	slices.Reverse(left)
	return string(left)
}

// show gives a line as it is read.
func (k *concordance) show(l line) (catalog.ConcordanceHit, error) {
	d, err := k.view.document(l.doc)
	if err != nil {
		return catalog.ConcordanceHit{}, err
	}
	t := documentTexts(d.Document)[l.field]
	text := []rune(t.Text)
	start, end := int(l.start), int(l.end)
	return catalog.ConcordanceHit{
		ID: d.ID, Kind: d.Kind, Field: t.Name, Start: start,
		Left:  string(text[max(start-k.query.Width, 0):start]),
		Match: string(text[start:end]),
		Right: string(text[end:min(end+k.query.Width, len(text))]),
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
