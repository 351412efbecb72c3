package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// turnWait is how long one waits for its turn.
const turnWait = 10 * time.Second

// errUnderWay says that the caller has one under way.
var errUnderWay = errors.New("the caller has one under way")

// turns are what something waits for of which few may run at once, and of one caller
// one. Safe for concurrent use.
type turns struct {
	zh, en string // what it is
	free   chan struct{}

	mu sync.Mutex
	of map[string]bool // callers who have one
}

func newTurns(n int, zh, en string) *turns {
	return &turns{zh: zh, en: en, free: make(chan struct{}, n), of: map[string]bool{}}
}

// take waits for a turn and returns what ends it. It fails at once, with errUnderWay,
// where the caller has one or waits for one, and with UNAVAILABLE after turnWait. A
// caller without a name may have any number.
func (t *turns) take(ctx context.Context, caller string) (done func(), err error) {
	if !t.begin(caller) {
		return nil, &catalog.Error{
			Kind: catalog.KindLimit, Err: errUnderWay,
			Zh: "您已有一个" + t.zh + "正在进行，请等它完成后再试", En: "you have one " + t.en + " under way; wait until it is done",
		}
	}
	wait := time.NewTimer(turnWait)
	defer wait.Stop()
	select {
	case t.free <- struct{}{}:
		return func() { <-t.free; t.end(caller) }, nil
	case <-ctx.Done():
	case <-wait.C:
	}
	t.end(caller)
	return nil, &catalog.Error{Kind: catalog.KindUnavailable, Zh: "同时" + t.zh + "的人较多，请稍后再试", En: "too many " + t.en + "s are under way; try again later"}
}

func (t *turns) begin(caller string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of[caller] {
		return false
	}
	if caller != "" {
		t.of[caller] = true
	}
	return true
}

func (t *turns) end(caller string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, caller)
}

// leastSpeed is how many bytes a second who reads an export, or sends an import, has to
// keep up with on the whole.
const leastSpeed = 32 << 10

// pace is how long the other side has let us wait, and for how many bytes. The zero
// value has not begun.
type pace struct {
	waited time.Duration
	bytes  int64
}

// left returns for how long one may still wait: for as long as the bytes take at
// leastSpeed, and the pause beyond.
func (p *pace) left(pause time.Duration) time.Duration {
	return min(pause, pause+time.Duration(p.bytes)*time.Second/leastSpeed-p.waited)
}

// begin counts the time until what it returns is called.
func (p *pace) begin() (end func()) {
	start := time.Now()
	return func() { p.waited += time.Since(start) }
}
