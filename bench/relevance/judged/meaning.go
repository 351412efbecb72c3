package judged

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/meaning/meaningtest"
)

// startMeaning has the embeddings server make the passages' vectors, and returns when
// they are there.
func (s *Set) startMeaning(ctx context.Context, m Meaning) error {
	if m.URL == "demonstration" {
		m.URL, m.Model = httptest.NewServer(&meaningtest.Server{}).URL, "demonstration"
	}
	m.Budget = time.Minute // how well is measured here, not how fast
	client, err := meaning.NewClient(m)
	if err != nil {
		return err
	}
	if _, _, err := client.Check(ctx); err != nil {
		return err
	}
	s.meaning = meaning.New(client, &vectors{source: source(s.Passages), kept: map[catalog.ID]catalog.Embedding{}}, slog.Default())
	ctx, s.follow = context.WithCancel(ctx)
	s.followed = make(chan error, 1)
	go func() { s.followed <- s.meaning.Follow(ctx, source(nil)) }()
	for {
		if st := s.meaning.State(); st.Wanted > 0 && st.Vectors == st.Wanted {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// vectors is a store of the passages and their vectors, in memory, with one follower.
type vectors struct {
	source
	kept map[catalog.ID]catalog.Embedding
}

func (v *vectors) Documents(ctx context.Context, ids []catalog.ID) (found []*catalog.Document, err error) {
	wanted := map[catalog.ID]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	err = v.Snapshot(ctx, 0, nil, func(d *catalog.Document) error {
		if wanted[d.ID] {
			found = append(found, d)
		}
		return nil
	})
	return found, err
}

func (v *vectors) Embeddings(_ context.Context, _ catalog.EmbeddingSpace, ids []catalog.ID, digests [][]byte) (found []catalog.Embedding, err error) {
	if digests != nil {
		return nil, nil // nothing was kept before
	}
	for _, id := range ids {
		if e, ok := v.kept[id]; ok {
			found = append(found, e)
		}
	}
	return found, nil
}

func (*vectors) EmbeddingDimensions(context.Context, string) (int, error) { return 0, nil }

func (v *vectors) SaveEmbeddings(_ context.Context, _ catalog.EmbeddingSpace, made []catalog.Embedding) error {
	for _, e := range made {
		v.kept[e.Record] = e
	}
	return nil
}

func (*vectors) RemoveEmbeddings(context.Context, []catalog.ID) error { return nil }

func (*vectors) TrimEmbeddings(context.Context, catalog.EmbeddingSpace, time.Duration, []catalog.ID) error {
	return nil
}

func (*vectors) HoldEmbedding(context.Context, catalog.EmbeddingSpace, string, time.Duration) (bool, error) {
	return true, nil
}
