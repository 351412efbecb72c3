package indexer

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"github.com/jisiguangyi/jisi/catalog"
)

// cursor is the place of a hit: the value that hits are ordered by, and the
// record's id between equals. With it goes the state of the index in which the
// hit stood there, and how the search was carried out, so that the next page
// goes on where this one ended even if the index has changed since.
type cursor struct {
	value   float64
	id      catalog.ID
	version uint64
	mode    mode
	near    bool // closeness of meaning took part
}

// mode is how a search was carried out.
type mode byte

const (
	modeStrict    mode = iota // what has all that is needed
	modeRelaxed               // what has some of it, since nothing has all
	modeCorrected             // the corrected query, since nothing has any of it
	modeCount
)

const cursorLength = 8 + 8 + 8 + 1

// cursorNear is the bit that says that closeness of meaning took part.
const cursorNear = 0x80

// String writes the cursor for the client, to whom it says nothing.
func (c cursor) String() string {
	b := make([]byte, 0, cursorLength)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(c.value))
	b = binary.BigEndian.AppendUint64(b, uint64(c.id))
	b = binary.BigEndian.AppendUint64(b, c.version)
	how := byte(c.mode)
	if c.near {
		how |= cursorNear
	}
	return base64.RawURLEncoding.EncodeToString(append(b, how))
}

// parseCursor reads what String wrote; KindInvalid for anything else.
func parseCursor(s string) (cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != cursorLength || mode(b[24]&^cursorNear) >= modeCount || math.IsNaN(math.Float64frombits(binary.BigEndian.Uint64(b))) {
		return cursor{}, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "after", Err: err,
			Zh: "这个分页游标不是本检索给出的", En: "this cursor was not given by this search",
		}
	}
	return cursor{
		value:   math.Float64frombits(binary.BigEndian.Uint64(b)),
		id:      catalog.ID(binary.BigEndian.Uint64(b[8:])),
		version: binary.BigEndian.Uint64(b[16:]),
		mode:    mode(b[24] &^ cursorNear),
		near:    b[24]&cursorNear != 0,
	}, nil
}

// ranked is a document with the value that hits are ordered by, greatest
// first, then by id.
type ranked struct {
	value float64
	id    catalog.ID
	doc   uint32
}

func (a ranked) before(b ranked) bool {
	return a.value > b.value || a.value == b.value && a.id < b.id
}

// top keeps the first n of the documents offered to it, as a heap with the
// last of them at its root.
type top struct {
	n    int
	heap []ranked
}

func (t *top) offer(r ranked) {
	if len(t.heap) < t.n {
		t.heap = append(t.heap, r)
		for i := len(t.heap) - 1; i > 0; {
			parent := (i - 1) / 2
			if !t.heap[parent].before(t.heap[i]) {
				break
			}
			t.heap[parent], t.heap[i] = t.heap[i], t.heap[parent]
			i = parent
		}
		return
	}
	if t.n == 0 || !r.before(t.heap[0]) {
		return
	}
	t.heap[0] = r
	t.sink(len(t.heap))
}

// sink puts the root in its place among the first n.
func (t *top) sink(n int) {
	for i := 0; ; {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && t.heap[child].before(t.heap[child+1]) {
			child++
		}
		if !t.heap[i].before(t.heap[child]) {
			return
		}
		t.heap[i], t.heap[child] = t.heap[child], t.heap[i]
		i = child
	}
}

// sorted returns what was kept, first first. The heap is used up.
func (t *top) sorted() []ranked {
	for n := len(t.heap) - 1; n > 0; n-- {
		t.heap[0], t.heap[n] = t.heap[n], t.heap[0]
		t.sink(n)
	}
	return t.heap
}
