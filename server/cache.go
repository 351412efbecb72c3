package server

import (
	"context"
	"crypto/sha256"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// DataVersion is which state of the records an answer shows: it changes with
// every change of theirs that the server has heard of.
type DataVersion struct {
	Heard  uint64 // how often the database has told of changes
	Index  uint64 // the search index's own, which follows
	writes uint64 // how many changes were asked of this very server
}

// Cache keeps answers for anonymous readers, who all see the same. The zero
// value keeps none.
type Cache struct {
	Bytes int // of answers to keep at most; 0 keeps none
	// Version gives the version of the records as this server knows them. fresh
	// is false while changes may have come of which it does not know. It is asked
	// at every request.
	Version func() (v DataVersion, fresh bool)
}

// responseCache keeps the answers to queries until a record changes. It is safe
// for concurrent use; a nil one keeps nothing.
//
// An answer is kept under the version that was known before it was read, so it
// may show more than that version, never less: a change that is not in it has
// not been heard of when it was read, and once it is, nobody asks for that
// version any more.
type responseCache struct {
	Cache
	mu           sync.Mutex
	of           DataVersion // of which version the answers are
	young, aging map[cacheKey]*reply
	bytes        int // in young
	running      map[cacheKey]chan struct{}
	writes       atomic.Uint64
}

// cacheKey is a request to a version of the records.
type cacheKey struct {
	version DataVersion
	request [sha256.Size]byte
}

func newResponseCache(c Cache) *responseCache {
	if c.Bytes <= 0 || c.Version == nil {
		return nil
	}
	return &responseCache{Cache: c, young: map[cacheKey]*reply{}, running: map[cacheKey]chan struct{}{}}
}

// version is the version as this server knows it. What it has changed itself it
// knows at once.
func (c *responseCache) version() (v DataVersion, fresh bool) {
	v, fresh = c.Version()
	v.writes = c.writes.Load()
	return v, fresh
}

// ExtensionName, Validate and InterceptResponse make the cache an extension of
// gqlgen's, which sees every mutation, however it comes.
func (c *responseCache) ExtensionName() string { return "ResponseCache" }

// Validate accepts every schema.
func (c *responseCache) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse lets go of what is kept when something has been changed.
func (c *responseCache) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := graphql.GetOperationContext(ctx).Operation // nil where a request was refused before there was one
	if op != nil && op.Operation == ast.Mutation {
		defer c.writes.Add(1)
	}
	return next(ctx)
}

// keyOf is a request's key. GET and POST write a request differently, and the
// media type decides how a failure is told.
func keyOf(version DataVersion, method, media string, text []byte) cacheKey {
	request := make([]byte, 0, 1<<10)
	request = append(append(append(append(request, method...), '\n'), media...), '\n')
	return cacheKey{version, sha256.Sum256(append(request, text...))}
}

// answer gives the answer that is kept under the key, or the one that run gives,
// which is kept where it may be. Who asks what somebody else is asking already
// waits for that answer.
func (c *responseCache) answer(ctx context.Context, key cacheKey, run func() *reply) *reply {
	kept, wait := c.look(key, true)
	if kept == nil && wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return run()
		}
		if kept, _ = c.look(key, false); kept == nil { // theirs was not one to keep
			return run()
		}
	}
	if kept != nil {
		kept.noted(ctx)
		return kept
	}
	var answer *reply
	defer func() { c.done(key, answer) }() // also where run panics
	answer = run()
	return answer
}

// look gives what is kept under the key, or, where somebody is asking for it,
// what to wait for. With begin, a caller to whom it gives neither is the one who
// asks, and must call done.
func (c *responseCache) look(key cacheKey, begin bool) (kept *reply, wait chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if key.version != c.of {
		c.of, c.young, c.aging, c.bytes = key.version, map[cacheKey]*reply{}, nil, 0
	}
	if kept = c.young[key]; kept != nil {
		return kept, nil
	}
	if kept = c.aging[key]; kept != nil {
		c.keep(key, kept)
		return kept, nil
	}
	if wait = c.running[key]; wait == nil && begin {
		c.running[key] = make(chan struct{})
	}
	return nil, wait
}

// done keeps an answer where it may be kept, and lets go those who wait for it.
func (c *responseCache) done(key cacheKey, answer *reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer != nil && answer.keep && key.version == c.of {
		c.keep(key, answer)
	}
	close(c.running[key])
	delete(c.running, key)
}

// keep adds an answer. When half of the space is full, what has not been asked
// for since the last time goes: what is used comes back at once, and nothing is
// kept in order for that.
func (c *responseCache) keep(key cacheKey, answer *reply) {
	size := answer.size()
	if size > c.Bytes/8 {
		return // it would push out too much
	}
	if c.bytes+size > c.Bytes/2 {
		c.young, c.aging, c.bytes = map[cacheKey]*reply{}, c.young, 0
	}
	c.young[key] = answer
	c.bytes += size
}

// last gives the answer that was kept for the version, for when the database is
// gone.
func (c *responseCache) last(key cacheKey) *reply {
	kept, _ := c.look(key, false)
	return kept
}
