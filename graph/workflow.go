package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// work is what the mutations of a noun of the workflow need to know of it: its
// kind, and the loader of the record for the payload. The mutations themselves
// are in workflow.resolvers.go, which internal/workflowgen writes.
type work[T any] struct {
	kind catalog.RecordKind
	of   func(*loaders.Loaders) loaders.One[catalog.ID, *T]
}

type byID[T any] = loaders.One[catalog.ID, *T]

// The nouns of the workflow.
var (
	caseWork       = work[catalog.Case]{catalog.KindCase, func(l *loaders.Loaders) byID[catalog.Case] { return l.CaseByID }}
	brandWork      = work[catalog.Brand]{catalog.KindBrand, func(l *loaders.Loaders) byID[catalog.Brand] { return l.BrandByID }}
	proposalWork   = work[catalog.Proposal]{catalog.KindProposal, func(l *loaders.Loaders) byID[catalog.Proposal] { return l.ProposalByID }}
	adoptionWork   = work[catalog.Adoption]{catalog.KindAdoption, func(l *loaders.Loaders) byID[catalog.Adoption] { return l.AdoptionByID }}
	needWork       = work[catalog.Need]{catalog.KindNeed, func(l *loaders.Loaders) byID[catalog.Need] { return l.NeedByID }}
	reportWork     = work[catalog.Report]{catalog.KindReport, func(l *loaders.Loaders) byID[catalog.Report] { return l.ReportByID }}
	callWork       = work[catalog.Call]{catalog.KindCall, func(l *loaders.Loaders) byID[catalog.Call] { return l.CallByID }}
	collectionWork = work[catalog.Collection]{catalog.KindCollection, func(l *loaders.Loaders) byID[catalog.Collection] { return l.CollectionByID }}
	personWork     = work[catalog.Person]{catalog.KindPerson, func(l *loaders.Loaders) byID[catalog.Person] { return l.PersonByID }}
	venueWork      = work[catalog.Venue]{catalog.KindVenue, func(l *loaders.Loaders) byID[catalog.Venue] { return l.VenueByID }}
	activityWork   = work[catalog.Activity]{catalog.KindActivity, func(l *loaders.Loaders) byID[catalog.Activity] { return l.ActivityByID }}
	practiceWork   = work[catalog.Practice]{catalog.KindPractice, func(l *loaders.Loaders) byID[catalog.Practice] { return l.PracticeByID }}
	evaluationWork = work[catalog.Evaluation]{catalog.KindEvaluation, func(l *loaders.Loaders) byID[catalog.Evaluation] { return l.EvaluationByID }}

	evaluationRoundWork = work[catalog.EvaluationRound]{catalog.KindRound, func(l *loaders.Loaders) byID[catalog.EvaluationRound] { return l.EvaluationRoundByID }}
)

func (w work[T]) create(ctx context.Context, r *Resolver, in catalog.Input) (*model.Payload[T], error) {
	return bringIn(ctx, r, catalog.ActionCreate, in, w.of)
}

func (w work[T]) update(ctx context.Context, r *Resolver, id string, version int, in catalog.Input) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionUpdate, Version: version, Input: in})
}

func (w work[T]) submit(ctx context.Context, r *Resolver, id string, version int) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionSubmit, Version: version})
}

func (w work[T]) giveBack(ctx context.Context, r *Resolver, id string, version int, reason string) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionReturn, Version: version, Reason: reason})
}

func (w work[T]) publish(ctx context.Context, r *Resolver, id string, version int) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionPublish, Version: version})
}

func (w work[T]) archive(ctx context.Context, r *Resolver, id string, version int, reason string) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionArchive, Version: version, Reason: reason})
}

func (w work[T]) restore(ctx context.Context, r *Resolver, id string, version, revision int) (*model.Payload[T], error) {
	return w.alter(ctx, r, id, catalog.Edit{Action: catalog.ActionRestore, Version: version, Revision: revision})
}

func (w work[T]) alter(ctx context.Context, r *Resolver, id string, e catalog.Edit) (*model.Payload[T], error) {
	e.Kind = w.kind
	return alter(ctx, r, id, e, w.of)
}
