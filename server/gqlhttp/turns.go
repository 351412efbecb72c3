package gqlhttp

import (
	"context"
	"runtime"
	"sync"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/jisiguangyi/jisi/catalog"
)

// dearFrom is the cost from which an operation waits for its turn: about 0.3 s of one
// processor. What costs less never waits for what costs more.
const dearFrom = 15_000

// waitingAtMost is how many dear operations of one caller may wait for a turn.
const waitingAtMost = 50

// turns are what dear operations wait for, so that few of them work at once, and of
// one caller no more than half of those. Callers who wait come in turn, whoever of
// them has more. It is safe for concurrent use.
type turns struct {
	share int // of one caller

	mu      sync.Mutex
	free    int
	working map[string]int
	waiting map[string][]chan struct{} // closed when its turn has come
	order   []string                   // callers who wait, the next one first
}

// newTurns returns turns for n operations at once, where n is 0 for as many as there
// are processors, and two at least: one of them is another caller's.
func newTurns(n int) *turns {
	if n <= 0 {
		n = max(2, runtime.GOMAXPROCS(0))
	}
	return &turns{free: n, share: max(1, n/2), working: map[string]int{}, waiting: map[string][]chan struct{}{}}
}

// take waits for the caller's turn and returns what ends it. It fails with ctx's cause,
// or with LIMIT where too many of the caller's wait already.
func (t *turns) take(ctx context.Context, caller string) (done func(), err error) {
	t.mu.Lock()
	if t.free > 0 && t.working[caller] < t.share && len(t.waiting[caller]) == 0 {
		t.begin(caller)
		t.mu.Unlock()
		return t.done(caller), nil
	}
	if len(t.waiting[caller]) >= waitingAtMost {
		t.mu.Unlock()
		return nil, tooManyWait()
	}
	turn := make(chan struct{})
	if len(t.waiting[caller]) == 0 {
		t.order = append(t.order, caller)
	}
	t.waiting[caller] = append(t.waiting[caller], turn)
	t.mu.Unlock()
	select {
	case <-turn:
		return t.done(caller), nil
	case <-ctx.Done():
	}
	if !t.leave(caller, turn) {
		t.done(caller)() // it came meanwhile
	}
	return nil, context.Cause(ctx)
}

func (t *turns) begin(caller string) {
	t.free--
	t.working[caller]++
}

// done returns what ends a turn, once.
func (t *turns) done(caller string) func() {
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.free++
		if t.working[caller]--; t.working[caller] == 0 {
			delete(t.working, caller)
		}
		t.next()
	})
}

// next hands free turns to those who wait: one to each caller, who then is the last.
func (t *turns) next() {
	for i := 0; t.free > 0 && i < len(t.order); {
		caller := t.order[i]
		if t.working[caller] >= t.share {
			i++
			continue
		}
		queue := t.waiting[caller]
		t.begin(caller)
		close(queue[0])
		t.order = append(t.order[:i], t.order[i+1:]...)
		if queue = queue[1:]; len(queue) > 0 {
			t.waiting[caller] = queue
			t.order = append(t.order, caller)
		} else {
			delete(t.waiting, caller)
		}
	}
}

// leave takes somebody out who waits no more; false where its turn has come.
func (t *turns) leave(caller string, turn chan struct{}) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.waiting[caller]
	for i := range queue {
		if queue[i] != turn {
			continue
		}
		if queue = append(queue[:i], queue[i+1:]...); len(queue) > 0 {
			t.waiting[caller] = queue
			return true
		}
		delete(t.waiting, caller)
		for j := range t.order {
			if t.order[j] == caller {
				t.order = append(t.order[:j], t.order[j+1:]...)
				break
			}
		}
		return true
	}
	return false
}

func tooManyWait() *gqlerror.Error {
	return limitError{"waiting", waitingAtMost, "同时等候的大查询数", "the number of dear queries that wait", "请等前面的完成后再发", "send more when these have ended"}.gql()
}

type callerKey struct{}

// WithCaller returns a context whose operations are the caller's, by whatever name, for
// taking turns. Without one they are all one caller's.
func WithCaller(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callerKey{}, name)
}

func callerFrom(ctx context.Context) string {
	if v := catalog.ViewerFrom(ctx); v != nil { // also whom a socket's first message named
		return "viewer " + v.Name
	}
	name, _ := ctx.Value(callerKey{}).(string)
	return name
}
