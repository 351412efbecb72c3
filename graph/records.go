package graph

import (
	"context"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/loaders"
)

// maxNodes is how many records a client may ask for by id at once.
const maxNodes = 100

// node returns the record of a global id, nil where there is none that the reader
// may see: an id that names nothing is no error.
func node(ctx context.Context, global string) (catalog.Node, error) {
	if id, err := catalog.DecodeSubmissionID(global); err == nil {
		s, err := loaders.From(ctx).SubmissionByID.Maybe(ctx, &id)
		if s == nil || err != nil {
			return nil, err
		}
		return s, nil
	}
	kind, id, err := catalog.DecodeID(global)
	if err != nil {
		return nil, nil //nolint:nilerr // to a client an unknown id and a made-up one are the same
	}
	l := loaders.From(ctx)
	switch kind {
	case catalog.KindRegion:
		return orNil(l.RegionByID.Maybe(ctx, &id))
	case catalog.KindCommittee:
		return orNil(l.CommitteeByID.Maybe(ctx, &id))
	case catalog.KindTopic:
		return orNil(l.TopicByID.Maybe(ctx, &id))
	case catalog.KindPerson:
		return orNil(l.PersonByID.Maybe(ctx, &id))
	case catalog.KindSource:
		return orNil(l.SourceByID.Maybe(ctx, &id))
	case catalog.KindBrand:
		return orNil(l.BrandByID.Maybe(ctx, &id))
	case catalog.KindCase:
		return orNil(l.CaseByID.Maybe(ctx, &id))
	case catalog.KindProposal:
		return orNil(l.ProposalByID.Maybe(ctx, &id))
	case catalog.KindPractice:
		return orNil(l.PracticeByID.Maybe(ctx, &id))
	case catalog.KindIndicator:
		return orNil(l.IndicatorByID.Maybe(ctx, &id))
	case catalog.KindEvaluation:
		return orNil(l.EvaluationByID.Maybe(ctx, &id))
	case catalog.KindAdoption:
		return orNil(l.AdoptionByID.Maybe(ctx, &id))
	case catalog.KindVenue:
		return orNil(l.VenueByID.Maybe(ctx, &id))
	case catalog.KindCall:
		return orNil(l.CallByID.Maybe(ctx, &id))
	case catalog.KindCollection:
		return orNil(l.CollectionByID.Maybe(ctx, &id))
	case catalog.KindNeed:
		return orNil(l.NeedByID.Maybe(ctx, &id))
	case catalog.KindReport:
		return orNil(l.ReportByID.Maybe(ctx, &id))
	case catalog.KindActivity:
		return orNil(l.ActivityByID.Maybe(ctx, &id))
	case catalog.KindRound:
		return orNil(l.EvaluationRoundByID.Maybe(ctx, &id))
	}
	return nil, fmt.Errorf("graph: node of kind %s", kind)
}

// recordOf returns the record of a kind's id, nil where the reader may not see it.
func recordOf(ctx context.Context, kind catalog.RecordKind, id catalog.ID) (catalog.Record, error) {
	found, err := node(ctx, catalog.EncodeID(kind, id))
	record, _ := found.(catalog.Record)
	return record, err
}

// orNil keeps a nil record from becoming an interface that is not nil.
func orNil[T any, P interface {
	*T
	catalog.Node
}](record P, err error) (catalog.Node, error) {
	if record == nil || err != nil {
		return nil, err
	}
	return record, nil
}

// nodes returns the records of global ids in their order. They are asked for at
// once, so that the loaders read those of one kind together.
func nodes(ctx context.Context, globals []string, node func(context.Context, string) (catalog.Node, error)) ([]catalog.Node, error) {
	if len(globals) > maxNodes {
		return nil, &catalog.Error{
			Kind: catalog.KindLimit, Path: "ids",
			Zh: fmt.Sprintf("一次最多取 %d 条，现有 %d 条", maxNodes, len(globals)),
			En: fmt.Sprintf("at most %d ids at once, not %d", maxNodes, len(globals)),
		}
	}
	return together(ctx, globals, node)
}

// together asks for all keys at once and returns the answers in their order.
func together[K, V any](ctx context.Context, keys []K, get func(context.Context, K) (V, error)) ([]V, error) {
	values := make([]V, len(keys))
	errs := make(chan error, len(keys))
	for i, k := range keys {
		go func() {
			errs <- loaders.Guard(func() (err error) {
				values[i], err = get(ctx, k)
				return err
			})
		}()
	}
	var first error
	for range keys {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return values, first
}

// citationsOf returns those of a record's citations that support one of its
// fields.
func citationsOf(ctx context.Context, record catalog.ID, field string) ([]*catalog.Citation, error) {
	all, err := loaders.From(ctx).CitationsOf.Load(ctx, record)
	if err != nil {
		return nil, err
	}
	supporting := make([]*catalog.Citation, 0, len(all))
	for _, c := range all {
		if c.Supports(field) {
			supporting = append(supporting, c)
		}
	}
	return supporting, nil
}

// caseTexts returns the written form of a case, an empty one where it was
// withdrawn since the case was read.
func caseTexts(ctx context.Context, c *catalog.Case) (*catalog.CaseTexts, error) {
	t, err := loaders.From(ctx).CaseTexts.Maybe(ctx, &c.ID)
	if t == nil {
		t = &catalog.CaseTexts{}
	}
	return t, err
}

// proposers returns who put a proposal, in its order; those that the reader may
// not see are left out.
func proposers(ctx context.Context, proposal catalog.ID) ([]catalog.Proposer, error) {
	l := loaders.From(ctx)
	refs, err := l.ProposersOf.Load(ctx, proposal)
	if err != nil {
		return nil, err
	}
	found, err := together(ctx, refs, func(ctx context.Context, ref *catalog.ProposerRef) (catalog.Proposer, error) {
		if ref.PersonID != nil {
			if p, err := l.PersonByID.Maybe(ctx, ref.PersonID); p != nil || err != nil {
				return p, err
			}
			return nil, nil //nolint:nilnil // left out below
		}
		if c, err := l.CommitteeByID.Maybe(ctx, ref.CommitteeID); c != nil || err != nil {
			return c, err
		}
		return nil, nil //nolint:nilnil // left out below
	})
	visible := make([]catalog.Proposer, 0, len(found))
	for _, p := range found {
		if p != nil {
			visible = append(visible, p)
		}
	}
	return visible, err
}
