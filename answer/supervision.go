package answer

func supervisionShape() shape {
	return shape{
		"proposal":   mustBeOne("Proposal", "proposals", `#.id = @.proposal_id`),
		"supervisor": one("Person", "persons", `#.id = @.supervisor_id`),
		"office":     columnOrNull("office"), "year": plainOrNull("year"), "visits": plainOrNull("visits"),
		"meetings": plainOrNull("meetings"), "note": columnOrNull("note"),
		"citations": citationsFor(`@.proposal_id`, `'supervisions.' || @.position`),
	}
}
