// Package bounded holds a cache that never has more than a given number of values.
// It knows nothing of what they are; server and server/gqlhttp use it for parsed
// queries, their hashes and callers' rates.
package bounded

import (
	"context"
	"sync"
)

// Cache maps strings to values, as gqlgen wants its caches. When it is full it is
// emptied by half: what is used comes back at once, and nothing is kept in order
// for that. New makes one; it is safe for concurrent use.
type Cache[T any] struct {
	mu           sync.RWMutex
	most         int
	young, aging map[string]T
}

// New returns an empty cache for most values.
func New[T any](most int) *Cache[T] {
	return &Cache[T]{most: max(1, most/2), young: map[string]T{}}
}

// Get returns what was added under the key, where it is still there.
func (c *Cache[T]) Get(ctx context.Context, key string) (T, bool) {
	c.mu.RLock()
	value, ok := c.young[key]
	old := false
	if !ok {
		value, old = c.aging[key]
	}
	c.mu.RUnlock()
	if old {
		c.Add(ctx, key, value)
	}
	return value, ok || old
}

// Add keeps the value under the key.
func (c *Cache[T]) Add(_ context.Context, key string, value T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.young[key]; !ok && len(c.young) >= c.most {
		c.young, c.aging = make(map[string]T, c.most), c.young
	}
	c.young[key] = value
}
