package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
)

var calls = nounOf(table{
	name:  "calls",
	names: []string{"ARRAY[title]"},
	children: []child{
		{"call_topics", "call_id", []string{"call_id", "topic_id", "position"}},
		{"call_criteria", "call_id", []string{"call_id", "name", "weight", "position"}},
		{"call_audience", "call_id", []string{"call_id", "committee_id", "position"}},
		{"call_results", "call_id", []string{"call_id", "position", "title", "unit", "award", "case_id"}},
	},
	lists: (*batch).addCallLists,
}, func(c *catalog.Call, in *catalog.CallInput, known *lookup) []Column {
	zone := known.timeZone()
	return []Column{
		column("title", "title", Text, &c.Title, in.Title),
		column("text", "text", Text, &c.Text, in.Text),
		internal("committee_id", &c.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		column("opens_on", "opensOn", Word, &c.OpensOn, in.OpensOn),
		column("closes_on", "closesOn", Word, &c.ClosesOn, in.ClosesOn),
		internal("opens_at", &c.OpensAt, in.Opens(zone)),
		internal("closes_at", &c.ClosesAt, in.Closes(zone)),
		column("closed_reason", "closedReason", TextOrNull, &c.ClosedReason, null(in.ClosedReason)),
		column("parts", "parts", Text, &c.Parts, array(in.Parts)),
		column("min_characters", "minCharacters", PlainOrNull, &c.MinCharacters, in.MinCharacters),
		column("max_characters", "maxCharacters", PlainOrNull, &c.MaxCharacters, in.MaxCharacters),
		column("quota", "quota", PlainOrNull, &c.Quota, in.Quota),
		column("blind", "blind", Plain, &c.Blind, in.Blind),
		column("scores_visible_to", "scoresVisibleTo", Word, &c.ScoresVisibleTo, in.ScoresVisibleTo),
		column("mark", "mark", TextOrNull, &c.Mark, null(in.Mark)),
		internal("indicator_id", &c.IndicatorID, known.id(catalog.KindIndicator, in.Indicator)),
		column("selected_on", "selectedOn", WordOrNull, &c.SelectedOn, null(in.SelectedOn)),
	}
})

func (b *batch) addCallLists(input catalog.Input, id any) {
	in := input.(*catalog.CallInput)
	for i, t := range in.Topics {
		b.rows.add("call_topics", row{"call_id": id, "topic_id": b.known.id(catalog.KindTopic, t), "position": i})
	}
	for i := range in.Criteria {
		c := &in.Criteria[i]
		b.rows.add("call_criteria", row{"call_id": id, "name": c.Name, "weight": c.WeightOf(), "position": i})
	}
	for i := range in.Results {
		o := &in.Results[i]
		b.rows.add("call_results", row{"call_id": id, "position": i, "title": o.Title, "unit": null(o.Unit), "award": null(o.Award), "case_id": b.known.id(catalog.KindCase, o.Case)})
	}
	for i, m := range in.Audience {
		b.rows.add("call_audience", row{"call_id": id, "committee_id": b.known.id(catalog.KindCommittee, m), "position": i})
	}
}

// CallsByID returns the calls of these ids.
func (s *Store) CallsByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Call, error) {
	return byID(ctx, s, calls, ids)
}

// CallsBySlug returns the calls of these slugs.
func (s *Store) CallsBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Call, error) {
	return bySlug(ctx, s, calls, slugs)
}

