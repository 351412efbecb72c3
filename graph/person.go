package graph

import (
	"context"
	"errors"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// personActions are actions for a person, and the merging of it into another.
func personActions(ctx context.Context, p *catalog.Person) []catalog.Action {
	list := actions(ctx, p, p.CommitteeID)
	if _, err := catalog.Next(catalog.ActionMerge, p.Status); err == nil && catalog.May(catalog.ViewerFrom(ctx), catalog.ActionMerge, value(p.CommitteeID), p.Status) == nil {
		list = append(list, catalog.ActionMerge)
	}
	return list
}

// mergePersons puts one person's record in the place of another.
func (r *Resolver) mergePersons(ctx context.Context, keep string, keepVersion int, drop string, dropVersion int) (*model.Payload[catalog.Person], error) {
	e := catalog.Edit{Action: catalog.ActionMerge, Version: dropVersion, KeepVersion: keepVersion}
	id, err := catalog.DecodeIDOf(catalog.KindPerson, keep)
	var wrong *catalog.Error
	if errors.As(err, &wrong) && catalog.ViewerFrom(ctx) != nil {
		return &model.Payload[catalog.Person]{UserErrors: []*model.UserError{userError(wrong, []string{"keep"})}}, nil
	}
	e.Keep = id
	done, err := personWork.alter(ctx, r, drop, e)
	if done != nil {
		for _, one := range done.UserErrors { // alter speaks of the one that it changes
			for i, name := range one.Path {
				if called, ok := map[string]string{"id": "drop", "version": "dropVersion"}[name]; ok {
					one.Path[i] = called
				}
			}
		}
	}
	return done, err
}

// spellNewPersons sets for the persons that an input makes the permalinks that they are
// to have.
func (r *Resolver) spellNewPersons(in catalog.Input) {
	if in == nil {
		return
	}
	for _, mention := range catalog.NewPersons(in) {
		(*mention.New).Slug = r.Spell((*mention.New).Name)
	}
}

// entriesOf are the entries of a supervision.
func entriesOf(ctx context.Context, s *catalog.Supervision) ([]*catalog.SupervisionEntry, error) {
	all, err := loaders.From(ctx).EntriesOf.Load(ctx, s.ProposalID)
	entries := []*catalog.SupervisionEntry{}
	for _, e := range all {
		if e.Supervision == s.Position {
			entries = append(entries, e)
		}
	}
	return entries, err
}

// visiblePersons returns the persons of these ids in their order, without those that
// the reader may not see.
func visiblePersons(ctx context.Context, ids []catalog.ID) ([]*catalog.Person, error) {
	found, err := together(ctx, ids, func(ctx context.Context, id catalog.ID) (*catalog.Person, error) {
		return loaders.From(ctx).PersonByID.Maybe(ctx, &id)
	})
	visible := make([]*catalog.Person, 0, len(found))
	for _, p := range found {
		if p != nil {
			visible = append(visible, p)
		}
	}
	return visible, err
}
