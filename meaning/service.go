package meaning

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Store keeps vectors and hands out what they are made of; package store implements it.
type Store interface {
	Snapshot(ctx context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error
	Changes(ctx context.Context, after catalog.Cursor, limit int) (changes []catalog.Change, truncated bool, err error)
	Documents(ctx context.Context, ids []catalog.ID) ([]*catalog.Document, error)
	// Embeddings returns the vectors that are kept of records; where digests is not
	// nil, only those made of the text with the digest at the same place.
	Embeddings(ctx context.Context, of catalog.EmbeddingSpace, ids []catalog.ID, digests [][]byte) ([]catalog.Embedding, error)
	// EmbeddingDimensions returns how long the model's newest are, 0 where there are none.
	EmbeddingDimensions(ctx context.Context, model string) (int, error)
	SaveEmbeddings(ctx context.Context, of catalog.EmbeddingSpace, made []catalog.Embedding) error
	RemoveEmbeddings(ctx context.Context, ids []catalog.ID) error
	TrimEmbeddings(ctx context.Context, of catalog.EmbeddingSpace, keep time.Duration, public []catalog.ID) error
	// HoldEmbedding makes holder the one that fills a space for so long, unless another is.
	HoldEmbedding(ctx context.Context, of catalog.EmbeddingSpace, holder string, life time.Duration) (bool, error)
}

// ErrUnavailable says that closeness of meaning cannot be had now: the server does not
// answer in time, or there are no vectors yet.
var ErrUnavailable = errors.New("closeness of meaning is not available")

// queriesAtOnce is how many queries the server is asked at the same time; the others
// wait within their budget.
const queriesAtOnce = 8

// Service finds what is near in meaning. It is safe for concurrent use; New makes one,
// Follow fills it and Watch looks after its server.
type Service struct {
	client *Client
	store  Store
	log    *slog.Logger
	holder string // names this process among those that may fill the space

	space   atomic.Pointer[vectors] // nil before the length of vectors is known
	asking  chan struct{}
	version atomic.Uint64
	wanted  atomic.Int64 // records that are to have a vector
	stale   atomic.Bool  // the server's vectors are of another length than those in memory
	waiting atomic.Bool  // the version will change, for queries that waited in vain

	mu     sync.Mutex
	why    error         // why the server is not asked; nil while it is
	failed chan struct{} // holds one once it is not
}

// New returns a service that knows no record before Follow runs.
func New(c *Client, s Store, log *slog.Logger) *Service {
	return &Service{client: c, store: s, log: log, holder: rand.Text(), asking: make(chan struct{}, queriesAtOnce), failed: make(chan struct{}, 1)}
}

// State is how a service does.
type State struct {
	Up         bool // the server answered last
	Why        error
	Vectors    int // in memory
	Wanted     int // records that are to have one
	Dimensions int // 0 where not known yet
	Model      string
}

// State returns how the service does.
func (s *Service) State() State {
	st := State{Model: s.client.settings.Model, Wanted: int(s.wanted.Load())}
	s.mu.Lock()
	st.Up, st.Why = s.why == nil, s.why
	s.mu.Unlock()
	if v := s.space.Load(); v != nil {
		st.Vectors, st.Dimensions = v.count(), v.dimensions
	}
	return st
}

// Version changes whenever the same question may be answered otherwise: a vector is
// there or gone, or the server is.
func (s *Service) Version() uint64 { return s.version.Load() }

// down stops asking the server until Watch finds that it answers.
func (s *Service) down(why error) {
	s.mu.Lock()
	before := s.why
	s.why = why
	s.mu.Unlock()
	if before == nil {
		s.version.Add(1)
		s.log.Warn("closeness of meaning is not available; searches go by words", "reason", why)
	}
	select {
	case s.failed <- struct{}{}:
	default:
	}
}

func (s *Service) up() {
	s.mu.Lock()
	before := s.why
	s.why = nil
	s.mu.Unlock()
	if before != nil {
		s.version.Add(1)
		s.log.Info("closeness of meaning is available again")
	}
}

func (s *Service) isUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why == nil
}

