package loaders

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// List names a list below a record: the parent, and in Args what of it is
// wanted. Lists of the same Args below parents of the same kind are read
// together.
type List[A any] struct {
	Kind   catalog.RecordKind
	Parent catalog.ID
	Args   A
}

// listKey is a List as a map's key: its arguments hold pointers and slices, so
// they stand as JSON.
type listKey struct {
	kind   catalog.RecordKind
	parent catalog.ID
	args   string
}

// Lists loads pages of lists below records, or whatever else depends on the
// list's arguments, such as its length. It is safe for concurrent use.
type Lists[A, V any] struct {
	one One[listKey, V]
}

// lists makes a loader from what reads the lists of many parents at once.
func lists[A, V any](wait time.Duration, fetch func(ctx context.Context, kind catalog.RecordKind, parents []catalog.ID, args A) (map[catalog.ID]V, error)) Lists[A, V] {
	return Lists[A, V]{one(wait, func(ctx context.Context, keys []listKey) (map[listKey]V, error) {
		return fetchLists(ctx, keys, fetch)
	})}
}

// fetchLists reads the lists of the keys, those with the same arguments below
// the same kind of parent together.
func fetchLists[A, V any](ctx context.Context, keys []listKey, fetch func(context.Context, catalog.RecordKind, []catalog.ID, A) (map[catalog.ID]V, error)) (map[listKey]V, error) {
	parents := map[listKey][]catalog.ID{}
	for _, k := range keys {
		group := listKey{kind: k.kind, args: k.args}
		parents[group] = append(parents[group], k.parent)
	}
	found := make(map[listKey]V, len(keys))
	for group, ids := range parents {
		var args A
		if err := json.Unmarshal([]byte(group.args), &args); err != nil {
			return nil, fmt.Errorf("loaders: list arguments: %w", err)
		}
		values, err := fetch(ctx, group.kind, ids, args)
		if err != nil {
			return nil, err
		}
		for id, v := range values {
			found[listKey{group.kind, id, group.args}] = v
		}
	}
	return found, nil
}

// Load returns the list.
func (l Lists[A, V]) Load(ctx context.Context, list List[A]) (V, error) {
	args, err := json.Marshal(list.Args)
	if err != nil {
		var none V
		return none, fmt.Errorf("loaders: list arguments: %w", err)
	}
	return l.one.Load(ctx, listKey{list.Kind, list.Parent, string(args)})
}
