package store

import (
	"maps"
	"strings"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
)

// shape is what a statement can show of a type, field by field. What is not
// here, the resolvers answer.
type shape map[string]field

// shapes has the types of the schema by name.
var shapes = sync.OnceValue(func() map[string]shape {
	all := map[string]shape{
		"Query":   queryShape(),
		"Case":    caseShape(),
		"Step":    stepShape(),
		"Outcome": outcomeShape(),
		"Completeness": {
			"documented": plain("documented_steps"),
			"total":      written(literal(count(len(catalog.Procedure)))),
			"missing":    missingSteps(),
		},
		"Participant": {
			"role": word("role"), "name": column("name"),
			"committee": one("Committee", "committees", `#.id = @.committee_id`),
			"person":    one("Person", "persons", `#.id = @.person_id`),
		},
		"Committee": committeeShape(),
		"Region":    regionShape(),
		"Brand":     brandShape(),
		"Topic":     topicShape(),
		"Proposal":  proposalShape(),
		"Person":    record(catalog.KindPerson, shape{"name": column("name"), "offices": column("offices"), "proposals": proposalsOf(catalog.KindPerson)}),
		"Source": record(catalog.KindSource, shape{
			"title": column("title"), "publisher": columnOrNull("publisher"), "publishedOn": wordOrNull("published_on"),
			"url": columnOrNull("url"), "text": column("text"),
		}),
		"Citation": {
			"source": mustBeOne("Source", "sources", `#.id = @.source_id`),
			"quote":  column("quote"), "start": plain("start_at"), "end": plain("end_at"), "fields": column("fields"),
		},
		"Link":     {"title": orNull(`to_json(@.link ->> 'title')::text`), "url": orNull(`to_json(@.link ->> 'url')::text`)},
		"Practice": practiceShape(),
		"Adoption": record(catalog.KindAdoption, shape{
			"case": mustBeOne("Case", "cases", `#.id = @.case_id`), "adopter": mustBeOne("Committee", "committees", `#.id = @.adopter_id`),
			"adoptedOn": wordOrNull("adopted_on"), "changes": columnOrNull("changes"), "result": columnOrNull("result"),
			"resultingCase": one("Case", "cases", `#.id = @.resulting_case_id`),
		}),
		"Venue": record(catalog.KindVenue, shape{
			"kind": word("type"), "name": column("name"), "address": columnOrNull("address"),
			"committee": one("Committee", "committees", `#.id = @.committee_id`), "region": one("Region", "regions", `#.code = @.region_code`),
		}),
		"Undertaker": {"name": column("name"), "isLead": plain("is_lead")},
		"ProposalEvent": {
			"kind": word("kind"), "occurredOn": wordOrNull("occurred_on"), "note": columnOrNull("note"),
			"person":    one("Person", "persons", `#.id = @.person_id`),
			"citations": citationsFor(`@.proposal_id`, `'events.' || @.position`),
		},
		"Supervision": {
			"proposal":   mustBeOne("Proposal", "proposals", `#.id = @.proposal_id`),
			"supervisor": one("Person", "persons", `#.id = @.supervisor_id`),
			"office":     columnOrNull("office"), "year": plainOrNull("year"), "visits": plainOrNull("visits"),
			"meetings": plainOrNull("meetings"), "note": columnOrNull("note"),
			"citations": citationsFor(`@.proposal_id`, `'supervisions.' || @.position`),
		},
	}
	return all
})

// record adds to a shape what every record has.
func record(kind catalog.RecordKind, own shape) shape {
	s := shape{
		"id": globalID(kind), "slug": word("slug"), "origin": word("origin"), "version": plain("version"),
		"createdAt": instant("created_at"), "updatedAt": instant("updated_at"),
		"citations": some("Citation", `citations #`, `#.record_id = @.id`, `#.position`),
	}
	maps.Copy(s, own)
	return s
}

// citationsFor is the list of a record's citations that support a field, by the
// rule of catalog.Citation.Supports.
func citationsFor(record, supported string) field {
	return some("Citation", `citations #`, `#.record_id = `+record+` AND EXISTS (
		SELECT FROM unnest(#.fields) f WHERE f = `+supported+` OR starts_with(f, `+supported+` || '.') OR starts_with(`+supported+`, f || '.'))`, `#.position`)
}

func caseShape() shape {
	return record(catalog.KindCase, shape{
		"status": word("status"), "title": column("title"), "alternativeTitles": column("alternative_titles"),
		"summary": columnOrNull("summary"), "background": columnOrNull("background"), "approach": columnOrNull("approach"),
		"results": columnOrNull("results"), "lessons": columnOrNull("lessons"),
		"year": plainOrNull("year"), "startedOn": wordOrNull("started_on"), "endedOn": wordOrNull("ended_on"), "level": word("level"),
		"participantCount": plainOrNull("participant_count"), "meetingCount": plainOrNull("meeting_count"), "recruitment": columnOrNull("recruitment"),
		"committee":    one("Committee", "committees", `#.id = @.committee_id`),
		"region":       one("Region", "regions", `#.code = @.region_code`),
		"brand":        one("Brand", "brands", `#.id = @.brand_id`),
		"topics":       linkedBy("Topic", "topics", "case_topics", `#.case_id = @.id`, `#.position`, `topic_id`),
		"participants": some("Participant", `participants #`, `#.case_id = @.id`, `#.position`),
		"steps":        some("Step", steps+` #`, `true`, `#.n`),
		"completeness": itself("Completeness"),
		"outcomes":     some("Outcome", `outcomes #`, `#.record_id = @.id`, `#.position`),
		"links":        some("Link", `jsonb_array_elements(@.links) WITH ORDINALITY AS # (link, n)`, `true`, `#.n`),
		"possiblySameAs": records("Case", "cases", `#.id IN (
			SELECT other_id FROM possibly_same WHERE case_id = @.id UNION SELECT case_id FROM possibly_same WHERE other_id = @.id)`, `#.id`),
		"proposals": proposalsOf(catalog.KindCase), "adoptions": adoptionsOf(catalog.KindCase),
	})
}

