package verify

// sectionsRule holds that the articles of a source stand in its text, one behind
// the other.
var sectionsRule = rule{
	name: "sections", zh: "篇章都在出处正文之内，前后不重叠", en: "every section stands in its source's text, behind the one before",
	checked: `SELECT coalesce(sum(jsonb_array_length(sections)), 0) FROM sources`,
	broken: `SELECT kind, slug, format('section %s at [%s, %s)', n - 1, start, "end") FROM (
			SELECT s.kind, s.slug, n, (a ->> 'start')::int AS start, (a ->> 'end')::int AS "end", char_length(s.text) AS length, a ->> 'title' AS title,
				coalesce(lag((a ->> 'end')::int) OVER (PARTITION BY s.id ORDER BY n), 0) AS before
			FROM sources s CROSS JOIN LATERAL jsonb_array_elements(s.sections) WITH ORDINALITY AS l (a, n)
		) t WHERE start IS NULL OR "end" IS NULL OR coalesce(title, '') = '' OR start < before OR "end" <= start OR "end" > length ORDER BY 2, n`,
}

// reportsRule holds that every report stands beside a record that is there, of the
// kind that it says.
var reportsRule = rule{
	name: "reports", zh: "公开报道都附在存在的记录上", en: "every public report stands beside a record that is there",
	checked: `SELECT count(*) FROM reports`,
	broken: `SELECT p.kind, p.slug, format('no %s of id %s', lower(p.record_kind), p.record_id) FROM reports p
		WHERE NOT EXISTS (SELECT FROM ` + everyRecord + ` WHERE r.id = p.record_id AND r.kind = p.record_kind) ORDER BY 2`,
}

// countsTowardsRule holds that a case counts towards figures that are there.
var countsTowardsRule = rule{
	name: "indicators", zh: "案例计入的指标都存在", en: "every figure that a case counts towards is there",
	checked: `SELECT count(*) FROM case_indicators`,
	broken: `SELECT 'CASE', c.slug, format('no indicator of id %s', l.indicator_id) FROM case_indicators l LEFT JOIN cases c ON c.id = l.case_id
		WHERE c.id IS NULL OR NOT EXISTS (SELECT FROM indicators i WHERE i.id = l.indicator_id) ORDER BY 2, 3`,
}
