package synthetic

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// How many cases there are to one of each other kind. A block is the stretch of
// cases after which the others come round again.
const (
	blockCases      = 40
	casesToBrand    = blockCases
	casesToProposal = 10
	casesToAdoption = 5
	casesToPerson   = 200
	casesToVenue    = 50
	casesToRating   = 50
)

// Options say what to make up.
type Options struct {
	Cases int    // how many; further records come on top, about one to 2.9 cases
	Seed  uint64 // which; the same seed makes the same bytes
}

// Write writes o.Cases cases and the records about them to w as JSON Lines,
// each record after those that it refers to; committees and topics are taken as
// known. The same options make the same bytes on every run and machine, and
// for the same seed the records of whole blocks of 40 cases stand at the
// beginning of every larger output. Memory does not grow with Cases. The error
// is one of w, or ctx's where it ends.
//
// Safe for concurrent use with different writers.
func Write(ctx context.Context, w io.Writer, o Options) error {
	if o.Cases < 0 {
		return fmt.Errorf("synthetic: %d cases cannot be made", o.Cases)
	}
	g, err := newGenerator(o)
	if err != nil {
		return err
	}
	if _, err := jsonl.Write(w, g.records(ctx)); err != nil {
		return fmt.Errorf("synthetic: %w", err)
	}
	return nil
}

// generator makes any record by its number alone, so that no record has to be
// remembered for a later one to refer to it.
type generator struct {
	o          Options
	words      *lexicon
	world      *world
	committees []float64 // shares, summed up
	themes     []float64
}

func newGenerator(o Options) (*generator, error) {
	l, err := loadLexicon()
	if err != nil {
		return nil, err
	}
	w, err := loadWorld()
	if err != nil {
		return nil, err
	}
	g := &generator{o: o, words: l, world: w}
	g.committees = shares(len(w.committees), g.random("committees", 0))
	g.themes = shares(len(l.themes), g.random("themes", 0))
	return g, nil
}

// records returns all records in blocks: a block's brand, persons and proposals,
// then its cases, then what is about cases.
func (g *generator) records(ctx context.Context) iter.Seq2[catalog.Input, error] {
	return func(yield func(catalog.Input, error) bool) {
		give := func(in catalog.Input) bool {
			if err := context.Cause(ctx); err != nil {
				yield(nil, err)
				return false
			}
			return yield(in, nil)
		}
		if g.o.Cases == 0 || !give(g.umbrella()) {
			return
		}
		for from := 0; from < g.o.Cases; from += blockCases {
			to := min(from+blockCases, g.o.Cases)
			for in := range g.block(from, to) {
				if !give(in) {
					return
				}
			}
		}
	}
}

// block returns the records of the cases [from, to).
func (g *generator) block(from, to int) iter.Seq[catalog.Input] {
	return func(yield func(catalog.Input) bool) {
		_ = each(from, to, casesToBrand, func(n int) bool { return yield(g.brand(n)) }) &&
			each(from, to, casesToPerson, func(n int) bool { return yield(g.person(n)) }) &&
			each(from, to, casesToProposal, func(n int) bool { return yield(g.proposal(n)) }) &&
			each(from, to, 1, func(n int) bool { return yield(g.oneCase(n)) }) &&
			each(from, to, casesToVenue, func(n int) bool { return yield(g.venue(n)) }) &&
			each(from, to, casesToRating, func(n int) bool { return yield(g.evaluation(n)) }) &&
			g.adoptions(from, to, func(in *catalog.AdoptionInput) bool { return yield(in) })
	}
}

// each calls f with the number of each record that falls on one of the cases
// [from, to), where there is one record to every so many cases; false where f
// wants no more.
func each(from, to, every int, f func(n int) bool) bool {
	for i := from; i < to; i++ {
		if i%every == 0 && !f(i/every) {
			return false
		}
	}
	return true
}

// random returns the source of chance of one record: the same for the same seed,
// purpose and number.
func (g *generator) random(purpose string, n int) *rand.Rand {
	stream := uint64(14695981039346656037) // FNV-1a over the purpose
	for i := 0; i < len(purpose); i++ {
		stream = (stream ^ uint64(purpose[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(g.o.Seed, scramble(stream+uint64(n))))
}

// scramble spreads neighbouring numbers over all of 64 bits (the finaliser of
// SplitMix64), so that neighbouring records have nothing in common.
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// slug names a record.
func (g *generator) slug(kind string, n int) string {
	return fmt.Sprintf("synthetic-%d-%s-%d", g.o.Seed, kind, n+1)
}

// mark ends a title or name, so that nobody takes it for a real one.
func mark(n int) string { return fmt.Sprintf("（合成%d号）", n+1) }

// summaryMark begins a summary or description.
const summaryMark = "【合成数据】"

// meta is the head of a published synthetic record.
func (g *generator) meta(kind string, n int) catalog.InputMeta {
	return catalog.InputMeta{Slug: g.slug(kind, n), Origin: catalog.OriginSynthetic, Status: catalog.StatusPublished}
}
