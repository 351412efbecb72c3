package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

var proposals = nounOf(table{
	name:  "proposals",
	names: []string{"ARRAY[title]", "alternative_titles"},
	children: []child{
		{"proposers", "proposal_id", []string{"proposal_id", "position", "person_id", "committee_id"}},
		{"proposal_topics", "proposal_id", []string{"proposal_id", "topic_id", "position"}},
		{"undertakers", "proposal_id", []string{"proposal_id", "position", "name", "is_lead"}},
		supervisionTable, entryTables[0], entryTables[1], proposalEventTable, outcomeTable,
	},
	lists: (*batch).addProposalLists,
}, func(p *catalog.Proposal, in *catalog.ProposalInput, _ *lookup) []Column {
	return []Column{
		column("title", "title", Text, &p.Title, in.Title),
		column("alternative_titles", "alternativeTitles", Text, &p.AlternativeTitles, array(in.AlternativeTitles)),
		column("number", "number", TextOrNull, &p.Number, null(in.Number)),
		column("summary", "summary", TextOrNull, &p.Summary, null(in.Summary)),
		column("addressed_to", "addressedTo", TextOrNull, &p.AddressedTo, null(in.AddressedTo)),
		column("is_key", "isKey", Plain, &p.IsKey, in.IsKey),
		column("year", "year", PlainOrNull, &p.Year, in.Year),
		column("resolution", "resolution", WordOrNull, &p.Resolution, null(in.Resolution)),
		column("satisfaction", "satisfaction", WordOrNull, &p.Satisfaction, null(in.Satisfaction)),
	}
})

// ProposalDue returns the expressions of the day by which a proposal, the row, is to be
// answered, and of what that is counted from, as catalog.DueOf says.
func ProposalDue(row string) (on, from string) {
	pending := row + `.resolution IS NULL AND NOT EXISTS (SELECT FROM proposal_events e WHERE e.proposal_id = ` + row + `.id AND e.kind = 'REPLIED')`
	latest := func(kind string) string {
		return `(SELECT max(last_day(e.occurred_on)) FROM proposal_events e WHERE e.proposal_id = ` + row + `.id AND e.kind = '` + kind + `')`
	}
	on = `CASE WHEN ` + pending + ` THEN (coalesce(` + latest("ASSIGNED") + `, ` + latest("FILED") + `) + interval '` + strconv.Itoa(catalog.ReplyWithin()) + ` months')::date END`
	from = `CASE WHEN ` + pending + ` THEN CASE WHEN ` + latest("ASSIGNED") + ` IS NOT NULL THEN 'ASSIGNED' WHEN ` + latest("FILED") + ` IS NOT NULL THEN 'FILED' END END`
	return on, from
}

// proposalOverdue returns whether, on the day of the place holder, a proposal should have
// been answered by now.
func proposalOverdue(today string) string {
	on, _ := ProposalDue("r")
	return `coalesce(` + on + ` < ` + today + `::text::date, false)`
}

func (b *batch) addProposalLists(input catalog.Input, id any) {
	in := input.(*catalog.ProposalInput)
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

// ProposalsByID returns the proposals of these ids.
func (s *Store) ProposalsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Proposal, error) {
	return byID(ctx, s, proposals, ids)
}

// ProposalsBySlug returns the proposals of these slugs.
func (s *Store) ProposalsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Proposal, error) {
	return bySlug(ctx, s, proposals, slugs)
}

func ProposalList(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter, o *catalog.ProposalOrder) (List, error) {
	l := List{from: `proposals r`, order: proposalOrder(catalog.ProposalOrder{Field: catalog.ProposalsByYear, Direction: catalog.Descending})}
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
		ids, err := decodeIDs(catalog.KindCommittee, f.Committees)
		if err != nil {
			return List{}, err
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
	if f.Overdue != nil {
		l.and(`(`+proposalOverdue(`%s`)+`) = %s`, catalog.DayOf(time.Now()), *f.Overdue)
	}
	return l, nil
}

func proposalOrder(o catalog.ProposalOrder) order {
	var by order
	switch o.Field {
	case catalog.ProposalsByTitle:
		by = byReading("", `r.title`)
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

// Proposals returns a page of the proposals, all or those of each case or person.
func (s *Store) Proposals(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter, o *catalog.ProposalOrder, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Proposal], error) {
	l, err := ProposalList(ctx, of, f, o)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, proposals, l, of, page)
}

// CountProposals counts what Proposals lists.
func (s *Store) CountProposals(ctx context.Context, of catalog.Parents, f catalog.ProposalFilter) (map[catalog.ID]int, error) {
	l, err := ProposalList(ctx, of, f, nil)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}

// ProposalsByPractice returns the proposals that each practice names, in its order.
func (s *Store) ProposalsByPractice(ctx context.Context, practices []catalog.ID) (map[catalog.ID][]*catalog.Proposal, error) {
	return linked(ctx, s, proposals, practiceMentions(`proposals`), `l.parent, l.position`, practices)
}

// ProposersByProposal returns who put each proposal, in its order.
func (s *Store) ProposersByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.ProposerRef, error) {
	return children(ctx, s, "proposers by proposal", `
		SELECT proposal_id, person_id, committee_id FROM proposers WHERE proposal_id = ANY ($1) ORDER BY proposal_id, position`, proposals,
		func(p *catalog.ProposerRef) (*catalog.ID, []any) {
			return &p.ProposalID, []any{&p.ProposalID, &p.PersonID, &p.CommitteeID}
		})
}

// UndertakersByProposal returns the departments that handle each proposal, in its
// order.
func (s *Store) UndertakersByProposal(ctx context.Context, proposals []catalog.ID) (map[catalog.ID][]*catalog.Undertaker, error) {
	return children(ctx, s, "undertakers by proposal", `
		SELECT proposal_id, name, is_lead FROM undertakers WHERE proposal_id = ANY ($1) ORDER BY proposal_id, position`, proposals,
		func(u *catalog.Undertaker) (*catalog.ID, []any) {
			return &u.ProposalID, []any{&u.ProposalID, &u.Name, &u.IsLead}
		})
}
