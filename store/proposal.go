package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var proposalTable = table{
	name:    "proposals",
	columns: []string{"title", "alternative_titles", "number", "summary", "addressed_to", "is_key", "year", "resolution", "satisfaction"},
	names:   []string{"ARRAY[title]", "alternative_titles"},
	children: []child{
		{"proposers", "proposal_id", []string{"proposal_id", "position", "person_id", "committee_id"}},
		{"proposal_topics", "proposal_id", []string{"proposal_id", "topic_id", "position"}},
		{"undertakers", "proposal_id", []string{"proposal_id", "position", "name", "is_lead"}},
		supervisionTable, proposalEventTable, outcomeTable,
	},
}

func (b *batch) addProposal(in *catalog.ProposalInput, r row) {
	id := r["id"]
	r["title"], r["alternative_titles"], r["number"] = in.Title, array(in.AlternativeTitles), null(in.Number)
	r["summary"], r["addressed_to"], r["is_key"], r["year"] = null(in.Summary), null(in.AddressedTo), in.IsKey, in.Year
	r["resolution"], r["satisfaction"] = null(in.Resolution), null(in.Satisfaction)
	b.rows.add("proposals", r)
	for i, p := range in.Proposers {
		b.rows.add("proposers", row{
			"proposal_id": id, "position": i,
			"person_id": b.known.id(catalog.KindPerson, p.Person), "committee_id": b.known.id(catalog.KindCommittee, p.Committee),
		})
	}
	for i, t := range in.Topics {
		b.rows.add("proposal_topics", row{"proposal_id": id, "topic_id": b.known.id(catalog.KindTopic, t), "position": i})
	}
	for i, u := range in.Undertakers {
		b.rows.add("undertakers", row{"proposal_id": id, "position": i, "name": u.Name, "is_lead": u.IsLead})
	}
	b.addSupervisions(id, in.Supervisions)
	b.addEvents(id, in.Events)
	b.addOutcomes(id, catalog.KindProposal, in.Outcomes)
}

var proposals = noun[catalog.Proposal]{
	table: "proposals",
	columns: `r.title, r.alternative_titles, r.number, r.summary, r.addressed_to, r.is_key, r.year,
		r.resolution, r.satisfaction`,
	scan: func(p *catalog.Proposal) []any {
		return append(headScan(&p.Meta), &p.Title, &p.AlternativeTitles, &p.Number, &p.Summary, &p.AddressedTo, &p.IsKey, &p.Year,
			&p.Resolution, &p.Satisfaction)
	},
}

// ProposalsByID gives the proposals of these ids.
func (s *Store) ProposalsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Proposal, error) {
	return byID(ctx, s, proposals, ids)
}

// ProposalsBySlug gives the proposals of these slugs.
func (s *Store) ProposalsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Proposal, error) {
	return bySlug(ctx, s, proposals, slugs)
}

func proposalList(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter, o *catalog.ProposalOrder) (list, error) {
	l := list{from: `proposals r`, order: proposalOrder(catalog.ProposalOrder{Field: catalog.ProposalsByYear, Direction: catalog.Descending})}
	if o != nil {
		l.order = proposalOrder(*o)
	}
	switch of.Kind {
	case catalog.KindCase:
		l.from = `case_proposals cp JOIN proposals r ON r.id = cp.proposal_id`
		l.and(`cp.case_id = parent.id`)
		l.all(ctx, "proposals") // a link, with no filter to ask for more by
	case catalog.KindPerson:
		l.and(`EXISTS (SELECT FROM proposers p WHERE p.proposal_id = r.id AND p.person_id = parent.id)`)
	}
	if len(f.Committees) > 0 {
		ids, err := decodeCommittees(f.Committees)
		if err != nil {
			return list{}, err
		}
		l.and(`EXISTS (SELECT FROM proposers p WHERE p.proposal_id = r.id AND p.committee_id = ANY (%s))`, ids)
	}
	l.inStates(ctx, "proposals", f.Status)
	if f.IsKey != nil {
		l.and(`r.is_key = %s`, *f.IsKey)
	}
	andOneOf(&l, `r.year`, f.Years)
	andAny(&l, `EXISTS (SELECT FROM proposal_topics t WHERE t.proposal_id = r.id AND t.topic_id = ANY (`+topicsBelow+`))`, f.Topics)
	if f.Supervised != nil {
		l.and(`EXISTS (SELECT FROM supervisions s WHERE s.proposal_id = r.id) = %s`, *f.Supervised)
	}
	andOneOf(&l, `r.resolution`, f.Resolution)
	return l, nil
}

func proposalOrder(o catalog.ProposalOrder) order {
	var by order
	switch o.Field {
	case catalog.ProposalsByTitle:
		by = order{expression: `r.title COLLATE jisi_zh`, cast: "text"}
	case catalog.ProposalsByUpdate:
		by = order{expression: `r.updated_at`, cast: "timestamptz"}
	default: // by year; unknown ones come last in both directions
		by = order{expression: `coalesce(r.year, 0)`, cast: "integer"}
		if o.Direction == catalog.Ascending {
			by.expression = `coalesce(r.year, 9999)`
		}
	}
	return by.towards(string(o.Field), o.Direction)
}

// Proposals gives a page of the proposals, all or those of each case or person.
func (s *Store) Proposals(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter, o *catalog.ProposalOrder, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Proposal], error) {
	l, err := proposalList(ctx, of, f, o)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, proposals, l, of, page)
}

// CountProposals counts what Proposals lists.
func (s *Store) CountProposals(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter) (map[catalog.ID]int, error) {
	l, err := proposalList(ctx, of, f, nil)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}

// ProposalsByPractice gives the proposals that each practice names, in its order.
func (s *Store) ProposalsByPractice(ctx context.Context, practices []catalog.ID) (map[catalog.ID][]*catalog.Proposal, error) {
	return linked(ctx, s, proposals, practiceMentions(`proposals`), `l.parent, l.position`, practices)
}

// ProposersByProposal gives who put each proposal, in its order.
func (s *Store) ProposersByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.ProposerRef, error) {
	return children(ctx, s, "proposers by proposal", `
		SELECT proposal_id, person_id, committee_id FROM proposers WHERE proposal_id = ANY ($1) ORDER BY proposal_id, position`, proposals,
		func(p *catalog.ProposerRef) (*catalog.ID, []any) {
			return &p.ProposalID, []any{&p.ProposalID, &p.PersonID, &p.CommitteeID}
		})
}

// UndertakersByProposal gives the departments that handle each proposal, in its
// order.
func (s *Store) UndertakersByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.Undertaker, error) {
	return children(ctx, s, "undertakers by proposal", `
		SELECT proposal_id, name, is_lead FROM undertakers WHERE proposal_id = ANY ($1) ORDER BY proposal_id, position`, proposals,
		func(u *catalog.Undertaker) (*catalog.ID, []any) {
			return &u.ProposalID, []any{&u.ProposalID, &u.Name, &u.IsLead}
		})
}
