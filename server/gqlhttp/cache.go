package gqlhttp

import (
	"context"
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/jisiguangyi/jisi/catalog"
)

// DataVersion is which state of the records an answer shows: it changes with
// every change of theirs that the server has heard of.
type DataVersion struct {
	Heard uint64 // how often the database has told of changes
	Index uint64 // the search index's own, which follows
	// Meaning is that of what is near in meaning, which hangs on another server too, and
	// of the operator's lay words.
	Meaning uint64
	writes  uint64 // how many changes were asked of this very server
	// day is today: which calls are open changes with it, and no record does.
	day catalog.PartialDate
}

// Cache keeps answers for anonymous readers, who all see the same. The zero
// value keeps none.
type Cache struct {
	Bytes int // of answers to keep at most; 0 keeps none
	// Version returns the version of the records as this server knows them. fresh
	// is false while changes may have come of which it does not know. It is asked
	// at every request.
	Version func() (v DataVersion, fresh bool)
}

// responseCache caches the answers to queries until a record changes. It is safe
// for concurrent use; a nil one caches nothing.
//
// An answer is cached under the version that was known before it was read, so it
// may show more than that version, never less: a change that is not in it has
// not been heard of when it was read, and once it is, nobody asks for that
// version any more. It stays all the same until another takes its place or the
// space is wanted: where the database is gone, an old answer is better than none.
type responseCache struct {
	Cache
	mu           sync.Mutex
	of           DataVersion // the newest that somebody has asked for
	young, aging map[request]entry
	bytes        int // in young
	running      map[cacheKey]chan struct{}
	writes       atomic.Uint64
}

// request is the hash of all that an answer depends on besides the records.
type request [sha256.Size]byte

// cacheKey is a request to a version of the records.
type cacheKey struct {
	version DataVersion
	request request
}

// entry is an answer as it was for a version.
type entry struct {
	version DataVersion
	at      time.Time
	*reply
}

func newResponseCache(c Cache) *responseCache {
	if c.Bytes <= 0 || c.Version == nil {
		return nil
	}
	return &responseCache{Cache: c, young: map[request]entry{}, running: map[cacheKey]chan struct{}{}}
}

// version is the version as this server knows it. What it has changed itself it
// knows at once.
func (c *responseCache) version() (v DataVersion, fresh bool) {
	v, fresh = c.Version()
	v.writes, v.day = c.writes.Load(), catalog.DayOf(time.Now())
	return v, fresh
}

// ExtensionName, Validate and InterceptResponse make the cache an extension of
// gqlgen's, which sees every mutation, however it comes.
func (c *responseCache) ExtensionName() string { return "ResponseCache" }

// Validate accepts every schema.
func (c *responseCache) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse outdates what is cached when something has been changed.
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

// answer returns the answer that is cached under the key, or the one that run
// returns, which is cached where it may be. Who asks what somebody else is asking already
// waits for that answer.
func (c *responseCache) answer(ctx context.Context, key cacheKey, run func() *reply) *reply {
	cached, wait := c.look(key, true)
	if cached == nil && wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return run()
		}
		if cached, _ = c.look(key, false); cached == nil { // theirs was not one to keep
			return run()
		}
	}
	if cached != nil {
		cached.record(ctx)
		return cached
	}
	var answer *reply
	defer func() { c.done(key, answer) }() // also where run panics
	answer = run()
	return answer
}

// look returns what is cached under the key, or, where somebody is asking for it,
// what to wait for. With begin, a caller to whom it returns neither is the one who
// asks, and must call done.
func (c *responseCache) look(key cacheKey, begin bool) (answer *reply, wait chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of = key.version
	if k, ok := c.find(key.request); ok && k.version == key.version {
		return k.reply, nil
	}
	if wait = c.running[key]; wait == nil && begin {
		c.running[key] = make(chan struct{})
	}
	return nil, wait
}

// find returns what is cached for a request, of whatever version.
func (c *responseCache) find(r request) (entry, bool) {
	if k, ok := c.young[r]; ok {
		return k, true
	}
	k, ok := c.aging[r]
	if ok {
		c.add(r, k)
	}
	return k, ok
}

// done caches an answer where it may be cached, and lets go those who wait for it.
func (c *responseCache) done(key cacheKey, answer *reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer != nil && answer.shared && key.version == c.of {
		c.add(key.request, entry{key.version, time.Now(), answer})
	}
	close(c.running[key])
	delete(c.running, key)
}

// add caches an answer. When half of the space is full, what has not been asked
// for since the last time goes: what is used comes back at once, and nothing is
// kept in order for that.
func (c *responseCache) add(r request, k entry) {
	size := k.size()
	if size > c.Bytes/8 {
		return // it would push out too much
	}
	if before, ok := c.young[r]; ok {
		c.bytes -= before.size()
	}
	if c.bytes+size > c.Bytes/2 {
		c.young, c.aging, c.bytes = map[request]entry{}, c.young, 0
	}
	c.young[r] = k
	c.bytes += size
}

// oldest is how old an answer may be that is given while the database is gone.
const oldest = time.Hour

// last returns the newest answer that was cached for a request, of whatever version,
// for when the database is gone; nil where there is none.
func (c *responseCache) last(r request) *reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.find(r); ok && time.Since(k.at) < oldest {
		return k.reply
	}
	return nil
}
