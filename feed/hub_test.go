package feed_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/feed"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// patience bounds what is waited for; on an idle machine it comes at once.
const patience = 30 * time.Second

// steps lets a hub take one step at a time: Wait returns when the test says so.
// Asked is sent to when the hub has told all that there was.
type steps struct{ asked, on chan struct{} }

func newSteps() *steps { return &steps{make(chan struct{}), make(chan struct{})} }

func (s *steps) Wait(ctx context.Context) error {
	for _, c := range []func() bool{
		func() bool {
			select {
			case s.asked <- struct{}{}:
				return true
			case <-ctx.Done():
				return false
			}
		},
		func() bool {
			select {
			case <-s.on:
				return true
			case <-ctx.Done():
				return false
			}
		},
	} {
		if !c() {
			return ctx.Err()
		}
	}
	return nil
}

// told waits until the hub has told all that there was.
func (s *steps) told(t *testing.T) {
	t.Helper()
	select {
	case <-s.asked:
	case <-time.After(patience):
		t.Fatal("the hub does not come to its end")
	}
}

// follow starts a hub over the store and returns when it stands at the end of
// the feed.
func follow(t *testing.T, s *store.Store, o feed.Options) (*feed.Hub, *steps) {
	t.Helper()
	hub, at := feed.New(s, o), newSteps()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- hub.Follow(ctx, at) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	at.told(t)
	return hub, at
}

// step lets the hub tell of all that has changed.
func step(t *testing.T, at *steps) {
	t.Helper()
	at.on <- struct{}{}
	at.told(t)
}

type watch func(context.Context) (*catalog.Case, error)

