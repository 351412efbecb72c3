package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// rightsEvery is how often a server looks which rights were given or taken.
const rightsEvery = 10 * time.Second

// tokenLister is what rights asks; the store is one.
type tokenLister interface {
	Tokens(ctx context.Context) ([]*catalog.AccessToken, error)
}

// rights writes an audit line for each token that is given out or revoked, by whatever
// command on whatever machine, while the server runs. What was so before it started is
// in the database, where jisi token list shows it.
type rights struct {
	tokens tokenLister
	log    *slog.Logger
	known  map[string]bool // whether it is revoked, by id; nil before the first look
}

// watch looks until ctx ends.
func (r *rights) watch(ctx context.Context) error {
	ticker := time.NewTicker(rightsEvery)
	defer ticker.Stop()
	for {
		if err := r.look(ctx); err != nil && ctx.Err() == nil {
			r.log.Debug("the tokens could not be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// look tells what has changed since it was called last.
func (r *rights) look(ctx context.Context) error {
	tokens, err := r.tokens.Tokens(ctx)
	if err != nil {
		return err
	}
	now := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		revoked := t.RevokedAt != nil
		now[t.ID] = revoked
		if r.known == nil {
			continue
		}
		before, known := r.known[t.ID]
		if !known {
			r.tell(ctx, "rights given", t)
		}
		if revoked && !before {
			r.tell(ctx, "rights taken", t)
		}
	}
	r.known = now
	return nil
}

func (r *rights) tell(ctx context.Context, event string, t *catalog.AccessToken) {
	r.log.LogAttrs(ctx, slog.LevelInfo, "audit", slog.String("event", event), slog.String("token", t.ID), slog.String("viewer", t.Name),
		slog.String("role", string(t.Role)), slog.String("committee", t.Committee), slog.Time("expires", t.ExpiresAt))
}
