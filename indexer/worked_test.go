package indexer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestWhatManyAskForIsWorkedOutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w worked
		var times atomic.Int64
		first := make(chan error)
		ask := func() ([]int, error) {
			return once(t.Context(), &w, "numbers", 1, func() ([]int, error) {
				if times.Add(1) == 1 {
					return nil, <-first // the first one's time is over
				}
				return []int{1, 2}, nil
			})
		}
		var wait sync.WaitGroup
		var failed atomic.Int64
		for range 120 {
			wait.Go(func() {
				got, err := ask()
				if err != nil {
					failed.Add(1)
					return
				}
				if diff := cmp.Diff([]int{1, 2}, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				got[0] = 7 // it is the caller's own
			})
		}
		synctest.Wait()
		leaves, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := once(leaves, &w, "numbers", 1, func() ([]int, error) { t.Error("worked out beside"); return nil, nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("one that has gone: %v", err)
		}
		first <- context.DeadlineExceeded
		wait.Wait()
		if times.Load() != 2 || failed.Load() != 1 {
			t.Errorf("worked out %d times, %d failed; want one that failed and one for all others", times.Load(), failed.Load())
		}
		if got, err := once(t.Context(), &w, "numbers", 2, func() ([]int, error) { return []int{3}, nil }); err != nil || got[0] != 3 {
			t.Errorf("another question: %v, %v", got, err)
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = once(t.Context(), &w, "numbers", 3, func() ([]int, error) { panic("a test's") })
		}()
		if got, err := once(t.Context(), &w, "numbers", 3, func() ([]int, error) { return []int{4}, nil }); err != nil || got[0] != 4 {
			t.Errorf("after a panic: %v, %v", got, err)
		}
		for n := range 3 * workedAtMost {
			_, _ = once(t.Context(), &w, "numbers", n, func() ([]int, error) { return []int{n}, nil })
		}
		if len(w.work) > workedAtMost {
			t.Errorf("%d results are kept", len(w.work))
		}
	})
}
