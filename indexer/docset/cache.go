package docset

import (
	"sync"
	"sync/atomic"
)

// Cache keeps what was read from segments, and what was put together from that;
// since segments never change, it is right for as long as its segment is there.
// When it is full, what was not used since the last sweep goes. One serves all
// segments of an index; safe for concurrent use.
type Cache[K SegmentKey, V Sized] struct {
	limit   int64
	bytes   atomic.Int64
	mu      sync.RWMutex
	entries map[K]*entry[V]
}

// SegmentKey is a key of something that belongs to one segment.
type SegmentKey interface {
	comparable
	Segment() uint64
}

// Sized knows how much memory it takes.
type Sized interface{ Bytes() int64 }

type entry[V Sized] struct {
	value V
	used  atomic.Bool
}

// NewCache makes a cache of so many bytes.
func NewCache[K SegmentKey, V Sized](limit int64) *Cache[K, V] {
	return &Cache[K, V]{limit: limit, entries: map[K]*entry[V]{}}
}

func (c *Cache[K, V]) Get(k K) (v V, ok bool) {
	c.mu.RLock()
	t, ok := c.entries[k]
	c.mu.RUnlock()
	if !ok {
		return v, false
	}
	if !t.used.Load() { // a store where none is needed would make the readers wait for each other
		t.used.Store(true)
	}
	return t.value, true
}

func (c *Cache[K, V]) Put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[k]; ok {
		return
	}
	c.entries[k] = &entry[V]{value: v}
	if c.bytes.Add(v.Bytes()) > c.limit {
		c.sweep()
	}
}

// sweep drops what was not used since the last sweep, until a quarter of the
// room is free.
func (c *Cache[K, V]) sweep() {
	for range 2 {
		for k, t := range c.entries {
			if c.bytes.Load() <= c.limit*3/4 {
				return
			}
			if !t.used.Swap(false) {
				c.drop(k, t)
			}
		}
	}
}

// Retain drops what belongs to no segment of those named.
func (c *Cache[K, V]) Retain(segments map[uint64]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, t := range c.entries {
		if !segments[k.Segment()] {
			c.drop(k, t)
		}
	}
}

func (c *Cache[K, V]) drop(k K, t *entry[V]) {
	delete(c.entries, k)
	c.bytes.Add(-t.value.Bytes())
}

// Used returns how many bytes the things in the cache take.
func (c *Cache[K, V]) Used() int64 { return c.bytes.Load() }

// Limit returns how many bytes they may take.
func (c *Cache[K, V]) Limit() int64 { return c.limit }
