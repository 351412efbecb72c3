package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// The lists that may hang on a record: kind and parent say on which, "" and 0
// that it is the list of all. Lists of one request that differ in the parent
// only are read together, and so are their lengths.

func cases(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.CaseArgs) (*model.CaseConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Cases.Load(ctx, loaders.List[loaders.CaseArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.CaseCount.Load(ctx, loaders.List[catalog.CaseFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func brands(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.BrandArgs) (*model.BrandConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Brands.Load(ctx, loaders.List[loaders.BrandArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.BrandCount.Load(ctx, loaders.List[catalog.BrandFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func committees(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.CommitteeArgs) (*model.CommitteeConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Committees.Load(ctx, loaders.List[loaders.CommitteeArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.CommitteeCount.Load(ctx, loaders.List[catalog.CommitteeFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func proposals(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.ProposalArgs) (*model.ProposalConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Proposals.Load(ctx, loaders.List[loaders.ProposalArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.ProposalCount.Load(ctx, loaders.List[catalog.ProposalFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func adoptions(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.AdoptionArgs) (*model.AdoptionConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Adoptions.Load(ctx, loaders.List[loaders.AdoptionArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.AdoptionCount.Load(ctx, loaders.List[catalog.AdoptionFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func activities(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.ActivityArgs) (*model.ActivityConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Activities.Load(ctx, loaders.List[loaders.ActivityArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.ActivityCount.Load(ctx, loaders.List[catalog.ActivityFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func evaluations(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.EvaluationArgs) (*model.EvaluationConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Evaluations.Load(ctx, loaders.List[loaders.EvaluationArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.EvaluationCount.Load(ctx, loaders.List[catalog.EvaluationFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func venues(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args loaders.VenueArgs) (*model.VenueConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Venues.Load(ctx, loaders.List[loaders.VenueArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.VenueCount.Load(ctx, loaders.List[catalog.VenueFilter]{Kind: kind, Parent: parent, Args: args.Filter})
	})
}

func revisions(ctx context.Context, kind catalog.RecordKind, parent catalog.ID, args catalog.PageArgs) (*model.RevisionConnection, error) {
	l := loaders.From(ctx)
	page, err := l.Revisions.Load(ctx, loaders.List[catalog.PageArgs]{Kind: kind, Parent: parent, Args: args})
	return connection(page, err, func(ctx context.Context) (int, error) {
		return l.RevisionCount.Load(ctx, loaders.List[struct{}]{Kind: kind, Parent: parent})
	})
}

// connection wraps what a list was read as.
func connection[T any](page *catalog.Page[*T], err error, count func(context.Context) (int, error)) (*model.Connection[T], error) {
	if err != nil {
		return nil, err
	}
	return model.NewConnection(page, count), nil
}

// value returns what an optional argument holds, the zero value for none.
func value[T any](v *T) T {
	var zero T
	if v == nil {
		return zero
	}
	return *v
}
