package exchange

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// key is what a record is known by.
type key struct {
	kind catalog.RecordKind
	slug string
}

func keyOf(in catalog.Input) key { return key{in.Kind(), in.Head().Slug} }

// batcher fills batches that are bounded in records and bytes, and in which no
// two inputs are the same record: what a Writer does with two versions of a
// record in one statement is nobody's to know.
type batcher struct {
	most, mostBytes int
	records         []reading.Record
	bytes           int
	keys            map[key]bool
}

func newBatcher(most, mostBytes int) *batcher {
	return &batcher{most: most, mostBytes: mostBytes, keys: map[key]bool{}}
}

// fits reports whether r can be added; to an empty batch it always can.
func (b *batcher) fits(r reading.Record) bool {
	switch {
	case len(b.records) == 0:
		return true
	case len(b.records) >= b.most, b.bytes+r.Size > b.mostBytes:
		return false
	}
	return r.Input == nil || !b.keys[keyOf(r.Input)]
}

func (b *batcher) add(r reading.Record) {
	b.records = append(b.records, r)
	b.bytes += r.Size
	if r.Input != nil {
		b.keys[keyOf(r.Input)] = true
	}
}

// take returns the batch and begins another.
func (b *batcher) take() []reading.Record {
	records := b.records
	b.records, b.bytes = nil, 0
	clear(b.keys)
	return records
}
