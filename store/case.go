package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var cases = nounOf(table{
	name:  "cases",
	names: []string{"ARRAY[title]", "alternative_titles"},
	children: []child{
		{"case_topics", "case_id", []string{"case_id", "topic_id", "position"}},
		{"participants", "case_id", []string{"case_id", "position", "role", "name", "committee_id", "person_id", "statement"}},
		{"steps", "case_id", []string{"case_id", "code", "text"}},
		{"possibly_same", "case_id", []string{"case_id", "other_id"}},
		{"case_proposals", "case_id", []string{"case_id", "proposal_id"}},
		{"case_indicators", "case_id", []string{"case_id", "indicator_id", "position"}},
		outcomeTable,
	},
	lists:   (*batch).addCaseLists,
	initial: []string{"adoption_count"},
}, func(c *catalog.Case, in *catalog.CaseInput, known *lookup) []Column {
	return []Column{
		column("title", "title", Text, &c.Title, in.Title),
		column("alternative_titles", "alternativeTitles", Text, &c.AlternativeTitles, array(in.AlternativeTitles)),
		column("summary", "summary", TextOrNull, &c.Summary, null(in.Summary)),
		column("background", "background", TextOrNull, nil, null(in.Background)), // read by CaseTexts
		column("approach", "approach", TextOrNull, nil, null(in.Approach)),
		column("results", "results", TextOrNull, nil, null(in.Results)),
		column("lessons", "lessons", TextOrNull, nil, null(in.Lessons)),
		column("year", "year", PlainOrNull, &c.Year, in.Year),
		column("started_on", "startedOn", WordOrNull, &c.StartedOn, null(in.StartedOn)),
		column("ended_on", "endedOn", WordOrNull, &c.EndedOn, null(in.EndedOn)),
		column("level", "level", Word, &c.Level, in.Level),
		internal("committee_id", &c.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("region_code", &c.RegionCode, null(in.Region)),
		internal("brand_id", &c.BrandID, known.id(catalog.KindBrand, in.Brand)),
		column("participant_count", "participantCount", PlainOrNull, &c.ParticipantCount, in.ParticipantCount),
		column("meeting_count", "meetingCount", PlainOrNull, &c.MeetingCount, in.MeetingCount),
		column("recruitment", "recruitment", TextOrNull, &c.Recruitment, null(in.Recruitment)),
		internal("links", &c.Links, array(in.Links)),
		internal("documented_steps", nil, len(in.Steps)),
		column("unplaced", "unplaced", TextOrNull, &c.Unplaced, null(in.Unplaced)),
	}
})

func (b *batch) addCaseLists(input catalog.Input, id any) {
	in := input.(*catalog.CaseInput)
	for i, t := range in.Topics {
		b.rows.add("case_topics", row{"case_id": id, "topic_id": b.known.id(catalog.KindTopic, t), "position": i})
	}
	for i, p := range in.Participants {
		b.rows.add("participants", row{
			"case_id": id, "position": i, "role": p.Role, "name": p.Name,
			"committee_id": b.known.id(catalog.KindCommittee, p.Committee), "person_id": b.known.id(catalog.KindPerson, p.Person),
			"statement": null(p.Statement),
		})
	}
	for _, s := range in.Steps {
		b.rows.add("steps", row{"case_id": id, "code": s.Code, "text": s.Text})
	}
	for _, other := range in.PossiblySameAs {
		b.rows.add("possibly_same", row{"case_id": id, "other_id": b.known.id(catalog.KindCase, other)})
	}
	for _, p := range in.Proposals {
		b.rows.add("case_proposals", row{"case_id": id, "proposal_id": b.known.id(catalog.KindProposal, p)})
	}
	for i, of := range in.Indicators {
		b.rows.add("case_indicators", row{"case_id": id, "indicator_id": b.known.id(catalog.KindIndicator, of), "position": i})
	}
	b.addOutcomes(id, catalog.KindCase, in.Outcomes)
}

// CasesByID returns the cases of these ids.
func (s *Store) CasesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Case, error) {
	return byID(ctx, s, cases, ids)
}

