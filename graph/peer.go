package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
	"github.com/jisiguangyi/jisi/loaders"
)

// maxPeers is how many peers' cases there are at once.
const maxPeers = 50

// learnArgs are the arguments of Query.learn.
type learnArgs struct {
	Problem   string
	Committee *string
	Scope     *catalog.PeerScope
	First     *int
}

// learn finds the peers' cases nearest to a problem.
func (r *Resolver) learn(ctx context.Context, args learnArgs) ([]*model.PeerCase, error) {
	hits, err := askOnce(ctx, func() ([]catalog.PeerHit, error) { return r.peersFor(ctx, args) })
	if err != nil {
		return nil, err
	}
	return peerCases(ctx, hits)
}

// peersFor asks the index for the peers' cases nearest to a problem.
func (r *Resolver) peersFor(ctx context.Context, args learnArgs) ([]catalog.PeerHit, error) {
	if err := atMost("problem", args.Problem, maxAnalyze); err != nil {
		return nil, err
	}
	q := catalog.PeerQuery{Problem: args.Problem, Scope: value(args.Scope)}
	if args.Committee != nil {
		id, err := catalog.DecodeIDOf(catalog.KindCommittee, *args.Committee)
		if err != nil {
			return nil, err
		}
		asking, err := loaders.From(ctx).CommitteeByID.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		q.Committee, q.Region, q.Level = asking.Slug, asking.RegionCode, asking.Level
	} else if q.Scope != "" && q.Scope != catalog.ScopeAll {
		return nil, &catalog.Error{Kind: catalog.KindInvalid, Path: "committee", Zh: "限定同行范围时请写 committee", En: "a scope needs the asking committee"}
	}
	return r.peers(ctx, q, args.First)
}

// similar finds the peers' cases nearest to a case.
func (r *Resolver) similar(ctx context.Context, c *catalog.Case, scope *catalog.PeerScope, first *int) ([]*model.PeerCase, error) {
	q := catalog.PeerQuery{Case: c.ID, Scope: value(scope), Region: value(c.RegionCode), Level: c.Level}
	if c.Status != catalog.StatusPublished { // the index knows nothing of it: it is a problem told in one's own words
		q.Case, q.Private, q.Problem = 0, true, catalog.Cut(strings.Join([]string{c.Title, value(c.Summary)}, "\n"), maxAnalyze)
	}
	held, err := loaders.From(ctx).CommitteeByID.Maybe(ctx, c.CommitteeID)
	if err != nil {
		return nil, err
	}
	if held != nil {
		q.Committee = held.Slug
	}
	hits, err := r.peers(ctx, q, first)
	if err != nil {
		return nil, err
	}
	return peerCases(ctx, hits)
}

func (r *Resolver) peers(ctx context.Context, q catalog.PeerQuery, first *int) ([]catalog.PeerHit, error) {
	if err := between("first", value(first), maxPeers); err != nil {
		return nil, err
	}
	q.First = value(first)
	return r.Search.Peers(ctx, q)
}

// peerCases puts the cases in the place of the ids that were found.
func peerCases(ctx context.Context, hits []catalog.PeerHit) ([]*model.PeerCase, error) {
	cases, err := together(ctx, hits, func(ctx context.Context, h catalog.PeerHit) (*catalog.Case, error) {
		return loaders.From(ctx).CaseByID.Maybe(ctx, &h.ID)
	})
	if err != nil {
		return nil, err
	}
	found := make([]*model.PeerCase, 0, len(hits))
	for i, h := range hits {
		if cases[i] != nil { // withdrawn since the index last heard of it
			found = append(found, &model.PeerCase{Case: cases[i], Score: h.Score, Reasons: h.Reasons})
		}
	}
	return found, nil
}

func between(argument string, n, most int) error {
	if n < 1 || n > most {
		return &catalog.Error{
			Kind: catalog.KindInvalid, Path: argument,
			Zh: fmt.Sprintf("%s 须为 1 至 %d 之间的数", argument, most), En: fmt.Sprintf("%s must be 1 to %d", argument, most),
		}
	}
	return nil
}
