package indexer

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"

	"github.com/jisiguangyi/jisi/internal/wordstest"
)

// testWords are loaded once for all tests: it takes a second or two.
var testWords = wordstest.Load

// memory is a Source in memory.
type memory struct {
	mu      sync.Mutex
	docs    map[catalog.ID]*catalog.Document
	changes []catalog.Change
	dropped int // changes that the feed no longer keeps
	hidden  int // changes at its end that have not happened yet
	wake    chan struct{}
	failed  []catalog.Change
	// snapshots are the ids past which snapshots were asked for.
	snapshots []catalog.ID
	err       error // what every method answers while it is set
}

func newMemory(docs ...*catalog.Document) *memory {
	m := &memory{docs: map[catalog.ID]*catalog.Document{}, wake: make(chan struct{}, 1)}
	for _, d := range docs {
		m.put(d)
	}
	return m
}

func (m *memory) put(d *catalog.Document) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.docs[d.ID] = d
	m.change(d.ID, d.Kind)
}

func (m *memory) remove(id catalog.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kind := m.docs[id].Kind
	delete(m.docs, id)
	m.change(id, kind)
}

func (m *memory) change(id catalog.ID, kind catalog.RecordKind) {
	n := int64(len(m.changes) + 1)
	m.changes = append(m.changes, catalog.Change{
		Cursor: catalog.Cursor{XID: uint64(n), Seq: n}, Kind: kind, RecordID: id, Version: int(n),
	})
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	m.err = err
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *memory) Snapshot(_ context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	var cursor catalog.Cursor
	if len(m.changes) > m.hidden {
		cursor = m.changes[len(m.changes)-m.hidden-1].Cursor
	}
	begin(cursor)
	m.snapshots = append(m.snapshots, after)
	var ids []catalog.ID
	for id := range m.docs {
		if id > after {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := yield(m.docs[id]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Changes(_ context.Context, after catalog.Cursor, limit int) ([]catalog.Change, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, false, m.err
	}
	if int(after.Seq) < m.dropped {
		return nil, true, nil
	}
	rest := m.changes[min(int(after.Seq), len(m.changes)-m.hidden) : len(m.changes)-m.hidden]
	return slices.Clone(rest[:min(limit, len(rest))]), false, nil
}

func (m *memory) Documents(_ context.Context, ids []catalog.ID) ([]*catalog.Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	var out []*catalog.Document
	for _, id := range ids {
		if d := m.docs[id]; d != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

func (m *memory) Backlog(_ context.Context, after catalog.Cursor) (int, time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(len(m.changes)-m.hidden-int(after.Seq), 0), 0, m.err
}

func (m *memory) Wait(ctx context.Context) error {
	select {
	case <-m.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *memory) Failed(_ context.Context, c catalog.Change, cause error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if cause == nil {
		return errors.New("a failure without a cause")
	}
	m.failed = append(m.failed, c)
	return nil
}

// quiet is a logger for tests that provoke warnings.
var quiet = slog.New(slog.DiscardHandler)

// openIndex opens an index in dir and closes it when the test ends.
func openIndex(t testing.TB, dir string) *Index {
	t.Helper()
	return openIndexWith(t, dir, Options{})
}

func openIndexWith(t testing.TB, dir string, o Options) *Index {
	t.Helper()
	o.Logger = quiet
	x, err := Open(t.Context(), dir, testWords(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return x
}

// indexOf returns an index of the documents.
func indexOf(t testing.TB, docs ...*catalog.Document) (*Index, *memory) {
	t.Helper()
	src := newMemory(docs...)
	x := openIndex(t, t.TempDir())
	if err := x.CatchUp(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	return x, src
}

// doc is a case with a title and a background.
func doc(id catalog.ID, title, background string) *catalog.Document {
	d := &catalog.Document{
		ID: id, Kind: catalog.KindCase, Slug: "case-" + string(rune('a'+id%26)), Version: 1, Title: title,
		Level: catalog.LevelCounty, Origin: catalog.OriginDocumented,
	}
	if background != "" {
		d.Fields = []catalog.DocumentField{{Name: "background", Text: background}}
	}
	return d
}

// searchFor returns the ids that a query finds, in order.
func searchFor(t testing.TB, x *Index, q catalog.SearchQuery) *catalog.SearchPage {
	t.Helper()
	if q.First == 0 {
		q.First = 20
	}
	p, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Query, err)
	}
	return p
}

func idsOf(p *catalog.SearchPage) []catalog.ID {
	ids := []catalog.ID{}
	for _, h := range p.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}
