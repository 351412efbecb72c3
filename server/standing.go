package server

import (
	"context"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
)

// standing returns who sent the request that ctx belongs to, asked anew. It fails
// with UNAUTHENTICATED where what was shown is good no more. With use it counts as a
// use of a session, which otherwise may end idle meanwhile.
func (a *authenticator) standing(ctx context.Context, use bool) (*catalog.Viewer, error) {
	shown, ok := ctx.Value(credentialKey{}).(credential)
	switch {
	case !ok:
		return catalog.ViewerFrom(ctx), nil
	case shown.bearer != "":
		return a.identity.Identify(ctx, shown.bearer)
	case use:
		return a.identity.Session(ctx, shown.session)
	}
	return a.identity.Standing(ctx, shown.session)
}

// whileGood returns a context that ends when the rights do by which the request is
// under way, at most five seconds later; its cause is then UNAUTHENTICATED. It is for
// what takes minutes. stop is to be called at its end.
func (a *authenticator) whileGood(ctx context.Context) (good context.Context, stop func()) {
	began := catalog.ViewerFrom(ctx)
	if began == nil {
		return ctx, func() {}
	}
	good, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		ticker := time.NewTicker(gqlhttp.StandingInterval)
		defer ticker.Stop()
		for {
			select {
			case <-good.Done():
				return
			case <-ticker.C:
				if err := gqlhttp.StillStands(good, began, a.standing); err != nil {
					cancel(err)
				}
			}
		}
	}()
	return good, func() { cancel(nil); <-watched }
}

// endedFor returns why good ended, where err came of the end of rights.
func endedFor(good context.Context, err error) error {
	if ended := context.Cause(good); err != nil && good.Err() != nil && catalog.ErrorKindOf(ended) != catalog.KindInternal {
		return ended
	}
	return err
}
