package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// Embeddings returns the vectors of those of the records that have one in the space;
// where digests is not nil, only those made of the text with the digest at the same
// place.
func (s *Store) Embeddings(ctx context.Context, of catalog.EmbeddingSpace, ids []catalog.ID, digests [][]byte) (found []catalog.Embedding, err error) {
	err = s.readAgain(ctx, func(tx pgx.Tx) error {
		sql, args := `SELECT record_id, digest, vector FROM embeddings WHERE model = $1 AND dimensions = $2 AND record_id = ANY ($3)`, []any{of.Model, of.Dimensions, ids}
		if digests != nil {
			sql = `SELECT e.record_id, e.digest, e.vector FROM unnest($3::bigint[], $4::bytea[]) AS w (id, digest)
				JOIN embeddings e ON e.model = $1 AND e.dimensions = $2 AND e.record_id = w.id AND e.digest = w.digest`
			args = append(args, digests)
		}
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e catalog.Embedding, err error) {
			var vector []byte
			if err = row.Scan(&e.Record, &e.Digest, &vector); err == nil {
				e.Vector = floats(vector)
			}
			return e, err
		})
		return err
	})
	return found, wrap("embeddings", err)
}

// EmbeddingDimensions returns how long the vectors are that a model made last; 0
// where there are none.
func (s *Store) EmbeddingDimensions(ctx context.Context, model string) (dimensions int, err error) {
	err = s.readAgain(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `SELECT dimensions FROM embeddings WHERE model = $1 ORDER BY made_at DESC LIMIT 1`, model).Scan(&dimensions)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return dimensions, wrap("embedding dimensions", err)
}

// SaveEmbeddings writes vectors, over those that the records had in the space. One of
// a record that is there no longer is left out.
func (s *Store) SaveEmbeddings(ctx context.Context, of catalog.EmbeddingSpace, made []catalog.Embedding) error {
	ids, digests, vectors := make([]catalog.ID, len(made)), make([][]byte, len(made)), make([][]byte, len(made))
	for i, e := range made {
		if len(e.Vector) != of.Dimensions {
			return fmt.Errorf("store: a vector of %d in a space of %d", len(e.Vector), of.Dimensions)
		}
		ids[i], digests[i], vectors[i] = e.Record, e.Digest, bytesOf(e.Vector)
	}
	_, err := s.pool.Exec(ctx, `INSERT INTO embeddings (record_id, model, dimensions, digest, vector)
		SELECT w.id, $1, $2, w.digest, w.vector FROM unnest($3::bigint[], $4::bytea[], $5::bytea[]) AS w (id, digest, vector)
		WHERE EXISTS (SELECT FROM records r WHERE r.id = w.id)
		ON CONFLICT (model, dimensions, record_id) DO UPDATE SET digest = excluded.digest, vector = excluded.vector, made_at = now()`,
		of.Model, of.Dimensions, ids, digests, vectors)
	return wrap("save embeddings", err)
}

// RemoveEmbeddings removes all vectors of records, which are public no longer.
func (s *Store) RemoveEmbeddings(ctx context.Context, ids []catalog.ID) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM embeddings WHERE record_id = ANY ($1)`, ids)
	return wrap("remove embeddings", err)
}

// TrimEmbeddings removes vectors of other spaces that are older than keep, and those
// of records that the list of public ones does not have, but for those that another
// server may just have made.
func (s *Store) TrimEmbeddings(ctx context.Context, of catalog.EmbeddingSpace, keep time.Duration, public []catalog.ID) error {
	_, err := s.pool.Exec(ctx, `DELETE FROM embeddings e WHERE (model <> $1 OR dimensions <> $2) AND made_at < now() - make_interval(secs => $3)
		OR made_at < now() - make_interval(mins => 5) AND NOT EXISTS (SELECT FROM unnest($4::bigint[]) AS p (id) WHERE p.id = e.record_id)`, of.Model, of.Dimensions, keep.Seconds(), public)
	return wrap("trim embeddings", err)
}

// HoldEmbedding makes the holder the one server that fills a space for so long, and
// reports whether it is; another may be. A life of 0 lets others be.
func (s *Store) HoldEmbedding(ctx context.Context, of catalog.EmbeddingSpace, holder string, life time.Duration) (held bool, err error) {
	tag, err := s.pool.Exec(ctx, `INSERT INTO embedding_fillers (model, dimensions, holder, until) VALUES ($1, $2, $3, now() + make_interval(secs => $4))
		ON CONFLICT (model, dimensions) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE embedding_fillers.until < now() OR embedding_fillers.holder = excluded.holder`, of.Model, of.Dimensions, holder, life.Seconds())
	return tag.RowsAffected() > 0, wrap("hold embedding", err)
}

// CountEmbeddings returns how many records have a vector of the model, by length.
func (s *Store) CountEmbeddings(ctx context.Context, model string) (counts map[int]int, err error) {
	counts = map[int]int{}
	rows, err := s.pool.Query(ctx, `SELECT dimensions, count(*) FROM embeddings WHERE model = $1 GROUP BY 1`, model)
	if err != nil {
		return nil, wrap("count embeddings", err)
	}
	var dimensions, n int
	_, err = pgx.ForEachRow(rows, []any{&dimensions, &n}, func() error {
		counts[dimensions] = n
		return nil
	})
	return counts, wrap("count embeddings", err)
}

func floats(b []byte) []float32 {
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}

func bytesOf(v []float32) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return b
}
