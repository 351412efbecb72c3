package main

import (
	"encoding/json"
	"fmt"
)

// question is one of the four that are measured: what each contender is asked,
// and with which variables.
type question struct {
	name  string
	about string
	asked map[string]string // the query, by contender
	// variables has those of each variant, by contender.
	variables map[string][]any
}

// The contenders.
const (
	jisi     = "jisi"
	jisiHot  = "jisi-hot"
	plain    = "plain"
	graphjin = "graphjin"
	pg5      = "postgraphile5"
	pg4      = "postgraphile4"
)

// object is a set of variables.
type object = map[string]any

// questions returns the four, with variants of the data's own places, dates and
// records.
func questions(d *data) []question {
	return []question{oneCase(d), filtered(d), deep(d), nested(d)}
}

func oneCase(d *data) question {
	q := question{name: "case", about: "one case with all around it", asked: map[string]string{
		jisi: `query($slug: String!) { case(slug: $slug) { slug title summary background approach results lessons year level
			committee { name } region { code name } brand { name } topics { name } participants { role name } } }`,
		plain: "case",
		graphjin: `query oneCase { case: cases(where: {slug: {eq: $slug}, status: {eq: "PUBLISHED"}}, limit: 1) { slug title summary background approach results lessons year level
			committee: committees { name } region: regions { code name } brand: brands { name }
			topics: case_topics(order_by: {position: asc}) { topics { name } } participants(order_by: {position: asc}) { role name } } }`,
	}, variables: map[string][]any{}}
	for _, version := range []string{pg5, pg4} {
		q.asked[version] = `query($slug: String!) { case: caseBySlug(slug: $slug) { slug title summary background approach results lessons year level
			committee: committeeByCommitteeId { name } region: regionByRegionCode { code name } brand: brandByBrandId { name }
			topics: caseTopicsByCaseId(orderBy: [POSITION_ASC]) { nodes { topicByTopicId { name } } }
			participants: participantsByCaseId(orderBy: [POSITION_ASC]) { nodes { role name } } } }`
	}
	for _, slug := range d.slugs {
		q.vary(object{"slug": slug}, []any{slug})
	}
	return q
}

func filtered(d *data) question {
	q := question{name: "filtered", about: "20 cases of a region and a year with committee, brand and topics", asked: map[string]string{
		jisi: `query($region: String!, $year: Int!) { cases(first: 20, filter: {regions: [$region], years: [$year]}) { nodes { slug title year
			committee { name } brand { name } topics { name } } } }`,
		plain: "filtered",
		graphjin: `query filtered { cases(where: {regions: {code: {eq: $region}}, year: {eq: $year}, status: {eq: "PUBLISHED"}}, order_by: {starts_on: desc, id: desc}, limit: 20) { slug title year
			committee: committees { name } brand: brands { name } topics: case_topics(order_by: {position: asc}) { topics { name } } } }`,
	}, variables: map[string][]any{}}
	for version, id := range map[string]string{pg5: "ROW_ID_DESC", pg4: "ID_DESC"} {
		q.asked[version] = `query($region: String!, $year: Int!) {
			cases: allCases(first: 20, condition: {regionCode: $region, year: $year, status: "PUBLISHED"}, orderBy: [STARTS_ON_DESC, ` + id + `]) { nodes { slug title year
			committee: committeeByCommitteeId { name } brand: brandByBrandId { name }
			topics: caseTopicsByCaseId(orderBy: [POSITION_ASC]) { nodes { topicByTopicId { name } } } } } }`
	}
	for _, p := range d.places {
		q.vary(object{"region": p.region, "year": p.year}, []any{p.region, p.year})
	}
	return q
}

func deep(d *data) question {
	q := question{name: "deep", about: "20 cases deep in the list of all", asked: map[string]string{
		jisi:  `query($after: String!) { cases(first: 20, after: $after) { nodes { slug title year } } }`,
		plain: "deep",
		graphjin: `query deep { cases(where: {and: {starts_on: {lt: $date}, status: {eq: "PUBLISHED"}}}, order_by: {starts_on: desc, id: desc}, limit: 20) {
			slug title year } }`,
	}, variables: map[string][]any{}}
	for version, id := range map[string]string{pg5: "ROW_ID_DESC", pg4: "ID_DESC"} {
		q.asked[version] = `query($after: Cursor!) { cases: allCases(first: 20, after: $after, condition: {status: "PUBLISHED"}, orderBy: [STARTS_ON_DESC, ` + id + `]) { nodes { slug title year } } }`
	}
	for _, date := range d.dates {
		q.variables[jisi] = append(q.variables[jisi], object{"after": jisiCursor("STARTED_ON DESC", date, 0)})
		q.variables[plain] = append(q.variables[plain], []any{date, 0})
		q.variables[graphjin] = append(q.variables[graphjin], object{"date": date})
	}
	// PostGraphile's cursors are its own; see positions.
	return q
}

func nested(d *data) question {
	q := question{name: "nested", about: "10 committees, 10 cases of each, their topics", asked: map[string]string{
		jisi:  `query($after: String!) { committees(first: 10, after: $after) { nodes { name cases(first: 10) { nodes { title topics { name } } } } } }`,
		plain: "nested",
		graphjin: `query nested { committees(where: {status: {eq: "PUBLISHED"}}, order_by: {region_code: asc}, limit: 10, offset: $offset) { name
			cases(where: {status: {eq: "PUBLISHED"}}, order_by: {starts_on: desc, id: desc}, limit: 10) { title topics: case_topics(order_by: {position: asc}) { topics { name } } } } }`,
	}, variables: map[string][]any{}}
	for version, id := range map[string]string{pg5: "ROW_ID_DESC", pg4: "ID_DESC"} {
		q.asked[version] = `query($offset: Int!) { committees: allCommittees(first: 10, offset: $offset, orderBy: [REGION_CODE_ASC]) { nodes { name
			cases: casesByCommitteeId(first: 10, condition: {status: "PUBLISHED"}, orderBy: [STARTS_ON_DESC, ` + id + `]) { nodes { title
			topics: caseTopicsByCaseId(orderBy: [POSITION_ASC]) { nodes { topicByTopicId { name } } } } } } } }`
	}
	for i, c := range d.committees {
		if i+11 > len(d.committees) {
			break
		}
		q.variables[jisi] = append(q.variables[jisi], object{"after": jisiCursor("REGION", c.region, c.id)})
		q.variables[plain] = append(q.variables[plain], []any{c.region})
		for _, other := range []string{graphjin, pg5, pg4} {
			q.variables[other] = append(q.variables[other], object{"offset": i + 1})
		}
	}
	return q
}

// vary adds a variant: named variables for all but the plain handler, which has
// a statement's in their order.
func (q *question) vary(named object, listed []any) {
	for _, c := range []string{jisi, graphjin, pg5, pg4} {
		q.variables[c] = append(q.variables[c], named)
	}
	q.variables[plain] = append(q.variables[plain], listed)
}

// requests returns the bodies of a contender's requests, one a variant.
func (q *question) requests(contender string) ([][]byte, error) {
	if contender == jisiHot {
		contender = jisi
	}
	bodies := make([][]byte, 0, len(q.variables[contender]))
	for _, variables := range q.variables[contender] {
		body, err := json.Marshal(map[string]any{"query": q.asked[contender], "variables": variables})
		if err != nil {
			return nil, fmt.Errorf("%s for %s: %w", q.name, contender, err)
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}
