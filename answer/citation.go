package answer

func citationShape() shape {
	return shape{
		"source": mustBeOne("Source", "sources", `#.id = @.source_id`),
		"quote":  column("quote"), "start": plain("start_at"), "end": plain("end_at"), "fields": column("fields"),
		"section": sectionOfQuote,
	}
}

// citationsFor is the list of a record's citations that support a field, by the
// rule of catalog.Citation.Supports.
func citationsFor(record, supported string) field {
	return some("Citation", `citations #`, `#.record_id = `+record+` AND EXISTS (
		SELECT FROM unnest(#.fields) f WHERE f = `+supported+` OR starts_with(f, `+supported+` || '.') OR starts_with(`+supported+`, f || '.'))`, `#.position`)
}