// CasesBySlug returns the cases of these slugs.
func (s *Store) CasesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Case, error) {
	return bySlug(ctx, s, cases, slugs)
}

// CaseTexts returns the written forms of these cases. They are compressed and
// stored beside their rows, so that whoever does not ask for them does not pay
// for them.
func (s *Store) CaseTexts(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.CaseTexts, error) {
	var key catalog.ID
	args := Args{ids}
	sql := `SELECT r.id, r.id, r.background, r.approach, r.results, r.lessons FROM cases r WHERE r.id = ANY ($1) AND ` + Readable(ctx, "cases", "r", &args)
	return collect(ctx, s, "case texts", sql, args, &key,
		func(t *catalog.CaseTexts) []any {
			return []any{&t.CaseID, &t.Background, &t.Approach, &t.Results, &t.Lessons}
		},
		func(m map[catalog.ID]*catalog.CaseTexts, t *catalog.CaseTexts) { m[key] = t })
}

func CaseList(ctx context.Context, of catalog.Parents, f catalog.CaseFilter, o *catalog.CaseOrder) (List, error) {
	l := List{from: `cases r`, order: caseOrder(catalog.CaseOrder{Field: catalog.CasesByStart, Direction: catalog.Descending})}
	if o != nil {
		l.order = caseOrder(*o)
	}
	switch of.Kind {
	case catalog.KindCommittee:
		l.and(`r.committee_id = parent.id`)
	case catalog.KindBrand:
		l.and(`r.brand_id = parent.id`)
	case catalog.KindPerson:
		l.and(`r.id IN (SELECT p.case_id FROM participants p WHERE p.person_id = parent.id)`)
	case catalog.KindNeed:
		l.and(`r.id IN (SELECT a.case_id FROM need_answers a WHERE a.need_id = parent.id)`)
	case catalog.KindCollection:
		l.from = `collection_cases cc JOIN cases r ON r.id = cc.case_id`
		l.order = order{"POSITION", `cc.position`, "smallint", false}
		l.all(ctx, "cases")
		l.and(`cc.collection_id = parent.id`)
	case catalog.KindProposal:
		l.from = `case_proposals cp JOIN cases r ON r.id = cp.case_id`
		l.all(ctx, "cases") // a link, with no filter to ask for more by
		l.and(`cp.proposal_id = parent.id`)
	}
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	l.inStates(ctx, "cases", f.Status)
	andCaseFilter(&l, f)
	return l, nil
}

func andCaseFilter(l *List, f catalog.CaseFilter) {
	andOneOf(l, `r.origin`, f.Origins)
	andAny(l, `r.region_code = ANY (`+regionsBelow+`)`, f.Regions)
	andOneOf(l, `r.level`, f.Levels)
	andAny(l, `r.brand_id = ANY (`+brandsBelow+`)`, f.Brands)
	andAny(l, `EXISTS (SELECT FROM case_topics t WHERE t.case_id = r.id AND t.topic_id = ANY (`+topicsBelow+`))`, f.Topics)
	andOneOf(l, `r.year`, f.Years)
	if f.YearFrom != nil {
		l.and(`r.year >= %s`, *f.YearFrom)
	}
	if f.YearTo != nil {
		l.and(`r.year <= %s`, *f.YearTo)
	}
	for _, step := range f.Documents {
		l.and(`EXISTS (SELECT FROM steps s WHERE s.case_id = r.id AND s.code = %s)`, step)
	}
	andAny(l, `NOT EXISTS (SELECT FROM steps s WHERE s.case_id = r.id AND s.code = ANY (%s))`, f.Missing)
	andAny(l, `EXISTS (SELECT FROM outcomes o WHERE o.record_id = r.id AND o.status = ANY (%s))`, f.OutcomeStatus)
	if f.Adopted != nil {
		l.and(`(r.adoption_count > 0) = %s`, *f.Adopted)
	}
}

