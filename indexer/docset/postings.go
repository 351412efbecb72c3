package docset

// Postings are the documents of a segment that hold a term, and how often each
// does. Most lists are short, and are the documents' numbers; one that a good
// part of the segment is on is a set, which takes less room, and tells at once
// whether a document is on it.
type Postings struct {
	Len    int      // how many documents
	List   []uint32 // ascending; nil where set is there
	Bitmap Bitmap   // by document; nil where docs is there
	Counts []uint8  // how often: beside docs, or by document beside set; nil where it is not counted

	// What the term adds to a score is at most best times its weight, where the
	// average length is average; see view.weigh.
	MaxImpact  float32
	MeanLength float32
}

// denseShare is the share of a segment's documents from which a list is a set.
const denseShare = 8

// Bytes is what the list takes in memory.
func (p *Postings) Bytes() int64 {
	return int64(4*len(p.List)+8*len(p.Bitmap)+len(p.Counts)) + 128
}

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
	if p.Bitmap == nil {
		for i, d := range p.List {
			visit(d, p.Counts[i])
		}
		return
	}
	for d, n := range p.Counts {
		if n > 0 {
			visit(uint32(d), n)
		}
	}
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
