package segment

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// norm is the length that all documents have in all fields: scores take theirs from
// elsewhere, and a term that stands once in one document takes no room beside its name
// where its norm is one.
const norm = 1

// notUninverted says that a field has no values by document.
const notUninverted = math.MaxUint64

// vellumOptions are those that zap builds dictionaries with.
var vellumOptions = &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1}

// Segment returns the documents as a segment in memory. config is bleve's.
func (b *Builder) Segment(config map[string]any) (*zap.SegmentBase, error) {
	w := writer{docs: len(b.ids), bitmap: roaring.New()}
	w.b = make([]byte, 0, b.estimate())
	w.b = append(w.b, b.stored...)
	storedIndex := uint64(len(w.b))
	for _, at := range b.offsets {
		w.b = binary.BigEndian.AppendUint64(w.b, at)
	}
	w.b = append(w.b, 0) // no nested documents
	addresses := make([]uint64, len(b.fields))
	for i := range b.terms {
		var err error
		if addresses[i], err = w.field(&b.terms[i]); err != nil {
			return nil, fmt.Errorf("segment: write field %s: %w", b.fields[i].Name, err)
		}
	}
	sections := w.sections(b.fields, addresses)
	stats, ok := config[scorch.StatsKey].(*scorch.Stats)
	if !ok || stats == nil {
		stats = new(scorch.Stats)
	}
	s, err := zap.InitSegmentBase(w.b, crc32.ChecksumIEEE(w.b), zap.DefaultChunkMode, uint64(w.docs), storedIndex, sections, config, stats)
	if err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	return s, nil
}

// estimate is about how many bytes the segment will have.
func (b *Builder) estimate() int {
	n := len(b.stored) + 10*len(b.ids)
	for i := range b.terms {
		n += 4*len(b.terms[i].log) + 32*len(b.terms[i].short)
	}
	return n
}

// writer writes a segment.
type writer struct {
	b    []byte
	docs int

	dictionary bytes.Buffer
	builder    *vellum.Builder
	bitmap     *roaring.Bitmap
	counts     []byte   // of one term, in chunks
	ends       []uint64 // of those
	term       []byte
}

// Write appends to what is written.
func (w *writer) Write(p []byte) (int, error) {
	w.b = append(w.b, p...)
	return len(p), nil
}

// field writes the lists and the dictionary of a field, and returns where it says
// where they are.
func (w *writer) field(t *terms) (address uint64, err error) {
	if w.builder == nil {
		w.builder, err = vellum.New(&w.dictionary, vellumOptions)
	} else {
		w.dictionary.Reset()
		err = w.builder.Reset(&w.dictionary)
	}
	if err != nil {
		return 0, err
	}
	lists := t.invert()
	for _, n := range t.sorted() {
		if w.term = append(w.term[:0], t.long[n]...); t.short[n] != 0 {
			w.term = appendShort(w.term, t.short[n])
		}
		list, err := w.list(lists.docs[lists.starts[n]:lists.starts[n+1]], lists.counts[lists.starts[n]:lists.starts[n+1]])
		if err == nil {
			err = w.builder.Insert(w.term, list)
		}
		if err != nil {
			return 0, fmt.Errorf("term %q: %w", w.term, err)
		}
	}
	if err := w.builder.Close(); err != nil {
		return 0, err
	}
	dictionary := uint64(len(w.b))
	w.b = binary.AppendUvarint(w.b, uint64(w.dictionary.Len()))
	w.b = append(w.b, w.dictionary.Bytes()...)
	address = uint64(len(w.b))
	w.b = appendUvarints(w.b, notUninverted, notUninverted, dictionary)
	return address, nil
}