func caseOrder(o catalog.CaseOrder) order {
	var by order
	switch o.Field {
	case catalog.CasesByTitle:
		by = byReading("", `r.title`)
	case catalog.CasesByUpdate:
		by = order{expression: `r.updated_at`, cast: "timestamptz"}
	case catalog.CasesByCompleteness:
		by = order{expression: `r.documented_steps`, cast: "smallint"}
	case catalog.CasesByAdoptions:
		by = order{expression: `r.adoption_count`, cast: "integer"}
	default: // by start; unknown ones come last in both directions
		by = order{expression: `coalesce(r.starts_on, '-infinity')`, cast: "date"}
		if o.Direction == catalog.Ascending {
			by.expression = `coalesce(r.starts_on, 'infinity')`
		}
	}
	return by.towards(string(o.Field), o.Direction)
}

// Cases returns a page of the cases, all or those of each committee, brand or
// proposal.
func (s *Store) Cases(ctx context.Context, of catalog.Parents, f catalog.CaseFilter, o *catalog.CaseOrder, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Case], error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := CaseList(ctx, of, f, o)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, cases, l, of, page)
}

// CountCases counts what Cases lists.
func (s *Store) CountCases(ctx context.Context, of catalog.Parents, f catalog.CaseFilter) (map[catalog.ID]int, error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := CaseList(ctx, of, f, nil)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}

// CasesMatching returns those of the ids whose cases Cases would list with the
// filter, in no order. With no ids it checks the filter and asks the database
// for nothing else.
func (s *Store) CasesMatching(ctx context.Context, ids []catalog.ID, f catalog.CaseFilter) ([]catalog.ID, error) {
	if err := s.checkRegions(ctx, f.Regions); err != nil {
		return nil, err
	}
	l, err := CaseList(ctx, catalog.Parents{}, f, nil)
	if err != nil {
		return nil, err
	}
	l.and(`r.id = ANY (%s)`, ids)
	found, err := s.pool.Query(ctx, `SELECT r.id FROM `+l.from+` WHERE `+l.Conditions(), l.args...)
	if err != nil {
		return nil, wrap("cases matching", err)
	}
	matching, err := pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	return matching, wrap("cases matching", err)
}

// CasesByPractice returns the cases that each practice names, in its order.
func (s *Store) CasesByPractice(ctx context.Context, practices []catalog.ID) (map[catalog.ID][]*catalog.Case, error) {
	return linked(ctx, s, cases, practiceMentions(`cases`), `l.parent, l.position`, practices)
}

// PossiblySame returns the cases that each case may be the same as: what one side
// says holds for both.
func (s *Store) PossiblySame(ctx context.Context, of []catalog.ID) (map[catalog.ID][]*catalog.Case, error) {
	return linked(ctx, s, cases, `(
		SELECT case_id AS parent, other_id AS other FROM possibly_same UNION SELECT other_id, case_id FROM possibly_same
	) l JOIN cases r ON r.id = l.other`, `l.parent, r.id`, of)
}

// StepsByCase returns the steps that each case documents.
func (s *Store) StepsByCase(ctx context.Context, cases []catalog.ID) (map[catalog.ID][]*catalog.Step, error) {
	return children(ctx, s, "steps by case", `SELECT case_id, code, text FROM steps WHERE case_id = ANY ($1)`, cases,
		func(s *catalog.Step) (*catalog.ID, []any) { return &s.CaseID, []any{&s.CaseID, &s.Code, &s.Text} })
}

// ParticipantsByCase returns who took part in each case, in its order.
func (s *Store) ParticipantsByCase(ctx context.Context, cases []catalog.ID) (map[catalog.ID][]*catalog.Participant, error) {
	return children(ctx, s, "participants by case", `
		SELECT case_id, role, name, committee_id, person_id, statement FROM participants WHERE case_id = ANY ($1) ORDER BY case_id, position`, cases,
		func(p *catalog.Participant) (*catalog.ID, []any) {
			return &p.CaseID, []any{&p.CaseID, &p.Role, &p.Name, &p.CommitteeID, &p.PersonID, &p.Statement}
		})
}
