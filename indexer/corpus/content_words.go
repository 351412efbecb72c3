package corpus

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/jisiguangyi/jisi/indexer/document"
)

// contentWords are the content words of all documents of a segment, by the numbers
// of a vocabulary: a byte or two a word, where the words themselves would take
// ten times that. It is not changed once all of the segment is read.
type contentWords struct {
	next  int      // the first document that is not read yet
	first []uint32 // first[d]:first[d+1] are document d's in codes
	codes []byte   // unsigned varints: 1 is the vocabulary's word 0; 0 ends a text; of a file, once all is read
	to    *codes   // those that have been read so far
	// In how many of the segment's documents each word stands, deleted ones among
	// them, and how often; shorter than the vocabulary where it has grown since.
	df, tf []uint32
}

// newContentWords returns the words of a segment, of which nothing is read yet. Their
// codes are kept in dir; see codes.
func newContentWords(s segment.Segment, dir string) *contentWords {
	return &contentWords{first: make([]uint32, int(s.Count())+1), to: newCodes(dir)}
}

// read reads what has not been read of the segment's words, and numbers new ones. It may be called again where ctx ended meanwhile.
func (q *contentWords) read(ctx context.Context, s segment.Segment, to *vocabulary) error {
	if q.df != nil {
		return nil
	}
	err := q.readAll(ctx, s, to)
	if errors.Is(err, errCodes) {
		// Their disk is full, for instance: from the start, and in memory.
		q.to.close()
		q.next, q.to = 0, new(codes)
		err = q.readAll(ctx, s, to)
	}
	if err == nil {
		q.count(len(to.words))
	}
	return err
}

// errCodes says that codes could not be written to their file.
var errCodes = errors.New("the codes of words have no file")

func (q *contentWords) readAll(ctx context.Context, s segment.Segment, to *vocabulary) error {
	var numbers []uint32
	var room []byte // for the codes of a document
	for ; q.next < len(q.first)-1; q.next++ {
		if q.next%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		failed := document.ErrShort // where nothing is stored
		err := s.VisitStoredFields(uint64(q.next), func(name string, _ byte, value []byte, _ []uint64) bool {
			if name == document.FieldContentWords {
				// Read in here: bleve lends its buffer to the next reader afterwards.
				room, numbers, failed = appendCodes(room[:0], value, to, numbers[:0])
				return false
			}
			return true
		})
		if err = cmp.Or(err, failed); err != nil {
			return fmt.Errorf("indexer: read the words of document %d of a segment: %w", q.next, err)
		}
		if err := q.to.add(room); err != nil {
			return errors.Join(errCodes, err)
		}
		q.first[q.next+1] = uint32(q.to.size)
	}
	var err error
	if q.codes, err = bytes(q.to, q); err != nil {
		return errors.Join(errCodes, err)
	}
	return nil
}

// appendCodes appends the codes of what document.ContentWords wrote; numbers is room to
// work in. Nothing of raw is kept or copied: the whole of an index is read at once, and
// what it left behind was more than all that stays.
func appendCodes(codes, raw []byte, to *vocabulary, numbers []uint32) ([]byte, []uint32, error) {
	if len(raw) == 0 {
		return codes, numbers, document.ErrShort
	}
	d := document.Decoder{Rest: unsafe.String(&raw[0], len(raw))} //nolint:gosec // not kept
	for n := d.Count(); n > 0; n-- {
		numbers = append(numbers, to.number(d.String()))
	}
	if d.Err != nil {
		return codes, numbers, d.Err
	}
	for rest := raw[len(raw)-len(d.Rest):]; len(rest) > 0; {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(numbers)) {
			return codes, numbers, document.ErrShort
		}
		rest = rest[size:]
		if n > 0 {
			n = uint64(numbers[n-1]) + 1
		}
		codes = binary.AppendUvarint(codes, n)
	}
	return codes, numbers, nil
}

func (q *contentWords) count(words int) {
	t := newWordTally(words)
	for d := range len(q.first) - 1 {
		t.add(q, uint32(d))
	}
	q.df, q.tf = t.df, t.tf
}

// each calls visit with document d's words in their order, -1 where a text
// ends.
func (q *contentWords) each(d uint32, visit func(word int)) {
	codes := q.codes[q.first[d]:q.first[d+1]]
	for i := 0; i < len(codes); {
		n := int(codes[i])
		i++
		if n >= 0x80 {
			n &= 0x7f
			for shift := 7; ; shift += 7 {
				b := codes[i]
				i++
				n |= int(b&0x7f) << shift
				if b < 0x80 {
					break
				}
			}
		}
		visit(n - 1)
	}
	runtime.KeepAlive(q) // its codes are unmapped once nobody has it
}

// wordTally counts words over documents.
type wordTally struct {
	df, tf []uint32
	seen   []uint32 // the turn at which each word was seen last
	turn   uint32
}

func newWordTally(words int) *wordTally {
	return &wordTally{df: make([]uint32, words), tf: make([]uint32, words), seen: make([]uint32, words)}
}

func (t *wordTally) add(q *contentWords, d uint32) {
	t.turn++
	q.each(d, func(w int) {
		if w < 0 {
			return
		}
		t.tf[w]++
		if t.seen[w] != t.turn {
			t.seen[w] = t.turn
			t.df[w]++
		}
	})
}

// vocabulary numbers words in the order in which they are met, so that those
// that stand everywhere have the small numbers.
type vocabulary struct {
	words   []string
	numbers map[string]uint32
}

func (v *vocabulary) number(text string) uint32 {
	n, ok := v.numbers[text]
	if !ok {
		n = uint32(len(v.words))
		text = strings.Clone(text)
		v.words = append(v.words, text)
		v.numbers[text] = n
	}
	return n
}
