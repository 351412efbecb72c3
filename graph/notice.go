package graph

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// noticeRecord returns the record that a notice is about, nil where the caller may
// no longer read it.
func noticeRecord(ctx context.Context, n *catalog.Notice) (catalog.Record, error) {
	return recordOf(ctx, n.Kind, n.RecordID)
}

// maxNotices is how many notices a client may mark by id at once.
const maxNotices = 100

// markNoticesRead marks the notices of these ids, all where ids is nil. What is no
// id of a notice of the caller's is passed over.
func (r *Resolver) markNoticesRead(ctx context.Context, globals []string) (*model.MarkNoticesReadPayload, error) {
	if len(globals) > maxNotices {
		return nil, &catalog.Error{
			Kind: catalog.KindLimit, Path: "ids",
			Zh: fmt.Sprintf("一次最多标记 %d 条，现有 %d 条", maxNotices, len(globals)), En: fmt.Sprintf("at most %d ids at once, not %d", maxNotices, len(globals)),
		}
	}
	var ids []catalog.ID
	if globals != nil {
		ids = []catalog.ID{}
	}
	for _, global := range globals {
		if id, err := strconv.ParseInt(global, 10, 64); err == nil {
			ids = append(ids, catalog.ID(id))
		}
	}
	marked, unread, err := r.Writer.MarkNoticesRead(ctx, ids)
	if err != nil {
		return nil, err
	}
	return &model.MarkNoticesReadPayload{Marked: marked, Unread: unread, UserErrors: []*model.UserError{}}, nil
}

// follows changes what the caller follows.
func follows(ctx context.Context, topic, committee, region, query *string, change func(context.Context, catalog.Follow) error) (*model.FollowPayload, error) {
	f := catalog.Follow{RegionCode: region, Query: query}
	for _, ref := range []struct {
		kind   catalog.RecordKind
		global *string
		id     **catalog.ID
		path   string
	}{{catalog.KindTopic, topic, &f.TopicID, "topic"}, {catalog.KindCommittee, committee, &f.CommitteeID, "committee"}} {
		if ref.global == nil {
			continue
		}
		id, err := catalog.DecodeIDOf(ref.kind, *ref.global)
		if err != nil && catalog.ViewerFrom(ctx) != nil {
			mend, err := payloadErrors(err, ref.path)
			return &model.FollowPayload{UserErrors: mend}, err
		}
		*ref.id = &id
	}
	if err := change(ctx, f); err != nil {
		mend, err := payloadErrors(err, "")
		return &model.FollowPayload{UserErrors: mend}, err
	}
	return &model.FollowPayload{Follow: &f, UserErrors: []*model.UserError{}}, nil
}
