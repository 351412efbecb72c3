package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// In every statement that reads a noun, r is its table.
const (
	headSelect = `r.id, r.slug, r.origin, r.status, r.version, r.created_at, r.updated_at`
	// published is what readers see.
	published = `r.status = 'PUBLISHED'`
)

func headScan(m *catalog.Meta) []any {
	return []any{&m.ID, &m.Slug, &m.Origin, &m.Status, &m.Version, &m.CreatedAt, &m.UpdatedAt}
}

// noun is how the records of a kind are read: from which table, which columns,
// into which fields.
type noun[T any] struct {
	table   string
	columns string // after headSelect, unless headless
	scan    func(*T) []any
	// headless marks revisions, which are no records of their own.
	headless bool
}

func (n noun[T]) selectList() string {
	if n.headless {
		return n.columns
	}
	return headSelect + `, ` + n.columns
}

// byID gives the published records of these ids; ids of others are missing.
func byID[T any](ctx context.Context, s *Store, n noun[T], ids []catalog.ID) (map[catalog.ID]*T, error) {
	var key catalog.ID
	return collect(ctx, s, n.table+" by id", `SELECT r.id, `+n.selectList()+` FROM `+n.table+` r WHERE r.id = ANY ($1) AND `+published,
		ids, &key, n.scan, func(m map[catalog.ID]*T, record *T) { m[key] = record })
}

// bySlug gives the published records of these slugs; slugs of others are missing.
func bySlug[T any](ctx context.Context, s *Store, n noun[T], slugs []string) (map[string]*T, error) {
	var key string
	return collect(ctx, s, n.table+" by slug", `SELECT r.slug, `+n.selectList()+` FROM `+n.table+` r WHERE r.slug = ANY ($1) AND `+published,
		slugs, &key, n.scan, func(m map[string]*T, record *T) { m[key] = record })
}

// linked gives the published records that hang on each of the parents: link is
// the rest of the statement after FROM, in which l.parent is the parent's key.
func linked[K comparable, T any](ctx context.Context, s *Store, n noun[T], link, order string, parents []K) (map[K][]*T, error) {
	var key K
	sql := `SELECT l.parent, ` + n.selectList() + ` FROM ` + link + ` WHERE l.parent = ANY ($1) AND ` + published + ` ORDER BY ` + order
	return collect(ctx, s, n.table+" linked", sql, parents, &key, n.scan, func(m map[K][]*T, record *T) { m[key] = append(m[key], record) })
}

// children gives what each of the owners lists. scan says where an element
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

// collect runs a statement with the keys as its only parameter. The first
// column goes into key, the others into a new record; keep takes the two.
func collect[K, K2 comparable, T, V any](ctx context.Context, s *Store, op, sql string, keys []K, key *K2, scan func(*T) []any, keep func(map[K2]V, *T)) (map[K2]V, error) {
	found, err := s.pool.Query(ctx, sql, keys)
	if err != nil {
		return nil, wrap(op, err)
	}
	defer found.Close()
	records := make(map[K2]V, len(keys))
	for found.Next() {
		record := new(T)
		if err := found.Scan(append([]any{key}, scan(record)...)...); err != nil {
			return nil, wrap(op, err)
		}
		keep(records, record)
	}
	return records, wrap(op, found.Err())
}

// pairs runs a statement that gives a key and a value a row.
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
