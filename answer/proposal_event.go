package answer

func proposalEventShape() shape {
	return shape{
		"kind": word("kind"), "occurredOn": wordOrNull("occurred_on"), "note": columnOrNull("note"),
		"person":    one("Person", "persons", `#.id = @.person_id`),
		"citations": citationsFor(`@.proposal_id`, `'events.' || @.position`),
	}
}
