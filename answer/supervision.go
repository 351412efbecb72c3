package answer

func supervisionShape() shape {
	return shape{
		"proposal":   mustBeOne("Proposal", "proposals", `#.id = @.proposal_id`),
		"supervisor": one("Person", "persons", `#.id = @.supervisor_id`),
		"office":     columnOrNull("office"), "year": plainOrNull("year"), "visits": plainOrNull("visits"),
		"meetings": plainOrNull("meetings"), "note": columnOrNull("note"),
		"citations": citationsFor(`@.proposal_id`, `'supervisions.' || @.position`),
		"entries":   some("SupervisionEntry", `supervision_entries #`, `#.proposal_id = @.proposal_id AND #.supervision = @.position`, `#.position`),
	}
}

func supervisionEntryShape() shape {
	return shape{
		"kind": word("kind"), "occurredOn": wordOrNull("occurred_on"), "note": columnOrNull("note"),
		"by": linkedBy("Person", "persons", "supervision_entry_persons",
			`#.proposal_id = @.proposal_id AND #.supervision = @.supervision AND #.entry = @.position`, `#.position`, `person_id`),
		"citations": citationsFor(`@.proposal_id`, `'supervisions.' || @.supervision || '.entries.' || @.position`),
	}
}
