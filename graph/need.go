package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// needFigures returns what is known of a need beside what it says.
func needFigures(ctx context.Context, n *catalog.Need) (catalog.NeedFigures, error) {
	f, err := loaders.From(ctx).NeedFigures.Maybe(ctx, &n.ID)
	if f == nil {
		return catalog.NeedFigures{State: catalog.NeedOpen}, err // withdrawn since it was read
	}
	return *f, err
}

// needActions are actions for a need: its committee's, and the answer of whoever
// may write for a committee.
func needActions(ctx context.Context, n *catalog.Need) []catalog.Action {
	list := actions(ctx, n, n.CommitteeID)
	v := catalog.ViewerFrom(ctx)
	if v != nil && n.Status == catalog.StatusPublished && catalog.May(v, catalog.ActionAnswer, v.Committee, n.Status) == nil {
		list = append(list, catalog.ActionAnswer)
	}
	return list
}

// askNeed counts the caller among those who ask for a need.
func (r *Resolver) askNeed(ctx context.Context, global string) (*model.NeedPayload, error) {
	id, err := catalog.DecodeIDOf(catalog.KindNeed, global)
	var done catalog.Edited
	if err == nil || catalog.ViewerFrom(ctx) == nil && catalog.NetworkFrom(ctx) == "" {
		done, err = r.Writer.AskNeed(ctx, id)
	}
	if err != nil {
		mend, err := payloadErrors(err, "id")
		return &model.NeedPayload{UserErrors: mend}, err
	}
	loaders.Renew(ctx)
	record, err := loaders.From(ctx).NeedByID.Maybe(ctx, &id)
	return &model.NeedPayload{Record: record, Version: &done.Version, UserErrors: []*model.UserError{}}, err
}
