package indexer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/corpus"
)

// countdown is a context that ends when it has been asked so many times: it ends in
// the middle of whatever asks it, on every machine.
type countdown struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *countdown) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// operations are the requests that take time.
func operations(x *Index) map[string]func(ctx context.Context) error {
	all := map[string]func(ctx context.Context) error{
		"search": func(ctx context.Context) error {
			_, err := x.Search(ctx, catalog.SearchQuery{Query: "怎样让银行给企业融资，协商旅游教育？", First: 20, WantHighlights: true, WantFacets: true})
			return err
		},
		"phrase": func(ctx context.Context) error {
			_, err := x.Search(ctx, catalog.SearchQuery{Query: "“协商教育”", First: 20})
			return err
		},
		"correction": func(ctx context.Context) error {
			_, err := x.Search(ctx, catalog.SearchQuery{Query: "银航融姿", First: 20, WantCorrection: true})
			return err
		},
		"suggest": func(ctx context.Context) error {
			_, err := x.Suggest(ctx, "x", nil, 50)
			return err
		},
		"peers": func(ctx context.Context) error {
			_, err := x.Peers(ctx, catalog.PeerQuery{Case: 1, First: 20})
			return err
		},
		"keywords": func(ctx context.Context) error {
			_, err := x.Keywords(ctx, catalog.KeywordQuery{First: 20, Kinds: []catalog.RecordKind{catalog.KindBrand}})
			return err
		},
		"textrank": func(ctx context.Context) error {
			_, err := x.Keywords(ctx, catalog.KeywordQuery{First: 20, Method: catalog.MethodTextRank})
			return err
		},
		"cooccurrence": func(ctx context.Context) error {
			_, err := x.Cooccurrence(ctx, catalog.KeywordQuery{First: 20})
			return err
		},
		"concordance": func(ctx context.Context) error {
			_, err := x.Concordance(ctx, catalog.ConcordanceQuery{Term: "协商", First: 20, Width: 9, Order: catalog.ConcordanceByLeft})
			return err
		},
	}
	for name, do := range all {
		all[name] = func(ctx context.Context) error {
			x.forget()
			return do(ctx)
		}
	}
	return all
}

// forget has what was worked out worked out again.
func (x *Index) forget() {
	v := x.acquire()
	if v == nil {
		return
	}
	defer v.release()
	w := &v.worked
	w.mu.Lock()
	defer w.mu.Unlock()
	w.work = nil
}

// Work that has begun ends when its time is up, and not only work that begins.
func TestWorkThatHasBegunEndsWithItsContext(t *testing.T) {
	x, _ := indexOf(t, randomCases(1500)...)
	for name, do := range operations(x) {
		t.Run(name, func(t *testing.T) {
			must(t, do(t.Context())) // what it reads is in the cache from now on
			ctx := &countdown{Context: t.Context(), left: 1 << 30}
			must(t, do(ctx))
			asked := 1<<30 - ctx.left
			if asked < 3 {
				t.Fatalf("the context is asked %d times in all", asked)
			}
			for _, after := range []int{1, asked / 3, asked - 1} {
				ctx := &countdown{Context: t.Context(), left: after}
				if err := do(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("ended after %d of %d looks: got %v, want %v", after, asked, err, context.DeadlineExceeded)
				}
				if more := -ctx.left; more > 8 {
					t.Errorf("after its end the context was asked %d times more", more)
				}
			}
			must(t, do(t.Context()))
		})
	}
}

// The content words that were read before a request's time was up are not read
// again: a limit shorter than reading them all would never be enough.
func TestReadingContentWordsGoesOnWhereItWasBrokenOff(t *testing.T) {
	x, _ := indexOf(t, randomCases(1500)...)
	looks := func() int { // at the context, in one request
		ctx := &countdown{Context: t.Context(), left: 1 << 30}
		x.forget()
		_, err := x.Keywords(ctx, catalog.KeywordQuery{First: 50})
		must(t, err)
		return 1<<30 - ctx.left
	}
	whole := looks()
	limit := looks() + 6
	if whole < 2*limit {
		t.Fatalf("with the words to read the context is asked %d times, without %d: there is nothing to break off", whole, limit-6)
	}
	want, err := x.Keywords(t.Context(), catalog.KeywordQuery{First: 50})
	must(t, err)
	x.gen.content = corpus.NewCache(x.gen.path)
	x.forget()
	for failures := 0; ; failures++ {
		got, err := x.Keywords(&countdown{Context: t.Context(), left: limit}, catalog.KeywordQuery{First: 50})
		if err == nil {
			if failures == 0 {
				t.Error("reading was never broken off")
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %v, want %v", got, want)
			}
			return
		}
		if !errors.Is(err, context.DeadlineExceeded) || failures > 100 {
			t.Fatalf("after %d tries: %v", failures, err)
		}
	}
}

// panicking is a context that panics where it is asked in a goroutine that an analysis
// started, and only there.
type panicking struct{ context.Context }

func (p panicking) Err() error {
	if strings.Contains(string(debug.Stack()), "corpus.inParallel.func") {
		panic("asked in a goroutine")
	}
	return p.Context.Err()
}

// A panic in a goroutine of a request is the request's error, and its stack is
// logged; the next request is answered.
func TestAPanicInAGoroutineOfARequestIsItsError(t *testing.T) {
	var log bytes.Buffer
	src := newMemory(randomCases(1500)...)
	x, err := Open(t.Context(), t.TempDir(), testWords(), Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	must(t, err)
	t.Cleanup(func() { must(t, x.Close()) })
	must(t, x.CatchUp(t.Context(), src))
	ops := operations(x)
	for _, name := range []string{"textrank", "cooccurrence", "concordance"} {
		must(t, ops[name](t.Context()))
		log.Reset()
		err := ops[name](panicking{t.Context()})
		if err == nil || catalog.ErrorKindOf(err) != catalog.KindInternal {
			t.Errorf("%s: got %v, want an internal error", name, err)
		}
		if got := log.String(); !strings.Contains(got, "panicked") || !strings.Contains(got, "goroutine") || !strings.Contains(got, ".go:") {
			t.Errorf("%s: the log has no stack: %s", name, got)
		}
		must(t, ops[name](t.Context()))
	}
}

// Closing waits for the searches that run, and those that come later are told.
func TestAnIndexMayBeClosedBesideSearches(t *testing.T) {
	src := newMemory(randomCases(1500)...)
	x, err := Open(t.Context(), t.TempDir(), testWords(), Options{Logger: quiet})
	must(t, err)
	must(t, x.CatchUp(t.Context(), src))
	var searches sync.WaitGroup
	var begun sync.WaitGroup
	for name, do := range operations(x) {
		begun.Add(1)
		searches.Go(func() {
			err := do(t.Context())
			begun.Done()
			for err == nil {
				err = do(t.Context())
			}
			if !errors.Is(err, errClosed) {
				t.Errorf("%s: got %v, want %v", name, err, errClosed)
			}
		})
	}
	begun.Wait()
	start := time.Now()
	must(t, x.Close())
	if took := time.Since(start); took > closeTimeout/2 {
		t.Errorf("closing took %s", took)
	}
	searches.Wait()
	must(t, x.Close())
	if err := x.CatchUp(t.Context(), src); !errors.Is(err, errClosed) {
		t.Errorf("catch up with a closed index: got %v, want %v", err, errClosed)
	}
}
