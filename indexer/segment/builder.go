package segment

import (
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/golang/snappy"
)

// Field is a field of an index.
type Field struct {
	Name    string
	Options index.FieldIndexingOptions
}

// Value is what a document has in a field.
type Value struct {
	Terms  []string // in any order, each as often as it stands there
	Short  []uint64 // further terms, of one to three characters; see Short
	Stored []byte   // kept as it is; nil for nothing
}

// Counts returns how often each term stands in the field.
func (v *Value) Counts() map[string]int {
	out := map[string]int{}
	for _, t := range v.Terms {
		out[t]++
	}
	for _, key := range v.Short {
		out[string(appendShort(nil, key))]++
	}
	return out
}

// Builder gathers the documents of one segment. It is for one goroutine, and can be
// used again after Reset.
type Builder struct {
	fields  []Field
	terms   []terms // by field
	ids     []string
	stored  []byte   // what is kept of the documents, as it is written
	offsets []uint64 // where that begins of each
	bytes   int

	values, meta, packed []byte // room to work in
}

// NewBuilder returns a builder for documents with those fields. The first is the one by
// which bleve finds a document to replace it, _id; the others are in the order of their
// names.
func NewBuilder(fields []Field) *Builder {
	return &Builder{fields: fields, terms: make([]terms, len(fields))}
}

// Reset forgets all documents, and keeps the room that they took.
func (b *Builder) Reset() {
	for i := range b.terms {
		b.terms[i].reset()
	}
	clear(b.ids)
	b.ids, b.stored, b.offsets, b.bytes = b.ids[:0], b.stored[:0], b.offsets[:0], 0
}

// Len returns how many documents there are.
func (b *Builder) Len() int { return len(b.ids) }

// Bytes returns the sum of the bytes that Add was told of.
func (b *Builder) Bytes() int { return b.bytes }

// Add adds a document: its id and its values by field, of which that of the first
// field is not looked at. No id may come twice. bytes is how long its texts are. Nothing
// of values is kept.
func (b *Builder) Add(id string, values []Value, bytes int) {
	n := uint32(len(b.ids))
	b.ids = append(b.ids, id)
	b.bytes += bytes
	b.terms[0].begin(n)
	b.terms[0].add(id)
	for i := range values[1:] {
		t, v := &b.terms[i+1], &values[i+1]
		t.begin(n)
		for _, term := range v.Terms {
			t.add(term)
		}
		for _, key := range v.Short {
			t.count(t.ofKey(key))
		}
	}
	b.store(id, values)
}

// AddTo adds the documents to a batch of bleve's.
func (b *Builder) AddTo(batch *index.Batch) {
	for i := range b.ids {
		batch.Update(&document{b, i})
	}
}

// store writes down what is kept of a document.
func (b *Builder) store(id string, values []Value) {
	b.offsets = append(b.offsets, uint64(len(b.stored)))
	b.values = b.values[:0]
	b.meta = appendUvarints(b.meta[:0], uint64(len(id)))
	for i := range values[1:] {
		if stored := values[i+1].Stored; stored != nil {
			b.meta = appendUvarints(b.meta, uint64(i+1), storedType, uint64(len(b.values)), uint64(len(stored)), 0)
			b.values = append(b.values, stored...)
		}
	}
	if n := snappy.MaxEncodedLen(len(b.values)); n > cap(b.packed) {
		b.packed = make([]byte, n)
	}
	packed := snappy.Encode(b.packed[:cap(b.packed)], b.values)
	b.stored = appendUvarints(b.stored, uint64(len(b.meta)), uint64(len(id)+len(packed)))
	b.stored = append(b.stored, b.meta...)
	b.stored = append(b.stored, id...)
	b.stored = append(b.stored, packed...)
}

// storedType is the letter by which bleve's text fields are stored.
const storedType = 't'

// terms are the terms of a field, numbered as they came, and what each document has of
// them.
type terms struct {
	keys   keyTable          // numbers of terms of up to three characters
	texts  map[string]uint32 // numbers of the others
	short  []uint64          // by number: the term as a key, 0 for one in long
	long   []string          // by number, of those whose key is 0; "" for the others
	last   []uint32          // by number: one more than the last document that has it
	place  []uint32          // by number: where in log that document's count is
	log    []counted         // of one document after the other
	starts []uint32          // where in log each document begins
	doc    uint32            // the one that is being added
}