// list writes the list of a term, and returns what its dictionary has beside it.
func (w *writer) list(docs, counts []uint32) (uint64, error) {
	if len(docs) == 1 && counts[0] == 1 {
		return zap.FSTValEncode1Hit(uint64(docs[0]), norm), nil
	}
	size := chunkSize(len(docs), w.docs)
	w.counts, w.ends = w.counts[:0], w.ends[:0]
	for i, d := range docs {
		for len(w.ends) < int(d)/size {
			w.ends = append(w.ends, uint64(len(w.counts)))
		}
		w.counts = appendUvarints(w.counts, uint64(counts[i])<<1, norm) // the lowest bit says that places follow
	}
	for len(w.ends) < (w.docs-1)/size+1 {
		w.ends = append(w.ends, uint64(len(w.counts)))
	}
	at := uint64(len(w.b))
	w.b = binary.AppendUvarint(w.b, uint64(len(w.ends)))
	w.b = appendUvarints(w.b, w.ends...)
	w.b = append(w.b, w.counts...)
	w.bitmap.Clear()
	w.bitmap.AddMany(docs)
	list := uint64(len(w.b))
	w.b = appendUvarints(w.b, at, 0, w.bitmap.GetSerializedSizeInBytes())
	_, err := w.bitmap.WriteTo(w)
	return list, err
}

// chunkSize is how many documents of a segment a chunk of counts is for, of a list of
// so many: zap's mode 1026.
func chunkSize(listed, docs int) int { return docs / (listed/1024 + 1) }

// sections writes where each field's lists are, and returns where that is told.
func (w *writer) sections(fields []Field, addresses []uint64) uint64 {
	at := make([]uint64, len(fields))
	for i, f := range fields {
		at[i] = uint64(len(w.b))
		w.b = binary.AppendUvarint(w.b, uint64(len(f.Name)))
		w.b = append(w.b, f.Name...)
		w.b = appendUvarints(w.b, uint64(f.Options), 1)
		w.b = binary.BigEndian.AppendUint16(w.b, zap.SectionInvertedTextIndex)
		w.b = binary.BigEndian.AppendUint64(w.b, addresses[i])
	}
	sections := uint64(len(w.b))
	w.b = binary.AppendUvarint(w.b, uint64(len(fields)))
	for _, a := range at {
		w.b = binary.BigEndian.AppendUint64(w.b, a)
	}
	return sections
}

func appendUvarints(to []byte, ns ...uint64) []byte {
	for _, n := range ns {
		to = binary.AppendUvarint(to, n)
	}
	return to
}

// inverted are the lists of a field's terms, one after the other: those of term n are
// from starts[n] to starts[n+1].
type inverted struct{ docs, counts, starts []uint32 }

// invert makes lists of the documents' counts by a counting sort, which leaves the
// documents of each list ascending.
func (t *terms) invert() inverted {
	l := inverted{docs: make([]uint32, len(t.log)), counts: make([]uint32, len(t.log)), starts: make([]uint32, len(t.short)+2)}
	for _, c := range t.log {
		l.starts[c.term+2]++
	}
	for n := range t.short {
		l.starts[n+1] += l.starts[n]
	}
	if len(t.short) > 0 {
		l.starts[len(t.short)+1] += l.starts[len(t.short)]
	}
	next := l.starts[1:] // becomes the starts of those that follow
	for d, from := range t.starts {
		to := len(t.log)
		if d+1 < len(t.starts) {
			to = int(t.starts[d+1])
		}
		for _, c := range t.log[from:to] {
			at := next[c.term]
			l.docs[at], l.counts[at] = uint32(d), c.n
			next[c.term]++
		}
	}
	return l
}

// sorted returns the numbers of the terms in the order of their bytes.
func (t *terms) sorted() []uint32 {
	type numbered struct {
		key uint64
		n   uint32
	}
	short, long := make([]numbered, 0, len(t.short)), []uint32(nil)
	for n, key := range t.short {
		if key != 0 {
			short = append(short, numbered{key, uint32(n)})
		} else {
			long = append(long, uint32(n))
		}
	}
	slices.SortFunc(short, func(a, b numbered) int { return cmp.Compare(a.key, b.key) })
	slices.SortFunc(long, func(a, b uint32) int { return cmp.Compare(t.long[a], t.long[b]) })
	out := make([]uint32, 0, len(t.short))
	var room []byte
	for _, s := range short {
		room = appendShort(room[:0], s.key)
		for len(long) > 0 && t.long[long[0]] < string(room) {
			out, long = append(out, long[0]), long[1:]
		}
		out = append(out, s.n)
	}
	return append(out, long...)
}
