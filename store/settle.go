package store

import (
	"context"
	"slices"
	"strings"
)

// Settle has PostgreSQL look through the tables of records after many were written, as it
// does by itself a minute later: until then it reads the table beside an index for every
// row that it counts. It takes no time beside the writing, leaves out tables that are
// locked, and those of another user.
func (s *Store) Settle(ctx context.Context) error {
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
		for _, c := range t.children {
			names = append(names, c.name)
		}
	}
	slices.Sort(names)
	_, err := s.pool.Exec(ctx, `VACUUM (SKIP_LOCKED) `+strings.Join(slices.Compact(names), ", "))
	return wrap("settle", err)
}
