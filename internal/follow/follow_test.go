package follow

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// patience bounds what is waited for; on an idle machine it comes at once.
const patience = 30 * time.Second

// told is a listener that hears what the test tells it, and panics where that is nil.
type told chan func() (bool, error)

func (l told) Heard(ctx context.Context) (bool, error) {
	select {
	case tell := <-l:
		return tell()
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func run(t *testing.T) (told, *Notifier) {
	t.Helper()
	l := make(told)
	n := NewNotifier(l, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l, n
}

func change() (bool, error) { return true, nil }

func TestEachFollowerIsWokenAndASlowOneHoldsNobodyUp(t *testing.T) {
	l, n := run(t)
	slow, fast := n.Follow(), n.Follow()
	defer slow.Close()
	defer fast.Close()
	for want := range uint64(50) {
		start := time.Now()
		l <- change
		if err := fast.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > pollInterval {
			t.Errorf("woken after %v, as if by polling", took)
		}
		if heard, current := n.Version(); heard < want+1 {
			t.Errorf("woken at version %d (%v), before the version was %d", heard, current, want+1)
		}
	}
	if len(slow.woken) != 1 {
		t.Error("the slow one was not woken")
	}
}

func TestAFollowerPollsWhereNothingIsHeard(t *testing.T) {
	_, n := run(t)
	f := n.Follow()
	defer f.Close()
	if err := f.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Wait(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's end", err)
	}
}

func TestWhatIsNotHeardOfIsNotCurrent(t *testing.T) {
	l, n := run(t)
	until := func(want bool) {
		t.Helper()
		for deadline := time.Now().Add(patience); ; {
			if _, current := n.Version(); current == want {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("current is not %v", want)
			}
			time.Sleep(time.Millisecond)
		}
	}
	l <- change
	until(true)
	l <- func() (bool, error) { return false, errors.New("the database is gone") }
	until(false)
	l <- change
	until(true)
	l <- func() (bool, error) { panic("as asked") }
	until(false)
	l <- change // after the pause: it goes on
	until(true)
}

func TestALoopGoesOnWhateverFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	steps := 0
	var failures []string
	err := Loop(ctx, func(context.Context) error {
		switch steps++; steps {
		case 1:
			panic("as asked")
		case 2:
			cancel()
			return errors.New("of the end")
		}
		return nil
	}, func(err error, _ time.Duration) error {
		failures = append(failures, err.Error())
		return nil
	})
	if err != nil || steps != 2 {
		t.Errorf("%d steps, %v", steps, err)
	}
	if len(failures) != 1 || !strings.Contains(failures[0], "as asked") || !strings.Contains(failures[0], "follow_test.go") {
		t.Errorf("%q, want the panic with its stack", failures)
	}
	wanted := errors.New("no more")
	if err := Loop(t.Context(), func(context.Context) error { return errors.New("it") }, func(error, time.Duration) error { return wanted }); !errors.Is(err, wanted) {
		t.Errorf("%v, want %v", err, wanted)
	}
}
