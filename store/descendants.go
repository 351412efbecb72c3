package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

// What stands below regions, brands and topics, themselves included, as arrays;
// %[1]s is the place of their codes or slugs. They say what the functions of the
// database say (00003_rules.sql), which plan their statement anew at every call.
const (
	regionsBelow = `ARRAY(WITH RECURSIVE below AS (
		SELECT code FROM regions WHERE code = ANY (%[1]s) OR former_code = ANY (%[1]s)
		UNION SELECT n.code FROM regions n JOIN below b ON n.parent_code = b.code) SELECT code FROM below)`
	brandsBelow = `ARRAY(WITH RECURSIVE below AS (
		SELECT id FROM brands WHERE slug = ANY (%[1]s) UNION SELECT n.id FROM brands n JOIN below b ON n.parent_id = b.id) SELECT id FROM below)`
	topicsBelow = `ARRAY(WITH RECURSIVE below AS (
		SELECT id FROM topics WHERE slug = ANY (%[1]s) UNION SELECT n.id FROM topics n JOIN below b ON n.parent_id = b.id) SELECT id FROM below)`
)

// treeAge is how old the tree of regions may be.
const treeAge = time.Second

// regionTree remembers what is below each region, for a second at most: a list
// of one county's cases can then be read by that county's index, in its order.
// It is safe for concurrent use, and its zero value is empty and too old.
type regionTree struct {
	mu    sync.Mutex
	read  time.Time
	below map[string][]string // by code and by former code
}

// RegionsWithin returns the codes of the regions and of all below them, in order.
// ok is false where one is not known here, perhaps because it is new.
func (s *Store) RegionsWithin(ctx context.Context, codes []string) (all []string, ok bool) {
	return s.tree.under(ctx, s, codes)
}

// checkRegions returns INVALID where a filter names a region that there is not.
func (s *Store) checkRegions(ctx context.Context, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	if _, ok := s.tree.under(ctx, s, codes); ok {
		return nil
	}
	below, err := s.readTree(ctx) // a new one, perhaps
	if err != nil {
		return wrap("read the regions", err)
	}
	for _, code := range codes {
		if _, known := below[code]; !known {
			return catalog.UnknownRegion(code)
		}
	}
	return nil
}

// under returns the codes of the regions and of all below them. ok is false where
// one is not known here, perhaps because it is new.
func (t *regionTree) under(ctx context.Context, s *Store, codes []string) (all []string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if time.Since(t.read) > treeAge {
		below, err := s.readTree(ctx)
		if err != nil {
			return nil, false
		}
		t.below, t.read = below, time.Now()
	}
	for _, code := range codes {
		below, known := t.below[code]
		if !known {
			return nil, false
		}
		all = append(all, below...)
	}
	slices.Sort(all)
	return slices.Compact(all), true
}

func (s *Store) readTree(ctx context.Context) (map[string][]string, error) {
	found, err := s.pool.Query(ctx, `SELECT code, coalesce(former_code, ''), coalesce(parent_code, '') FROM regions ORDER BY code`)
	if err != nil {
		return nil, err
	}
	var code, former, parent string
	parents, formerOf := map[string]string{}, map[string]string{}
	_, err = pgx.ForEachRow(found, []any{&code, &former, &parent}, func() error {
		parents[code] = parent
		if former != "" {
			formerOf[former] = code
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	below := map[string][]string{}
	for code := range parents {
		for at, steps := code, 0; at != "" && steps <= len(parents); at, steps = parents[at], steps+1 {
			below[at] = append(below[at], code)
		}
	}
	for former, code := range formerOf {
		below[former] = append(slices.Clone(below[former]), below[code]...)
	}
	return below, nil
}