// Text returns where a text stands, asking the server for no longer than the budget.
// Once the server has failed it is asked no more until Watch finds that it answers, so
// that one that is gone costs nobody's time. ErrUnavailable for every failure of the
// server's, ctx's error where that has ended.
func (s *Service) Text(ctx context.Context, text string) ([]float32, error) {
	v := s.space.Load()
	if v == nil || v.count() == 0 || !s.isUp() {
		return nil, ErrUnavailable
	}
	limit, cancel := context.WithTimeout(ctx, s.client.settings.Budget)
	defer cancel()
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-limit.Done():
		s.busy()
		return nil, cmp.Or(ctx.Err(), ErrUnavailable) // it is busy with others, and not gone
	}
	at, err := s.client.Query(limit, text)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		s.down(err)
		return nil, ErrUnavailable
	case len(at) != v.dimensions:
		s.stale.Store(true)
		s.down(&refusal{200, fmt.Sprintf("a vector of length %d, where the records' have %d", len(at), v.dimensions)})
		return nil, ErrUnavailable
	}
	return at, nil
}

// busyFor is how long an answer holds that the server was too busy for.
const busyFor = time.Second

// busy has who asks the same again be luckier, a moment later: all answers that are cached
// go with the version, and would with each query that waits in vain, when they are needed
// most.
func (s *Service) busy() {
	if s.waiting.CompareAndSwap(false, true) {
		time.AfterFunc(busyFor, func() {
			s.waiting.Store(false)
			s.version.Add(1)
		})
	}
}

// Record returns where a record stands, which asks no server. ErrUnavailable where it
// has no vector.
func (s *Service) Record(_ context.Context, id catalog.ID) ([]float32, error) {
	if v := s.space.Load(); v != nil {
		if at, ok := v.of(id); ok {
			return at, nil
		}
	}
	return nil, ErrUnavailable
}

// rescored is how many times as many of the nearest are compared by their exact
// vectors as are wanted.
const rescored = 3

// Near returns up to n records nearest to a place: those that are nearer than the
// nearest of so many would be by chance. ErrUnavailable where the space has changed.
func (s *Service) Near(ctx context.Context, at []float32, n int) (*catalog.Nearby, error) {
	v := s.space.Load()
	if v == nil || v.dimensions != len(at) {
		return nil, ErrUnavailable
	}
	c, err := v.compare(ctx, at, n*rescored)
	if err != nil {
		return nil, err
	}
	near := &catalog.Nearby{Mean: c.mean, Deviation: c.deviation}
	if c.deviation == 0 {
		return near, nil
	}
	best := s.exactly(ctx, v, at, c.best)
	bar := byChance(c.all)
	for _, one := range best[:min(n, len(best))] {
		if z := (one.cosine - c.mean) / c.deviation; z >= bar {
			near.Records = append(near.Records, catalog.Near{ID: one.id, Closeness: z})
		}
	}
	return near, nil
}

// byChance is about how many standard deviations the greatest of n is above their
// mean where they are spread by chance alone (normal: the root of twice the logarithm).
func byChance(n int) float64 { return math.Sqrt(2 * math.Log(float64(max(n, 2)))) }

// exactly puts the nearest into the order of their exact vectors. Where those cannot
// be read, that of the 8-bit ones stays.
func (s *Service) exactly(ctx context.Context, v *vectors, at []float32, best []scored) []scored {
	ids := make([]catalog.ID, len(best))
	for i, b := range best {
		ids[i] = b.id
	}
	kept, err := s.store.Embeddings(ctx, s.spaceOf(v), ids, nil)
	if err != nil {
		return best
	}
	cosines := make(map[catalog.ID]float64, len(kept))
	for _, e := range kept {
		cosines[e.Record] = exact(at, e.Vector)
	}
	out := slices.Clone(best)
	for i := range out {
		if c, ok := cosines[out[i].id]; ok {
			out[i].cosine = c
		}
	}
	slices.SortFunc(out, nearer)
	return out
}

func (s *Service) spaceOf(v *vectors) catalog.EmbeddingSpace {
	return catalog.EmbeddingSpace{Model: s.client.settings.Model, Dimensions: v.dimensions}
}

// Closeness returns how near records are to a place, as Near does for those that it
// found; 0 for one without a vector, or as far off as most.
func (s *Service) Closeness(_ context.Context, at []float32, near *catalog.Nearby, of []catalog.ID) []float64 {
	out := make([]float64, len(of))
	v := s.space.Load()
	if v == nil || v.dimensions != len(at) || near.Deviation == 0 {
		return out
	}
	known := make(map[catalog.ID]float64, len(near.Records))
	for _, n := range near.Records {
		known[n.ID] = n.Closeness
	}
	for i, cosine := range v.cosines(at, of) {
		if z, ok := known[of[i]]; ok {
			out[i] = z
		} else if z := (cosine - near.Mean) / near.Deviation; z > 0 { // not for NaN
			out[i] = z
		}
	}
	return out
}
