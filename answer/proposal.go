package answer

import (
	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

func proposalShape() shape {
	dueOn, dueFrom := store.ProposalDue("@")
	return record(catalog.KindProposal, shape{
		"status":       word("status"),
		"topics":       linkedBy("Topic", "topics", "proposal_topics", `#.proposal_id = @.id`, `#.position`, `topic_id`),
		"supervisions": some("Supervision", `supervisions #`, `#.proposal_id = @.id`, `#.position`),
		"undertakers":  some("Undertaker", `undertakers #`, `#.proposal_id = @.id`, `#.position`),
		"events":       some("ProposalEvent", `proposal_events #`, `#.proposal_id = @.id`, `#.position`),
		"outcomes":     some("Outcome", `outcomes #`, `#.record_id = @.id`, `#.position`),
		"dueOn":        orNull(`to_json((` + dueOn + `)::text)::text`),
		"dueFrom":      orNull(`'"' || ` + dueFrom + ` || '"'`),
		"cases":        casesOf(catalog.KindProposal),
		"proposers":    proposers(),
		"reports":      reportsOf(),
		"revisions":    revisionsOf(catalog.KindProposal), "actions": actionsForProposers,
	})
}

func undertakerShape() shape { return shape{"name": column("name"), "isLead": plain("is_lead")} }

// proposers is who put a proposal, each a person or a committee.
func proposers() field {
	from, which, sorted := templateOf(`proposers #`), templateOf(`#.proposal_id = @.id`), templateOf(`#.position`)
	person, committee := templateOf(`#.id = @.person_id`), templateOf(`#.id = @.committee_id`)
	return func(s *statement, row string, sel *catalog.Selection) {
		l := s.row()
		s.list(row, l, func() {
			s.write(`coalesce(`)
			s.one("Person", "persons", l, person, &catalog.Selection{Below: sel.On[catalog.KindPerson]})
			s.write(`, `)
			s.one("Committee", "committees", l, committee, &catalog.Selection{Below: sel.On[catalog.KindCommittee]})
			s.write(`)`)
		}, from, which, sorted)
		s.write(`)`)
	}
}

func proposalsOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.ProposalFilter
			OrderBy *catalog.ProposalOrder
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		l, err := store.ProposalList(s.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		if err != nil {
			s.leave("a filter that is none")
			return
		}
		s.connection("Proposal", row, l, args.PageArgs, sel)
	}
}
