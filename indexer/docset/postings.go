package docset

import "math/bits"

// Postings are the documents of a segment that hold a term, and how often each
// does. Most lists are short, and are the documents' numbers; one that a good
// part of the segment is on is a set, which takes less room, and tells at once
// whether a document is on it.
type Postings struct {
	Len    int      // how many documents
	List   []uint32 // ascending; nil where Bitmap is there
	Bitmap Bitmap   // by document; nil where List is there
	Counts []uint8  // how often, by the document's place on the list, as Count reads it; nil where it is not counted
	Ranks  []uint32 // of a counted set: by word of Bitmap, how many documents stand before it

	// What the term adds to a score is at most MaxImpact times its weight, where the
	// average length is MeanLength; the index weighs it (indexer/score.go).
	MaxImpact  float32
	MeanLength float32

	// Step is 1 where Counts is of a segment's file: twice each count in every second
	// byte; and 0 where it has the counts themselves. The memory of a file is not the
	// process's own.
	Step uint8
}

// denseShare is the share of a segment's documents from which a list is a set.
const denseShare = 8

// Bytes is what the list takes in memory.
func (p *Postings) Bytes() int64 {
	n := int64(4*len(p.List)+8*len(p.Bitmap)+4*len(p.Ranks)) + 128
	if p.Step == 0 {
		n += int64(len(p.Counts))
	}
	return n
}

// Count returns how often the term stands in the document at place i of the list.
func (p *Postings) Count(i int) uint8 { return CountAt(p.Counts, p.Step, i) }

// CountAt returns the count at place i of a list's Counts and Step: for loops that have
// taken both out of it.
func CountAt(counts []uint8, step uint8, i int) uint8 { return counts[i<<(step&1)] >> (step & 1) }

// Each calls visit with each document, ascending.
func (p *Postings) Each(visit func(d uint32)) {
	if p.Bitmap != nil {
		p.Bitmap.Each(visit)
		return
	}
	for _, d := range p.List {
		visit(d)
	}
}

// EachCount calls visit with each document and its count, ascending.
func (p *Postings) EachCount(visit func(d uint32, n uint8)) {
	i := 0
	p.Each(func(d uint32) {
		visit(d, p.Count(i))
		i++
	})
}

// CountOf returns how often the term stands in a document, 0 where it is not on the
// list. p is a counted set.
func (p *Postings) CountOf(d uint32) uint8 {
	word, bit := p.Bitmap[d/64], uint64(1)<<(d%64)
	if word&bit == 0 {
		return 0
	}
	return p.Count(int(p.Ranks[d/64]) + bits.OnesCount64(word&(bit-1)))
}

// Docs returns the documents, ascending.
func (p *Postings) Docs() []uint32 {
	if p.Bitmap != nil {
		return p.Bitmap.AppendTo(make([]uint32, 0, p.Len))
	}
	return p.List
}

// AddTo adds the documents to a set.
func (p *Postings) AddTo(to Bitmap) {
	if p.Bitmap != nil {
		to[:len(p.Bitmap)].Or(p.Bitmap)
		return
	}
	for _, d := range p.List {
		to.Add(d)
	}
}

// CountIn counts the documents that are in a set too.
func (p *Postings) CountIn(set Bitmap) int {
	if p.Bitmap != nil {
		return p.Bitmap.CountBoth(set)
	}
	n := 0
	for _, d := range p.List {
		if set.Has(d) {
			n++
		}
	}
	return n
}

// FromDocs makes a list of documents, which are ascending, of a segment of size.
func FromDocs(docs []uint32, size int) *Postings {
	if len(docs) == 0 {
		return Empty
	}
	if len(docs) < size/denseShare {
		return &Postings{Len: len(docs), List: docs}
	}
	set := NewBitmap(size)
	for _, d := range docs {
		set.Add(d)
	}
	return &Postings{Len: len(docs), Bitmap: set}
}

// FromBitmap makes a list of a set, which it takes.
func FromBitmap(set Bitmap, size int) *Postings {
	n := set.Count()
	switch {
	case n == 0:
		return Empty
	case n < size/denseShare:
		return &Postings{Len: n, List: set.AppendTo(make([]uint32, 0, n))}
	}
	return &Postings{Len: n, Bitmap: set}
}

// Empty is the list of a term that a segment does not have.
var Empty = &Postings{}