// TopicsByCall returns the topics of each call, in its order.
func (s *Store) TopicsByCall(ctx context.Context, calls []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT call_id AS parent, topic_id, position FROM call_topics) l JOIN topics r ON r.id = l.topic_id`,
		`l.parent, l.position`, calls)
}

// CriteriaByCall returns what the reviewers of each call score, in its order.
func (s *Store) CriteriaByCall(ctx context.Context, calls []catalog.ID) (map[catalog.ID][]*catalog.Criterion, error) {
	return children(ctx, s, "criteria by call", `SELECT call_id, name, weight FROM call_criteria WHERE call_id = ANY ($1) ORDER BY call_id, position`, calls,
		func(c *catalog.Criterion) (*catalog.ID, []any) {
			return &c.CallID, []any{&c.CallID, &c.Name, &c.Weight}
		})
}

// ResultsByCall returns what became of each call of earlier years, in its order, with the
// cases that the context's viewer may read.
func (s *Store) ResultsByCall(ctx context.Context, calls []catalog.ID) (map[catalog.ID][]*catalog.CallResult, error) {
	args := Args{calls}
	readable := Readable(ctx, "cases", "k", &args)
	found, err := s.pool.Query(ctx, `SELECT o.call_id, o.title, o.unit, o.award, (SELECT k.id FROM cases k WHERE k.id = o.case_id AND `+readable+`),
			(SELECT m.id FROM committees m WHERE m.name = o.unit ORDER BY m.id LIMIT 1)
		FROM call_results o WHERE o.call_id = ANY ($1) ORDER BY o.call_id, o.position`, args...)
	if err != nil {
		return nil, wrap("results by call", err)
	}
	all, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (*catalog.CallResult, error) {
		o := &catalog.CallResult{}
		return o, row.Scan(&o.CallID, &o.Title, &o.Unit, &o.Award, &o.CaseID, &o.CommitteeID)
	})
	by := map[catalog.ID][]*catalog.CallResult{}
	for _, o := range all {
		by[o.CallID] = append(by[o.CallID], o)
	}
	return by, wrap("results by call", err)
}

// AudienceByCall returns the committees that each call asks by name; none is all
// below the caller.
func (s *Store) AudienceByCall(ctx context.Context, calls []catalog.ID) (map[catalog.ID][]*catalog.Committee, error) {
	return linked(ctx, s, committees, `(SELECT call_id AS parent, committee_id, position FROM call_audience) l JOIN committees r ON r.id = l.committee_id`,
		`l.parent, l.position`, calls)
}

// CollectionByCall returns the published collection of each call that has one.
func (s *Store) CollectionByCall(ctx context.Context, calls []catalog.ID) (map[catalog.ID]*catalog.Collection, error) {
	var key catalog.ID
	return collect(ctx, s, "collection by call", `SELECT r.call_id, `+collections.selectList()+` FROM collections r WHERE r.call_id = ANY ($1) AND `+published,
		Args{calls}, &key, collections.scan, func(m map[catalog.ID]*catalog.Collection, c *catalog.Collection) { m[key] = c })
}

// CallOpen is the condition under which cases can be submitted to the call @ at the
// instant of the place holder.
func CallOpen(now string) string {
	return `(@.status = 'PUBLISHED' AND @.selected_on IS NULL AND @.opens_at <= ` + now + ` AND ` + now + ` < @.closes_at)`
}

// CallList is the calls of a filter, the one that closes last first.
func CallList(ctx context.Context, f catalog.CallFilter) List {
	l := List{from: `calls r`, order: order{"CLOSES_ON", `r.closes_at`, "timestamptz", true}}
	l.inStates(ctx, "calls", f.Status)
	if f.Open != nil {
		now := l.arg(catalog.Now(ctx)) + `::timestamptz`
		l.and(of(CallOpen(now), `r`)+` = %s`, *f.Open)
	}
	return l
}

// Calls returns a page of the calls of a filter, the one that closes last first.
func (s *Store) Calls(ctx context.Context, f catalog.CallFilter, page catalog.PageArgs) (*catalog.Page[*catalog.Call], error) {
	return top(pages(ctx, s, calls, CallList(ctx, f), catalog.Parents{}, page))
}

// CountCalls counts what Calls lists.
func (s *Store) CountCalls(ctx context.Context, f catalog.CallFilter) (int, error) {
	return top(counts(ctx, s, CallList(ctx, f), catalog.Parents{}))
}
