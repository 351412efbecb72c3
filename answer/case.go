package answer

import (
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// marks is what a case was called when it was selected.
func marks() field { return written(`to_json(` + store.CaseMarks + `)::text`) }

func caseShape() shape {
	return record(catalog.KindCase, shape{
		"marks":        marks(),
		"status":       word("status"),
		"committee":    one("Committee", "committees", `#.id = @.committee_id`),
		"region":       one("Region", "regions", `#.code = @.region_code`),
		"brand":        one("Brand", "brands", `#.id = @.brand_id`),
		"topics":       linkedBy("Topic", "topics", "case_topics", `#.case_id = @.id`, `#.position`, `topic_id`),
		"participants": some("Participant", `participants #`, `#.case_id = @.id`, `#.position`),
		"persons": records("Person", "persons", `#.id IN (SELECT p.person_id FROM participants p WHERE p.case_id = @.id)`,
			`(SELECT min(p.position) FROM participants p WHERE p.case_id = @.id AND p.person_id = #.id)`),
		"steps":        some("Step", steps+` #`, `true`, `#.n`),
		"completeness": itself("Completeness"),
		"outcomes":     some("Outcome", `outcomes #`, `#.record_id = @.id`, `#.position`),
		"links":        some("Link", `jsonb_array_elements(@.links) WITH ORDINALITY AS # (link, n)`, `true`, `#.n`),
		"possiblySameAs": records("Case", "cases", `#.id IN (
			SELECT other_id FROM possibly_same WHERE case_id = @.id UNION SELECT case_id FROM possibly_same WHERE other_id = @.id)`, `#.id`),
		"indicators": linkedBy("Indicator", "indicators", "case_indicators", `#.case_id = @.id`, `#.position`, `indicator_id`),
		"proposals":  proposalsOf(catalog.KindCase), "adoptions": adoptionsOf(catalog.KindCase),
		"reports": reportsOf(), "revisions": revisionsOf(catalog.KindCase), "actions": actionsFor("committee_id"),
	})
}

func completenessShape() shape {
	return shape{
		"documented": plain("documented_steps"),
		"total":      written(literal(count(len(catalog.Procedure)))),
		"missing":    missingSteps(),
	}
}

func participantShape() shape {
	return shape{
		"role": word("role"), "name": column("name"), "statement": columnOrNull("statement"),
		"committee": one("Committee", "committees", `#.id = @.committee_id`),
		"person":    one("Person", "persons", `#.id = @.person_id`),
	}
}

func linkShape() shape {
	return shape{"title": orNull(`to_json(@.link ->> 'title')::text`), "url": orNull(`to_json(@.link ->> 'url')::text`)}
}

// itself is an object that is made of the same row.
func itself(shape string) field {
	return func(s *statement, row string, sel *catalog.Selection) { s.object(shape, row, sel.Below) }
}

// procedure is the eight steps in their order, as rows.
func procedure() string {
	rows := make([]string, len(catalog.Procedure))
	for i, p := range catalog.Procedure {
		rows[i] = `(` + count(i) + `, ` + literal(string(p.Code)) + `, ` + literal(string(p.Phase)) + `)`
	}
	return `(VALUES ` + strings.Join(rows, `, `) + `) procedure (n, code, phase)`
}

// steps is the eight steps with what a case documents of them.
var steps = `(SELECT procedure.*, @.id AS case_id, s.text FROM ` + procedure() + ` LEFT JOIN steps s ON s.case_id = @.id AND s.code = procedure.code)`

func missingSteps() field {
	return written(`(SELECT concat('[', string_agg('"' || procedure.code || '"', ',' ORDER BY procedure.n), ']') FROM ` + procedure() + `
		WHERE NOT EXISTS (SELECT FROM steps s WHERE s.case_id = @.id AND s.code = procedure.code))`)
}

func stepShape() shape {
	return shape{
		"code": word("code"), "phase": word("phase"), "documented": written(`(@.text IS NOT NULL)::text`), "text": columnOrNull("text"),
		"citations": citationsFor(`@.case_id`, `'steps.' || @.code`),
	}
}

// casesOf is the list of cases of a record of the kind, or of all where that
// is "". The other lists are like it.
func casesOf(parent catalog.RecordKind) field {
	return func(s *statement, row string, sel *catalog.Selection) {
		var args struct {
			Filter  catalog.CaseFilter
			OrderBy *catalog.CaseOrder
			catalog.PageArgs
		}
		if !s.decode(sel, &args) {
			return
		}
		regions := args.Filter.Regions
		codes, known := s.under(regions)
		if !known && len(regions) > 0 {
			s.leave("a region that is not known")
			return
		}
		if known {
			args.Filter.Regions = nil
		}
		l, err := store.CaseList(s.ctx, catalog.Parents{Kind: parent}, args.Filter, args.OrderBy)
		if err != nil {
			s.leave("a filter that is none")
			return
		}
		if known {
			l.InRegions(codes)
		}
		s.connection("Case", row, l, args.PageArgs, sel)
	}
}

// under returns the regions and all below them, where they are known.
func (s *statement) under(regions []string) (codes []string, known bool) {
	if len(regions) == 0 {
		return nil, false
	}
	return s.store.RegionsWithin(s.ctx, regions)
}
