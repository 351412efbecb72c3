package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

// writeAnswers writes what the index answers to all that is measured: searches with
// their scores, totals, facets and highlights, completions, and peers with their
// reasons. Two builds that rank alike write the same file over one index.
func (o options) writeAnswers(x *indexer.Index, asked []string) (err error) {
	f, err := os.Create(o.answers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := json.NewEncoder(f)
	write := func(question, answer any, err error) error {
		if err != nil {
			return err
		}
		return out.Encode([2]any{question, answer})
	}
	ctx := context.Background()
	for _, kind := range kinds(asked) {
		for _, q := range kind.queries {
			page, err := x.Search(ctx, q)
			if err == nil {
				page.DataVersion = 0 // it counts changes and builds
				for i := range page.Hits {
					page.Hits[i].Cursor = "" // so does a cursor
				}
			}
			if err := write(q, page, err); err != nil {
				return err
			}
		}
	}
	for _, prefix := range prefixes {
		found, err := x.Suggest(ctx, prefix, nil, 8)
		if err := write(prefix, found, err); err != nil {
			return err
		}
	}
	for id := range catalog.ID(200) {
		q := catalog.PeerQuery{Case: id + 1, First: 20, Scope: catalog.ScopeAll}
		found, err := x.Peers(ctx, q)
		if err := write(q, found, err); err != nil {
			return err
		}
	}
	for _, problem := range asked {
		q := catalog.PeerQuery{Problem: problem, First: 20, Scope: catalog.ScopeOtherPrefectures, Region: "220104"}
		found, err := x.Peers(ctx, q)
		if err := write(q, found, err); err != nil {
			return err
		}
	}
	return nil
}
