package indexer

// postings are the documents of a segment that hold a term, and how often each
// does. Most lists are short, and are the documents' numbers; one that a good
// part of the segment is on is a set, which takes less room, and tells at once
// whether a document is on it.
type postings struct {
	n      int      // how many documents
	docs   []uint32 // ascending; nil where set is there
	set    bitset   // by document; nil where docs is there
	counts []uint8  // how often: beside docs, or by document beside set; nil where it is not counted

	// What the term adds to a score is at most best times its weight, where the
	// average length is average; see view.weigh.
	best    float32
	average float32
}

// listed is the share of a segment's documents from which a list is a set.
const listed = 8

// bytes is what the list takes in memory.
func (p *postings) bytes() int64 {
	return int64(4*len(p.docs)+8*len(p.set)+len(p.counts)) + 128
}

// each calls visit with each document, ascending.
func (p *postings) each(visit func(d uint32)) {
	if p.set != nil {
		p.set.each(visit)
		return
	}
	for _, d := range p.docs {
		visit(d)
	}
}

// eachCount calls visit with each document and its count, ascending.
func (p *postings) eachCount(visit func(d uint32, n uint8)) {
	if p.set == nil {
		for i, d := range p.docs {
			visit(d, p.counts[i])
		}
		return
	}
	for d, n := range p.counts {
		if n > 0 {
			visit(uint32(d), n)
		}
	}
}

// all gives the documents, ascending.
func (p *postings) all() []uint32 {
	if p.set != nil {
		return p.set.appendTo(make([]uint32, 0, p.n))
	}
	return p.docs
}

// addTo adds the documents to a set.
func (p *postings) addTo(to bitset) {
	if p.set != nil {
		to[:len(p.set)].or(p.set)
		return
	}
	for _, d := range p.docs {
		to.add(d)
	}
}

// in counts the documents that are in a set too.
func (p *postings) in(set bitset) int {
	if p.set != nil {
		return p.set.countBoth(set)
	}
	n := 0
	for _, d := range p.docs {
		if set.has(d) {
			n++
		}
	}
	return n
}

// ofDocs makes a list of documents, which are ascending, of a segment of size.
func ofDocs(docs []uint32, size int) *postings {
	if len(docs) == 0 {
		return none
	}
	if len(docs) < size/listed {
		return &postings{n: len(docs), docs: docs}
	}
	set := newBits(size)
	for _, d := range docs {
		set.add(d)
	}
	return &postings{n: len(docs), set: set}
}

// ofSet makes a list of a set, which it takes.
func ofSet(set bitset, size int) *postings {
	n := set.count()
	switch {
	case n == 0:
		return none
	case n < size/listed:
		return &postings{n: n, docs: set.appendTo(make([]uint32, 0, n))}
	}
	return &postings{n: n, set: set}
}

// none is the list of a term that a segment does not have.
var none = &postings{}