// counted is how often a document has a term.
type counted struct{ term, n uint32 }

func (t *terms) reset() {
	t.keys.reset()
	clear(t.texts)
	clear(t.long)
	t.short, t.long, t.last, t.place, t.log, t.starts = t.short[:0], t.long[:0], t.last[:0], t.place[:0], t.log[:0], t.starts[:0]
}

func (t *terms) begin(doc uint32) {
	t.doc = doc
	t.starts = append(t.starts, uint32(len(t.log)))
}

// add counts a term.
func (t *terms) add(term string) {
	if key := ShortOf(term); key != 0 {
		t.count(t.ofKey(key))
		return
	}
	n, ok := t.texts[term]
	if !ok {
		// A copy, since the term may be a part of a whole text.
		term = string(append([]byte(nil), term...))
		n = t.next(0, term)
		if t.texts == nil {
			t.texts = map[string]uint32{}
		}
		t.texts[term] = n
	}
	t.count(n)
}

// ofKey returns the number of the term with a key.
func (t *terms) ofKey(key uint64) uint32 {
	n, known := t.keys.number(key, uint32(len(t.short)))
	if !known {
		t.next(key, "")
	}
	return n
}

// next numbers a new term.
func (t *terms) next(key uint64, text string) uint32 {
	t.short, t.long = append(t.short, key), append(t.long, text)
	t.last, t.place = append(t.last, 0), append(t.place, 0)
	return uint32(len(t.short) - 1)
}

func (t *terms) count(n uint32) {
	if t.last[n] == t.doc+1 {
		t.log[t.place[n]].n++
		return
	}
	t.last[n], t.place[n] = t.doc+1, uint32(len(t.log))
	t.log = append(t.log, counted{n, 1})
}

// Short returns the key of a term of up to three characters, b and c being 0 where it
// has less. Keys are in the order of their terms' bytes.
func Short(a, b, c rune) uint64 { return uint64(a)<<42 | uint64(b)<<21 | uint64(c) }

// ShortOf returns the key of a term, 0 where it has more than three characters, or
// something that is none.
func ShortOf(term string) uint64 {
	if len(term) > 3*utf8.UTFMax {
		return 0
	}
	key, n := uint64(0), 0
	for i, r := range term {
		if n == 3 || r == 0 || r == utf8.RuneError && term[i] != "\uFFFD"[0] {
			return 0
		}
		key = key<<21 | uint64(r)
		n++
	}
	return key << (21 * (3 - n))
}

// appendShort appends the term of a key.
func appendShort(to []byte, key uint64) []byte {
	for shift := 42; shift >= 0; shift -= 21 {
		if r := rune(key >> shift & (1<<21 - 1)); r != 0 {
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// keyTable is a hash table with open addressing from keys, none of which is 0, to
// numbers. The zero value is empty.
type keyTable struct {
	slots []slot // a power of two
	shift uint   // 64 less the bits of a place
	used  int
}

type slot struct {
	key    uint64
	number uint32
}

func (k *keyTable) reset() {
	clear(k.slots)
	k.used = 0
}

// number returns the number of a key, which is next where it was not known.
func (k *keyTable) number(key uint64, next uint32) (n uint32, known bool) {
	if 2*k.used >= len(k.slots) {
		k.grow()
	}
	mask := len(k.slots) - 1
	for i := k.slot(key); ; i = (i + 1) & mask {
		switch s := &k.slots[i]; s.key {
		case key:
			return s.number, true
		case 0:
			*s = slot{key, next}
			k.used++
			return next, false
		}
	}
}

// slot returns the place where a key is looked for first, by Fibonacci hashing.
func (k *keyTable) slot(key uint64) int { return int(key * 0x9E3779B97F4A7C15 >> k.shift) }

func (k *keyTable) grow() {
	before := k.slots
	size := max(2*len(before), 1<<10)
	k.slots, k.shift = make([]slot, size), 64
	for n := size; n > 1; n /= 2 {
		k.shift--
	}
	for _, s := range before {
		if s.key == 0 {
			continue
		}
		i := k.slot(s.key)
		for k.slots[i].key != 0 {
			i = (i + 1) & (size - 1)
		}
		k.slots[i] = s
	}
}
