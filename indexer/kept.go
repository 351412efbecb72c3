package indexer

import (
	"sync"
	"sync/atomic"
)

// kept keeps what was read from segments, and what was put together from that;
// since segments never change, it is right for as long as its segment is there.
// When it is full, what was not used since the last sweep goes. One serves all
// segments of an index; safe for concurrent use.
type kept[K ofSegment, V sized] struct {
	limit  int64
	bytes  atomic.Int64
	mu     sync.RWMutex
	things map[K]*thing[V]
}

// ofSegment is a key of something that belongs to one segment.
type ofSegment interface {
	comparable
	segment() uint64
}

// sized knows how much memory it takes.
type sized interface{ bytes() int64 }

type thing[V sized] struct {
	value V
	used  atomic.Bool
}

// keeping makes a cache of so many bytes.
func keeping[K ofSegment, V sized](limit int64) *kept[K, V] {
	return &kept[K, V]{limit: limit, things: map[K]*thing[V]{}}
}

func (c *kept[K, V]) get(k K) (v V, ok bool) {
	c.mu.RLock()
	t, ok := c.things[k]
	c.mu.RUnlock()
	if !ok {
		return v, false
	}
	if !t.used.Load() { // a store where none is needed would make the readers wait for each other
		t.used.Store(true)
	}
	return t.value, true
}

func (c *kept[K, V]) put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.things[k]; ok {
		return
	}
	c.things[k] = &thing[V]{value: v}
	if c.bytes.Add(v.bytes()) > c.limit {
		c.sweep()
	}
}

// sweep drops what was not used since the last sweep, until a quarter of the
// room is free.
func (c *kept[K, V]) sweep() {
	for range 2 {
		for k, t := range c.things {
			if c.bytes.Load() <= c.limit*3/4 {
				return
			}
			if !t.used.Swap(false) {
				c.drop(k, t)
			}
		}
	}
}

// keep drops what belongs to no segment of those named.
func (c *kept[K, V]) keep(segments map[uint64]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, t := range c.things {
		if !segments[k.segment()] {
			c.drop(k, t)
		}
	}
}

func (c *kept[K, V]) drop(k K, t *thing[V]) {
	delete(c.things, k)
	c.bytes.Add(-t.value.bytes())
}

// used returns how many bytes the things in the cache take.
func (c *kept[K, V]) used() int64 { return c.bytes.Load() }

// room returns how many bytes they may take.
func (c *kept[K, V]) room() int64 { return c.limit }
