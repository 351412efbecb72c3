package follow

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// The pauses before what failed is tried again: they double.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// Loop runs step again and again until ctx ends, and returns nil then. An error of a
// step, or its panic, is handed to failed with the time after which it is tried
// again; Loop ends with failed's own error where that is not nil.
func Loop(ctx context.Context, step func(context.Context) error, failed func(err error, again time.Duration) error) error {
	pause := firstPause
	for ctx.Err() == nil {
		err := Recovered(ctx, step)
		switch {
		case ctx.Err() != nil: // whatever failed, failed of that
		case err == nil:
			pause = firstPause
		default:
			if err := failed(err, pause); err != nil {
				return err
			}
			rest(ctx, pause)
			pause = min(2*pause, lastPause)
		}
	}
	return nil
}

// Recovered returns what run returns, or its panic as an error with the stack. A fault in
// memory that is mapped from a file, which may be damaged, is such a panic.
func Recovered(ctx context.Context, run func(context.Context) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return run(ctx)
}

// rest returns after the time or when ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
