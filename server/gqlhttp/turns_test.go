package gqlhttp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// One caller's many leave room for another's, callers take turns, and who goes away
// leaves nothing behind.
func TestDearOperationsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2)
		var came []string
		begin := func(ctx context.Context, caller string) {
			go func() {
				done, err := turns.take(ctx, caller)
				if err != nil {
					return
				}
				came = append(came, caller)
				<-ctx.Done()
				done()
			}()
			synctest.Wait()
		}
		end := map[string]context.CancelFunc{}
		start := func(name, caller string) {
			ctx, cancel := context.WithCancel(t.Context())
			end[name] = cancel
			begin(ctx, caller)
		}
		for _, name := range []string{"a1", "a2", "a3"} {
			start(name, "a")
		}
		start("b1", "b")
		start("b2", "b")
		start("c1", "c")
		if diff := cmp.Diff([]string{"a", "b"}, came); diff != "" {
			t.Fatalf("who works first (-want +got):\n%s", diff)
		}
		end["a3"]() // while it waits
		for _, name := range []string{"b1", "a1", "c1", "b2", "a2"} {
			end[name]()
			synctest.Wait()
		}
		if diff := cmp.Diff([]string{"a", "b", "b", "c"}, came[:4]); diff != "" && came[2] == came[3] {
			t.Errorf("who works in turn (-want +got):\n%s", diff)
		}
		if turns.free != 2 || len(turns.working)+len(turns.waiting)+len(turns.order) != 0 {
			t.Errorf("left behind: %d free, %v work, %v wait, in order %v", turns.free, turns.working, turns.waiting, turns.order)
		}
	})
}

func TestACallerMayHaveOnlySoManyDearOperationsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2)
		ctx, cancel := context.WithCancelCause(t.Context())
		for range waitingAtMost + 1 { // one works
			go func() {
				if done, err := turns.take(ctx, "a"); err == nil {
					<-ctx.Done()
					done()
				} else if !errors.Is(err, errTooLong) {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if _, err := turns.take(ctx, "a"); err == nil {
			t.Error("one more waits")
		}
		if done, err := turns.take(ctx, "b"); err != nil {
			t.Errorf("another caller: %v", err)
		} else {
			done()
		}
		cancel(errTooLong)
		synctest.Wait()
		if turns.free != 2 {
			t.Errorf("%d are free", turns.free)
		}
	})
}
