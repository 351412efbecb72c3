package indexer

import (
	"context"
	"fmt"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/peers"
)

// Meaning finds records by closeness of meaning; package meaning implements it.
type Meaning interface {
	// Text returns where a text stands. An error other than ctx's says that meaning
	// takes no part now.
	Text(ctx context.Context, text string) ([]float32, error)
	// Record returns where a record stands.
	Record(ctx context.Context, id catalog.ID) ([]float32, error)
	// Near returns up to n records near a place, nearest first; fewer, or none, where
	// no more are nearer than chance would bring them.
	Near(ctx context.Context, at []float32, n int) (*catalog.Nearby, error)
	// Closeness returns how near records are to that place, 0 for those that are as
	// far off as most.
	Closeness(ctx context.Context, at []float32, near *catalog.Nearby, of []catalog.ID) []float64
	// Version changes whenever the same question may be answered otherwise.
	Version() uint64
}

// nearAtMost is how many records a search finds by their meaning alone, besides those
// that it finds by words: totals and facets count both.
const nearAtMost = 20

// nearWeight is what one standard deviation of closeness adds to what the model of the
// second look makes of a hit's words. bench/relevance/learn fits it, on folds, with any
// server of embeddings; its README has what was tried.
const nearWeight = 0.4

// place is where what is asked stands, and what is near it; nil where meaning takes no
// part.
type place struct {
	meaning Meaning
	at      []float32
	near    *catalog.Nearby
}

// closeness returns how near records are to the place.
func (p *place) closeness(ctx context.Context, ids []catalog.ID) []float64 {
	return p.meaning.Closeness(ctx, p.at, p.near, ids)
}

// placeOf returns where a text stands, or a record where id is not 0; nil, without an
// error, where that cannot be had now.
func (x *Index) placeOf(ctx context.Context, text string, id catalog.ID, n int) (p *place, err error) {
	if x.o.Meaning == nil {
		return nil, nil //nolint:nilnil // nil takes no part
	}
	p = &place{meaning: x.o.Meaning}
	if id != 0 {
		p.at, err = p.meaning.Record(ctx, id)
	} else {
		p.at, err = p.meaning.Text(ctx, text)
	}
	if err == nil {
		p.near, err = p.meaning.Near(ctx, p.at, n)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("indexer: ask for what is near: %w", ctx.Err())
	}
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // words answer
	}
	return p, nil
}

// places keeps where queries stood in a state of the index, so that the pages after
// the first go on in the order of the first, whatever has become of the server. The
// zero value is empty; it is safe for concurrent use.
type places struct {
	mu sync.Mutex
	by map[string]*place
}

// placesAtMost is how many places a view keeps, each of some 4 KB.
const placesAtMost = 200

func (p *places) get(query string) *place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.by[query]
}

func (p *places) put(query string, at *place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil || len(p.by) >= placesAtMost {
		p.by = map[string]*place{}
	}
	p.by[query] = at
}

// locate finds where the query stands, where meaning takes part in the search. A query
// of phrases, fields or exclusions alone stands nowhere, and neither does an empty one.
// A page after the first has the place of the first, or none as that had none.
func (s *search) locate(ctx context.Context) (err error) {
	s.page.Meaning = catalog.MeaningNotConfigured
	if s.x.o.Meaning == nil {
		return nil
	}
	s.page.Meaning = catalog.MeaningUnavailable
	if len(s.plan.Units) == 0 {
		return nil
	}
	if s.after == nil {
		if s.place, err = s.x.placeOf(ctx, string(s.parsed.Text), 0, nearAtMost); err != nil {
			return err
		}
		if s.place != nil {
			s.view.places.put(s.query.Query, s.place)
		}
	} else if s.after.near {
		s.place = s.view.places.get(s.query.Query)
	}
	if s.place != nil {
		s.page.Meaning = catalog.MeaningUsed
	}
	return nil
}

// addNear adds what is near in meaning to what was found by words, as far as phrases,
// fields and exclusions let it.
func (s *search) addNear(ctx context.Context) {
	if s.place == nil {
		return
	}
	for _, n := range s.place.near.Records {
		if d, ok := s.view.Find(ctx, n.ID); ok && s.found.allowed.Has(d) {
			if !s.found.set.Has(d) {
				s.near = append(s.near, d)
				s.found.set.Add(d)
			}
		}
	}
}

// nearHits returns those hits that only their meaning brought and that pass the
// filter, with the score of what words they have.
func (s *search) nearHits() []ranked {
	var out []ranked
	for _, d := range s.near {
		if s.hits.Has(d) {
			words, grams := s.view.partScores(s.found.terms, d)
			out = append(out, ranked{value: float64(words + grams), id: s.view.ID(d), doc: d})
		}
	}
	return out
}

// nearPeers is what is near the problem of a look for peers, in a state of the index.
type nearPeers struct {
	*view
	*place
	query catalog.PeerQuery
}

// peersNear is how many records near a problem are looked through for cases of peers.
const peersNear = 60

// Nearest returns the cases near the problem that the query lets be shown.
func (n *nearPeers) Nearest(ctx context.Context) []uint32 {
	workspace := docset.NewWorkspace(n.size)
	defer workspace.Free()
	may := n.peerCandidates(ctx, &n.query, workspace)
	var out []uint32
	for _, one := range n.near.Records {
		if d, ok := n.Find(ctx, one.ID); ok && may.Has(d) {
			out = append(out, d)
		}
	}
	return out
}

// Closeness returns how near documents are to the problem.
func (n *nearPeers) Closeness(ctx context.Context, docs []uint32) []float64 {
	ids := make([]catalog.ID, len(docs))
	for i, d := range docs {
		ids[i] = n.ID(d)
	}
	return n.closeness(ctx, ids)
}

var _ peers.Near = (*nearPeers)(nil)
