package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/web"
)

// asked keeps readers' questions in the database.
type asked struct {
	store *store.Store
	index *indexer.Index
	days  int
	log   *slog.Logger
}

// askedOf returns what keeps readers' questions; nil where none are kept.
func askedOf(c *config, s *store.Store, index *indexer.Index, log *slog.Logger) web.Asked {
	if c.keepQueries == 0 {
		return nil
	}
	return &asked{s, index, c.keepQueries, log}
}

// Days returns for how long they are kept.
func (a *asked) Days() int { return a.days }

// Plain returns what may be kept of a question; nil too for one of more words than
// questions have.
func (a *asked) Plain(question string) []string {
	words := a.index.WithoutNames(question)
	if len(words) > catalog.LongestAsked {
		return nil
	}
	return words
}

// Vain keeps a question that found little. It says of a failure only that there was one.
func (a *asked) Vain(ctx context.Context, words []string) {
	a.failed(ctx, a.store.KeepAsked(ctx, words, a.days))
}

// Opened keeps that a record was opened after a question.
func (a *asked) Opened(ctx context.Context, words []string, kind catalog.RecordKind, slug string) {
	a.failed(ctx, a.store.KeepOpened(ctx, words, kind, slug, a.days))
}

func (a *asked) failed(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.Debug("a reader's question could not be kept") // the cause may have it
	}
}

// layWordsEvery is how often a server looks which lay words the operator accepted.
const layWordsEvery = 10 * time.Second

// layWords keeps the index's lay words as the database has them, by whatever command on
// whatever machine they were accepted.
type layWords struct {
	store *store.Store
	index *indexer.Index
	log   *slog.Logger
	known []catalog.LayWord
}

// watch looks until ctx ends.
func (l *layWords) watch(ctx context.Context) error {
	ticker := time.NewTicker(layWordsEvery)
	defer ticker.Stop()
	for {
		pairs, err := l.store.LayWords(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			l.log.Debug("the lay words could not be read", "error", err)
		case err == nil && !slices.Equal(pairs, l.known):
			l.index.SetLayWords(pairs)
			l.known = pairs
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
