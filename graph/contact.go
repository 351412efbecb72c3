package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

func (r *Resolver) setContact(ctx context.Context, global string, in model.ContactInput) (*model.ContactPayload, error) {
	id, err := catalog.DecodeIDOf(catalog.KindCommittee, global)
	if err == nil || catalog.ViewerFrom(ctx) == nil {
		err = r.Writer.SetContact(ctx, id, catalog.Contact{Name: in.Name, Phone: in.Phone, Email: in.Email})
	}
	if err != nil {
		mend, err := payloadErrors(err, "committee")
		return &model.ContactPayload{UserErrors: mend}, err
	}
	loaders.Renew(ctx)
	of, err := loaders.From(ctx).CommitteeByID.Maybe(ctx, &id)
	return &model.ContactPayload{Committee: of, UserErrors: []*model.UserError{}}, err
}
