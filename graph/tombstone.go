package graph

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
)

// neverWithdrawn are the kinds with pages whose records stay.
var neverWithdrawn = map[catalog.RecordKind]bool{
	catalog.KindCommittee: true, catalog.KindSource: true, catalog.KindRegion: true, catalog.KindTopic: true,
}

// leadsTo returns the record that holds now what a withdrawn one held, nil where none does
// or the caller may not see it.
func leadsTo(ctx context.Context, obj *catalog.Tombstone) (catalog.Record, error) {
	if obj.LeadsToID == nil {
		return nil, nil
	}
	found, err := node(ctx, catalog.EncodeID(*obj.LeadsToKind, *obj.LeadsToID))
	if found == nil || err != nil {
		return nil, err
	}
	record, ok := found.(catalog.Record)
	if !ok {
		return nil, fmt.Errorf("graph: a %T is no record", found)
	}
	return record, nil
}
