package graph

import (
	"context"
	"maps"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// names keeps the names of what searches are counted by, regions, topics and
// brands, as long as the index stays as it is: whatever makes one of them another
// name notes all records at which the name shows, and so comes to the index. The
// zero value is ready; safe for concurrent use.
type names struct {
	mu      sync.Mutex
	version uint64
	known   map[string]map[string]string // by what it is a name of, then by key
}

// of returns what is known at a state of the index. The map is not to be changed.
func (n *names) of(version uint64, kind string) map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.version != version {
		return nil
	}
	return n.known[kind]
}

// add keeps names that were read at a state of the index, unless a later state
// has been seen.
func (n *names) add(version uint64, kind string, more map[string]string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if version < n.version {
		return
	}
	if version > n.version || n.known == nil {
		n.version, n.known = version, map[string]map[string]string{}
	}
	all := maps.Clone(n.known[kind]) // readers have the old one
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, more)
	n.known[kind] = all
}

// buckets labels counts of records by their names; those that are not known yet
// are read.
func buckets[V any](ctx context.Context, n *names, version uint64, kind string, counts []catalog.FacetCount, records loaders.One[string, *V], name func(*V) string) ([]*model.Bucket, error) {
	known := n.of(version, kind)
	var missing []string
	for _, c := range counts {
		if _, ok := known[c.Key]; !ok {
			missing = append(missing, c.Key)
		}
	}
	if len(missing) > 0 {
		found, err := together(ctx, missing, func(ctx context.Context, key string) (*V, error) { return records.Maybe(ctx, &key) })
		if err != nil {
			return nil, err
		}
		all := make(map[string]string, len(counts))
		maps.Copy(all, known)
		read := make(map[string]string, len(missing))
		for i, r := range found {
			if r != nil {
				read[missing[i]] = name(r)
			}
		}
		n.add(version, kind, read)
		maps.Copy(all, read)
		known = all
	}
	return labelled(counts, func(key string) string {
		if label, ok := known[key]; ok {
			return label
		}
		return key
	}), nil
}
