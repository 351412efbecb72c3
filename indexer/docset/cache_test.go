package docset

import (
	"fmt"
	"testing"
)

// key names a list of a segment.
type key struct {
	id   uint64
	term string
}

func (k key) Segment() uint64 { return k.id }

func TestTheCacheStaysWithinItsBounds(t *testing.T) {
	c := NewCache[key, *Postings](10_000)
	for i := range 500 {
		c.Put(key{1, fmt.Sprint(i)}, &Postings{List: make([]uint32, i%50)})
		if _, ok := c.Get(key{1, "7"}); i >= 7 && i < 20 && !ok {
			t.Errorf("a list that is used is dropped while there is room (%d)", i)
		}
	}
	var sum int64
	for _, l := range c.entries {
		sum += l.value.Bytes()
	}
	if sum != c.bytes.Load() || sum > 10_000 {
		t.Errorf("the cache holds %d bytes and counts %d, want at most 10000", sum, c.bytes.Load())
	}
	c.Retain(map[uint64]bool{2: true})
	if len(c.entries) != 0 || c.bytes.Load() != 0 {
		t.Errorf("lists of segments that are gone stay: %d lists, %d bytes", len(c.entries), c.bytes.Load())
	}
}