// itself is an object that is made of the same row.
func itself(shape string) field {
	return func(a *answer, row string, sel *catalog.Selection) { a.object(shape, row, sel.Below) }
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

func outcomeShape() shape {
	return shape{
		"form": column("form"), "usedBy": columnOrNull("used_by"), "use": columnOrNull("use"), "effect": columnOrNull("effect"),
		"status": word("status"), "occurredOn": wordOrNull("occurred_on"),
		"citations": citationsFor(`@.record_id`, `'outcomes.' || @.position`),
	}
}

func committeeShape() shape {
	return record(catalog.KindCommittee, shape{
		"name": column("name"), "alternativeNames": column("alternative_names"), "level": word("level"),
		"region":   mustBeOne("Region", "regions", `#.code = @.region_code`),
		"parent":   one("Committee", "committees", `#.id = @.parent_id`),
		"children": committeesOf(catalog.KindCommittee), "brands": brandsOf(catalog.KindCommittee), "cases": casesOf(catalog.KindCommittee),
		"adoptions": adoptionsOf(catalog.KindCommittee), "venues": venuesOf(catalog.KindCommittee),
	})
}

func regionShape() shape {
	return record(catalog.KindRegion, shape{
		"code": word("code"), "formerCode": wordOrNull("former_code"), "name": column("name"), "alternativeNames": column("alternative_names"),
		"level": word("level"), "parent": one("Region", "regions", `#.code = @.parent_code`),
		"children": records("Region", "regions", `#.parent_code = @.code`, `#.code`),
	})
}

func brandShape() shape {
	return record(catalog.KindBrand, shape{
		"status": word("status"), "name": column("name"), "alternativeNames": column("alternative_names"), "description": columnOrNull("description"),
		"committee": one("Committee", "committees", `#.id = @.committee_id`),
		"region":    one("Region", "regions", `#.code = @.region_code`),
		"parent":    one("Brand", "brands", `#.id = @.parent_id`),
		"children":  brandsOf(catalog.KindBrand), "cases": casesOf(catalog.KindBrand),
	})
}

func topicShape() shape {
	return record(catalog.KindTopic, shape{
		"name": column("name"), "parent": one("Topic", "topics", `#.id = @.parent_id`),
		"children": records("Topic", "topics", `#.parent_id = @.id`, `#.id`),
	})
}

func practiceShape() shape {
	named := func(shape, table string) field {
		return linkedBy(shape, table, "practice_mentions", `#.practice_id = @.id AND #.record_kind = `+literal(strings.ToUpper(shape)), `#.position`, `record_id`)
	}
	return record(catalog.KindPractice, shape{
		"ordinal": plain("ordinal"), "title": column("title"), "text": column("text"),
		"cases": named("Case", "cases"), "brands": named("Brand", "brands"),
		"proposals": named("Proposal", "proposals"),
	})
}

func proposalShape() shape {
	return record(catalog.KindProposal, shape{
		"status": word("status"), "title": column("title"), "alternativeTitles": column("alternative_titles"), "number": columnOrNull("number"),
		"summary": columnOrNull("summary"), "addressedTo": columnOrNull("addressed_to"), "isKey": plain("is_key"), "year": plainOrNull("year"),
		"resolution": wordOrNull("resolution"), "satisfaction": wordOrNull("satisfaction"),
		"topics":       linkedBy("Topic", "topics", "proposal_topics", `#.proposal_id = @.id`, `#.position`, `topic_id`),
		"supervisions": some("Supervision", `supervisions #`, `#.proposal_id = @.id`, `#.position`),
		"undertakers":  some("Undertaker", `undertakers #`, `#.proposal_id = @.id`, `#.position`),
		"events":       some("ProposalEvent", `proposal_events #`, `#.proposal_id = @.id`, `#.position`),
		"outcomes":     some("Outcome", `outcomes #`, `#.record_id = @.id`, `#.position`),
		"cases":        casesOf(catalog.KindProposal),
		"proposers":    proposers(),
	})
}

// proposers is who put a proposal, each a person or a committee.
func proposers() field {
	from, which, sorted := templateOf(`proposers #`), templateOf(`#.proposal_id = @.id`), templateOf(`#.position`)
	person, committee := templateOf(`#.id = @.person_id`), templateOf(`#.id = @.committee_id`)
	return func(a *answer, row string, sel *catalog.Selection) {
		l := a.row()
		a.list(row, l, func() {
			a.write(`coalesce(`)
			a.one("Person", "persons", l, person, &catalog.Selection{Below: sel.On[catalog.KindPerson]})
			a.write(`, `)
			a.one("Committee", "committees", l, committee, &catalog.Selection{Below: sel.On[catalog.KindCommittee]})
			a.write(`)`)
		}, from, which, sorted)
		a.write(`)`)
	}
}
