package answer

func outcomeShape() shape {
	return shape{
		"form": column("form"), "usedBy": columnOrNull("used_by"), "use": columnOrNull("use"), "effect": columnOrNull("effect"),
		"status": word("status"), "occurredOn": wordOrNull("occurred_on"),
		"citations": citationsFor(`@.record_id`, `'outcomes.' || @.position`),
	}
}
