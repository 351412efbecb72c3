package graph

import (
	"context"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/loaders"
)

// Feed tells of records as they come or change.
type Feed interface {
	// WatchCases watches for published cases that pass the filter until ctx ends;
	// next returns them one by one, and at the end why there are no more.
	WatchCases(ctx context.Context, f catalog.CaseFilter) (next func(context.Context) (*catalog.Case, error), err error)
}

// Stream is what whoever runs a subscription learns of it that GraphQL's
// execution, which sees a channel only, cannot say. The zero value is usable; it
// is safe for concurrent use.
type Stream struct {
	// Taken, where it is set, is called after the subscription's n-th event,
	// counted from 1, has been taken for execution. It may be called late, even
	// after that execution has ended.
	Taken func(n int)
	// Ready, where it is set, is called when an event has come, before it is taken;
	// its error ends the events.
	Ready func(ctx context.Context) error

	mu  sync.Mutex
	err error
}

// Err says why the events have ended, nil where they have not, or because the
// subscription's context did.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *Stream) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

type streamKey struct{}

// WithStream returns a context whose subscription, of which there is at most one,
// reports to s.
func WithStream(ctx context.Context, s *Stream) context.Context {
	return context.WithValue(ctx, streamKey{}, s)
}

// EventTaken tells the Stream of ctx, where there is one, that the n-th event of
// its subscription has been taken for execution.
func EventTaken(ctx context.Context, n int) {
	if s := streamFrom(ctx); s.Taken != nil {
		s.Taken(n)
	}
}

func streamFrom(ctx context.Context) *Stream {
	if s, ok := ctx.Value(streamKey{}).(*Stream); ok {
		return s
	}
	return &Stream{}
}

// streamOf makes a channel of what next returns until its error or the end of
// ctx, and tells the context's Stream. The channel holds nothing: an event is
// taken when it is executed.
func streamOf[T any](ctx context.Context, next func(context.Context) (T, error)) <-chan T {
	s := streamFrom(ctx)
	events := make(chan T)
	go func() {
		defer close(events)
		for n := 1; ; n++ {
			var event T
			err := loaders.Guard(func() (err error) {
				if event, err = next(ctx); err == nil && s.Ready != nil {
					err = s.Ready(ctx)
				}
				return err
			})
			if err != nil {
				if ctx.Err() == nil {
					s.end(err)
				}
				return
			}
			select {
			case events <- event:
				EventTaken(ctx, n)
			case <-ctx.Done():
				return
			}
		}
	}()
	return events
}
