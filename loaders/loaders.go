// Package loaders batches what the resolvers of one request ask for, so that a
// list of cases with their committees costs two statements and not a hundred
// and one: a loader a key. It knows no SQL; its Reader does the reading.
package loaders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vikstrous/dataloadgen"

	"github.com/jisiguangyi/jisi/catalog"
)

// DefaultWait is how long a loader waits for more keys before it asks. Resolvers
// of one list call within microseconds of each other; the library's own 16 ms
// made nested queries several times slower.
const DefaultWait = 200 * time.Microsecond

// One loads at most one value a key, from a set that lives as long as its
// request. It is safe for concurrent use.
type One[K comparable, V any] struct {
	loader *dataloadgen.Loader[K, V]
}

func one[K comparable, V any](wait time.Duration, fetch func(context.Context, []K) (map[K]V, error)) One[K, V] {
	guarded := func(ctx context.Context, keys []K) (found map[K]V, err error) { // the library fetches in a goroutine of its own
		err = Guard(func() error {
			found, err = fetch(ctx, keys)
			return err
		})
		return found, err
	}
	return One[K, V]{dataloadgen.NewMappedLoader(guarded, dataloadgen.WithWait(wait))}
}

// Load returns the key's value, a NOT_FOUND error where there is none that the
// reader may see.
func (o One[K, V]) Load(ctx context.Context, key K) (V, error) {
	v, err := o.loader.Load(ctx, key)
	if errors.Is(err, dataloadgen.ErrNotFound) {
		return v, &catalog.Error{Kind: catalog.KindNotFound, Zh: "没有找到这条记录", En: "there is no such record", Err: fmt.Errorf("key %v", key)}
	}
	return v, err
}

// Maybe returns the value of a key that may be missing, as GraphQL's nullable
// fields want it: the zero value where there is no key, or nothing by it that
// the reader may see.
func (o One[K, V]) Maybe(ctx context.Context, key *K) (V, error) {
	var none V
	if key == nil {
		return none, nil
	}
	v, err := o.loader.Load(ctx, *key)
	if errors.Is(err, dataloadgen.ErrNotFound) {
		return none, nil
	}
	return v, err
}

// Some returns the values of those of the keys that have one, in their order.
func (o One[K, V]) Some(ctx context.Context, keys []K) ([]V, error) {
	values, err := o.loader.LoadAll(ctx, keys)
	var each dataloadgen.ErrorSlice
	if err != nil && !errors.As(err, &each) {
		return nil, err
	}
	found := make([]V, 0, len(keys))
	for i, v := range values {
		switch {
		case each == nil || each[i] == nil:
			found = append(found, v)
		case !errors.Is(each[i], dataloadgen.ErrNotFound):
			return nil, each[i]
		}
	}
	return found, nil
}

// Many loads a list a key; a key without any has an empty one. It is safe for
// concurrent use.
type Many[K comparable, V any] struct {
	one One[K, []V]
}

func many[K comparable, V any](wait time.Duration, fetch func(context.Context, []K) (map[K][]V, error)) Many[K, V] {
	return Many[K, V]{one(wait, fetch)}
}

// Load returns the key's list.
func (m Many[K, V]) Load(ctx context.Context, key K) ([]V, error) {
	list, err := m.one.Maybe(ctx, &key)
	if list == nil {
		list = []V{}
	}
	return list, err
}