func watching(t *testing.T, hub *feed.Hub, f catalog.CaseFilter) watch {
	t.Helper()
	next, err := hub.WatchCases(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// waiting returns the slugs of what a watch has got already.
func (w watch) waiting(t *testing.T) []string {
	t.Helper()
	var slugs []string
	for {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // what has come is given all the same
		c, err := w(ctx)
		if errors.Is(err, context.Canceled) {
			return slugs
		}
		if err != nil {
			t.Fatal(err)
		}
		slugs = append(slugs, c.Slug)
	}
}

func (w watch) err(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, err := w(ctx); err != nil {
			return err
		}
	}
}

func put(t *testing.T, s *store.Store, inputs ...catalog.Input) {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(t.Context()) }()
	written, err := w.Put(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range written {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func made(slug, title string, status catalog.Status, level catalog.Level) *catalog.CaseInput {
	return &catalog.CaseInput{
		InputMeta: catalog.InputMeta{Slug: slug, Origin: catalog.OriginSynthetic, Status: status},
		Title:     title, Level: level,
	}
}

func TestAChangeComesToThoseWhoseFilterLetsItThrough(t *testing.T) {
	s := storetest.Empty(t)
	hub, at := follow(t, s, feed.Options{})
	all := watching(t, hub, catalog.CaseFilter{})
	counties := watching(t, hub, catalog.CaseFilter{Levels: []catalog.Level{catalog.LevelCounty}})
	drafts := watching(t, hub, catalog.CaseFilter{Status: []catalog.Status{catalog.StatusDraft}})

	put(t, s,
		made("a", "甲", catalog.StatusPublished, catalog.LevelCounty),
		made("b", "乙", catalog.StatusPublished, catalog.LevelProvince),
		made("c", "丙", catalog.StatusDraft, catalog.LevelCounty))
	step(t, at)
	put(t, s, made("b", "乙，改过", catalog.StatusPublished, catalog.LevelCounty))
	put(t, s, made("a", "甲", catalog.StatusArchived, catalog.LevelCounty))
	step(t, at)

	for name, tt := range map[string]struct {
		w    watch
		want []string
	}{
		"all":      {all, []string{"a", "b", "b"}},
		"counties": {counties, []string{"a", "b"}},
		"drafts":   {drafts, nil},
	} {
		if diff := cmp.Diff(tt.want, tt.w.waiting(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// statements counts what the database is asked.
type statements struct{ n atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	s.n.Add(1)
	return ctx
}
func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestABatchCostsAStatementAFilterHoweverManyWatch(t *testing.T) {
	cost := func(watchers, filters int) int64 {
		count := &statements{}
		s := storetest.Empty(t, count)
		hub, at := follow(t, s, feed.Options{})
		for i := range watchers {
			watching(t, hub, catalog.CaseFilter{Years: []int{2000 + i%filters}})
		}
		for i := range 30 {
			put(t, s, made(fmt.Sprintf("case-%d", i), "题", catalog.StatusPublished, catalog.LevelCounty))
		}
		before := count.n.Load()
		step(t, at)
		return count.n.Load() - before
	}
	one := cost(1, 1)
	if many := cost(200, 1); many != one {
		t.Errorf("%d statements for 200 watchers with one filter, %d for one watcher", many, one)
	}
	if three := cost(200, 3); three != one+2 {
		t.Errorf("%d statements for 200 watchers with three filters, want %d", three, one+2)
	}
}

func TestWhoDoesNotTakeWhatComesIsLetGoAndTheOthersGetAll(t *testing.T) {
	s := storetest.Empty(t)
	hub, at := follow(t, s, feed.Options{Pending: 3, Patience: time.Millisecond})
	slow := watching(t, hub, catalog.CaseFilter{})
	for i := range 3 {
		put(t, s, made(fmt.Sprintf("case-%d", i), "题", catalog.StatusPublished, catalog.LevelCounty))
	}
	step(t, at)
	quick := watching(t, hub, catalog.CaseFilter{})
	put(t, s, made("case-3", "题", catalog.StatusPublished, catalog.LevelCounty))
	step(t, at)

	if kind := catalog.ErrorKindOf(slow.err(t)); kind != catalog.KindLimit {
		t.Errorf("the slow one ends with %s, want LIMIT", kind)
	}
	if diff := cmp.Diff([]string{"case-3"}, quick.waiting(t)); diff != "" {
		t.Errorf("the other one (-want +got):\n%s", diff)
	}
	if got, want := hub.Stats(), (feed.Stats{Subscribers: 1, Events: 4, Dropped: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestWhoTakesWhatComesGetsMoreThanMayWait(t *testing.T) {
	s := storetest.Empty(t)
	hub, at := follow(t, s, feed.Options{Pending: 3, Patience: patience})
	next := watching(t, hub, catalog.CaseFilter{})
	const n = 20
	for i := range n {
		put(t, s, made(fmt.Sprintf("case-%02d", i), "题", catalog.StatusPublished, catalog.LevelCounty))
	}
	at.on <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for i := range n {
		c, err := next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("case-%02d", i); c.Slug != want {
			t.Errorf("%s, want %s", c.Slug, want)
		}
	}
	at.told(t)
}

func TestChangesThatWereMissedAreTold(t *testing.T) {
	s := storetest.Empty(t)
	hub, at := follow(t, s, feed.Options{})
	w := watching(t, hub, catalog.CaseFilter{})
	put(t, s, made("a", "甲", catalog.StatusPublished, catalog.LevelCounty))
	put(t, s, made("b", "乙", catalog.StatusPublished, catalog.LevelCounty))
	if n, err := s.TrimOutbox(t.Context(), -time.Hour); err != nil || n == 0 {
		t.Fatalf("%d changes trimmed, %v", n, err)
	}
	step(t, at)
	if kind := catalog.ErrorKindOf(w.err(t)); kind != catalog.KindUnavailable {
		t.Errorf("it ends with %s, want UNAVAILABLE", kind)
	}
	after := watching(t, hub, catalog.CaseFilter{})
	put(t, s, made("c", "丙", catalog.StatusPublished, catalog.LevelCounty))
	step(t, at)
	if diff := cmp.Diff([]string{"c"}, after.waiting(t)); diff != "" {
		t.Errorf("who watches afterwards (-want +got):\n%s", diff)
	}
}

func TestAFilterThatTheListRefusesIsRefused(t *testing.T) {
	s := storetest.Empty(t)
	hub, _ := follow(t, s, feed.Options{})
	for name, f := range map[string]catalog.CaseFilter{
		"an id that is none": {Committees: []string{"nonsense"}},
		"a NUL":              {Regions: []string{"\x00"}},
	} {
		_, err := hub.WatchCases(t.Context(), f)
		_, list := s.Cases(t.Context(), catalog.Parents{}, f, nil, catalog.PageArgs{})
		got, want := catalog.ErrorKindOf(err), catalog.ErrorKindOf(list)
		if want == "" || got != want {
			t.Errorf("%s: %q, the list says %q", name, got, want)
		}
	}
	if n := hub.Stats().Subscribers; n != 0 {
		t.Errorf("%d watchers are left", n)
	}
}

func TestAWatchEndsWithItsContext(t *testing.T) {
	hub, _ := follow(t, storetest.Empty(t), feed.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	next, err := hub.WatchCases(ctx, catalog.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := watch(next).err(t); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
}
