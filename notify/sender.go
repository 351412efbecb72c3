package notify

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// Queue keeps what is to be sent. The store is one; it is safe for concurrent use, by
// several servers too.
type Queue interface {
	QueueNotices(ctx context.Context) (looked int, err error)
	ReleaseDeliveries(ctx context.Context) (released int, err error)
	// ClaimDelivery claims what is due; ok is false where nothing is.
	ClaimDelivery(ctx context.Context, way catalog.DeliveryWay, claim string, lease time.Duration) (p *catalog.Parcel, ok bool, err error)
	// HandDelivery fails with CONFLICT where the claim was lost.
	HandDelivery(ctx context.Context, p *catalog.Parcel, lease time.Duration) error
	EndDelivery(ctx context.Context, p *catalog.Parcel, o catalog.DeliveryOutcome) error
}

// Options set a Sender up. Queue must be set.
type Options struct {
	Queue Queue
	Mail  *Mailer // nil sends no e-mail
	Hooks *Poster // nil sends to no webhook
	// Address is where the public finds the site, as in https://example.org, for links;
	// "" leaves them out.
	Address string
	Log     *slog.Logger  // nil is slog's default
	Lease   time.Duration // how long a claim holds without a word; 0 is a minute
	Pause   time.Duration // between two looks at an empty queue; 0 is two seconds
}

// Sender sends what is due.
type Sender struct{ Options }

// Several at once, so that a slow receiver does not hold up all.
const (
	mailers = 2
	posters = 4
)

// New returns a sender.
func New(o Options) *Sender {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Lease <= 0 {
		o.Lease = time.Minute
	}
	if o.Pause <= 0 {
		o.Pause = 2 * time.Second
	}
	return &Sender{o}
}

// Run sends until ctx ends, and returns when what is under way is done with.
func (s *Sender) Run(ctx context.Context) error {
	var all sync.WaitGroup
	loop := func(step func(context.Context) (bool, error)) {
		all.Go(func() { s.loop(ctx, step) })
	}
	loop(s.sort)
	if s.Mail != nil {
		for range mailers {
			loop(func(ctx context.Context) (bool, error) { return s.sendOne(ctx, catalog.ByEmail) })
		}
	}
	if s.Hooks != nil {
		for range posters {
			loop(func(ctx context.Context) (bool, error) { return s.sendOne(ctx, catalog.ByWebhook) })
		}
	}
	all.Wait()
	return nil
}

// longest is the longest pause while the queue fails.
const longest = 30 * time.Second

// loop takes steps, at once where there is more, and with growing pauses while they
// fail. The log has the first of several failures.
func (s *Sender) loop(ctx context.Context, step func(context.Context) (bool, error)) {
	failed := 0
	for ctx.Err() == nil {
		more := false
		err := follow.Recovered(ctx, func(ctx context.Context) (err error) {
			more, err = step(ctx)
			return err
		})
		pause := s.Pause
		switch {
		case err != nil && ctx.Err() == nil:
			if failed++; failed == 1 {
				s.Log.WarnContext(ctx, "notices could not be sent for now", "error", err)
			}
			pause = min(pause<<min(failed, 10), longest)
		case err == nil && failed > 0:
			s.Log.InfoContext(ctx, "notices are being sent again")
			failed = 0
		}
		if more && err == nil {
			continue
		}
		rest := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-rest.C:
		}
		rest.Stop()
	}
}

// sort looks at new notices, and at what senders that were killed have left.
func (s *Sender) sort(ctx context.Context) (more bool, err error) {
	released, err := s.Queue.ReleaseDeliveries(ctx)
	if err != nil {
		return false, err
	}
	if released > 0 {
		s.Log.WarnContext(ctx, "deliveries of a sender that was not heard of were taken over", "deliveries", released)
	}
	looked, err := s.Queue.QueueNotices(ctx)
	return looked > 0, err
}

// sendOne sends one delivery, where one is due.
func (s *Sender) sendOne(ctx context.Context, way catalog.DeliveryWay) (sent bool, err error) {
	p, ok, err := s.Queue.ClaimDelivery(ctx, way, rand.Text(), s.Lease)
	if err != nil || !ok {
		return false, err
	}
	// What is under way is finished when the server stops: it takes half a lease at most.
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Lease/2)
	defer cancel()
	lost := false
	hand := func() error {
		err := s.Queue.HandDelivery(limit, p, s.Lease)
		lost = err != nil
		return err
	}
	var outcome catalog.DeliveryOutcome
	if way == catalog.ByEmail {
		outcome = s.Mail.send(limit, p, s.Address, hand)
	} else {
		outcome = s.Hooks.send(limit, p, s.Address, hand)
	}
	if lost { // it is another's, or the claim runs out by itself
		return true, nil
	}
	if outcome.State == catalog.DeliveryPending && p.Tries >= catalog.MaxDeliveryTries {
		outcome.State = catalog.DeliveryFailed
	}
	s.tell(ctx, p, outcome)
	return true, s.end(ctx, p, outcome)
}

// tell logs what became of a try, without a word of what was sent or where to.
func (s *Sender) tell(ctx context.Context, p *catalog.Parcel, o catalog.DeliveryOutcome) {
	level := slog.LevelInfo
	switch {
	case o.State == catalog.DeliverySent:
	case o.State == catalog.DeliveryPending && p.Tries > 1:
		level = slog.LevelDebug // the first failure was told
	default:
		level = slog.LevelWarn
	}
	s.Log.Log(ctx, level, "delivery", "id", int64(p.ID), "way", string(p.Way), "state", string(o.State), "tries", p.Tries, "problem", o.Problem)
}

// noting is for how long a sender tries to note what became of a delivery: while the
// database is away, this is all that knows it.
const noting = 5 * time.Minute

// end notes the outcome.
func (s *Sender) end(ctx context.Context, p *catalog.Parcel, o catalog.DeliveryOutcome) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		err := s.Queue.EndDelivery(limit, p, o)
		if err == nil || catalog.ErrorKindOf(err) == catalog.KindConflict {
			return err
		}
		rest := time.NewTimer(pause)
		select {
		case <-limit.Done():
			rest.Stop()
			return err
		case <-ctx.Done(): // the server stops: its operator waits, one more try is all
			rest.Stop()
			return s.Queue.EndDelivery(limit, p, o)
		case <-rest.C:
		}
	}
}
