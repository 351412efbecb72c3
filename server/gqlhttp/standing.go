package gqlhttp

import (
	"context"
	"slices"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// StandingInterval is how often it is asked whether whoever stays connected still may.
// With what answers are cached for it comes to less than five seconds.
const StandingInterval = 2 * time.Second

// StillStands returns an error where the viewer who began something is known no more,
// or lost rights meanwhile. Where it cannot be told, as while the database is away,
// there is no error: what would be done then fails by itself.
func StillStands(ctx context.Context, began *catalog.Viewer, standing func(ctx context.Context, use bool) (*catalog.Viewer, error)) error {
	limited, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	now, err := standing(limited, false)
	switch kind := catalog.ErrorKindOf(err); {
	case kind == catalog.KindUnauthenticated || kind == catalog.KindForbidden:
		return err
	case err == nil && lostRights(began, now):
		return catalog.Unauthenticated()
	}
	return nil
}

// lostRights reports whether a viewer may no longer do all that it might when it
// began, or is not the same any more.
func lostRights(began, now *catalog.Viewer) bool {
	if began == nil || now == nil {
		return began != now
	}
	return began.Name != now.Name || began.Role != now.Role || began.Committee != now.Committee ||
		slices.ContainsFunc(began.Below, func(id catalog.ID) bool { return !slices.Contains(now.Below, id) })
}
