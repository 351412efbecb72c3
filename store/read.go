package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// In every statement that reads a noun, r is its table.
const (
	headSelect = `r.id, r.slug, r.origin, r.status, r.version, r.created_at, r.updated_at`
	// published is what everybody sees, and what counts and lists hold that are not asked for more.
	published = `r.status = 'PUBLISHED'`
)

func headScan(m *catalog.Meta) []any {
	return []any{&m.ID, &m.Slug, &m.Origin, &m.Status, &m.Version, &m.CreatedAt, &m.UpdatedAt}
}

// noun is how the records of a kind are read: from which table, which columns,
// into which fields. nounOf makes one of a table's columns.
type noun[T any] struct {
	table
	selected string // the columns that are read, after headSelect unless headless
	scan     func(*T) []any
	// headless marks revisions, which are no records of their own.
	headless bool
}

func (n noun[T]) selectList() string {
	if n.headless {
		return n.selected
	}
	return headSelect + `, ` + n.selected
}

// byID returns those records of these ids that the viewer may read; ids of others
// are missing.
func byID[T any](ctx context.Context, s *Store, n noun[T], ids []catalog.ID) (map[catalog.ID]*T, error) {
	var key catalog.ID
	args := Args{ids}
	sql := `SELECT r.id, ` + n.selectList() + ` FROM ` + n.name + ` r WHERE r.id = ANY ($1) AND ` + Readable(ctx, n.name, "r", &args)
	return collect(ctx, s, n.name+" by id", sql, args, &key, n.scan, func(m map[catalog.ID]*T, record *T) { m[key] = record })
}

// bySlug returns those records of these slugs that the viewer may read; slugs of
// others are missing.
func bySlug[T any](ctx context.Context, s *Store, n noun[T], slugs []string) (map[string]*T, error) {
	var key string
	args := Args{slugs}
	sql := `SELECT r.slug, ` + n.selectList() + ` FROM ` + n.name + ` r WHERE r.slug = ANY ($1) AND ` + Readable(ctx, n.name, "r", &args)
	return collect(ctx, s, n.name+" by slug", sql, args, &key, n.scan, func(m map[string]*T, record *T) { m[key] = record })
}

// linked returns the records that hang on each of the parents and that the viewer
// may read: link is the rest of the statement after FROM, in which l.parent is
// the parent's key.
func linked[K comparable, T any](ctx context.Context, s *Store, n noun[T], link, order string, parents []K) (map[K][]*T, error) {
	var key K
	args := Args{parents}
	sql := `SELECT l.parent, ` + n.selectList() + ` FROM ` + link + ` WHERE l.parent = ANY ($1) AND ` + Readable(ctx, n.name, "r", &args) + ` ORDER BY ` + order
	return collect(ctx, s, n.name+" linked", sql, args, &key, n.scan, func(m map[K][]*T, record *T) { m[key] = append(m[key], record) })
}

// children returns what each of the owners lists. scan says where an element
// keeps its owner's key and where its columns go.
func children[K comparable, T any](ctx context.Context, s *Store, op, sql string, owners []K, scan func(*T) (*K, []any)) (map[K][]*T, error) {
	found, err := s.pool.Query(ctx, sql, owners)
	if err != nil {
		return nil, wrap(op, err)
	}
	defer found.Close()
	lists := make(map[K][]*T, len(owners))
	for found.Next() {
		element := new(T)
		key, targets := scan(element)
		if err := found.Scan(targets...); err != nil {
			return nil, wrap(op, err)
		}
		lists[*key] = append(lists[*key], element)
	}
	return lists, wrap(op, found.Err())
}

// collect runs a statement. The first column goes into key, the others into a
// new record; keep takes the two.
func collect[K comparable, T, V any](ctx context.Context, s *Store, op, sql string, args Args, key *K, scan func(*T) []any, keep func(map[K]V, *T)) (map[K]V, error) {
	found, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(op, err)
	}
	defer found.Close()
	records := map[K]V{}
	for found.Next() {
		record := new(T)
		if err := found.Scan(append([]any{key}, scan(record)...)...); err != nil {
			return nil, wrap(op, err)
		}
		keep(records, record)
	}
	return records, wrap(op, found.Err())
}

// pairs runs a statement that returns a key and a value a row.
func pairs[K comparable, V any](ctx context.Context, s *Store, op, sql string, args ...any) (map[K]V, error) {
	found, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(op, err)
	}
	values := map[K]V{}
	var (
		k K
		v V
	)
	_, err = pgx.ForEachRow(found, []any{&k, &v}, func() error {
		values[k] = v
		return nil
	})
	return values, wrap(op, err)
}
