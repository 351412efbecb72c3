package store

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
)

var activities = nounOf(table{
	name:  "activities",
	names: []string{"ARRAY[title]"},
	children: []child{
		{"activity_topics", "activity_id", []string{"activity_id", "topic_id", "position"}},
		{"activity_persons", "activity_id", []string{"activity_id", "person_id", "position"}},
		{"activity_cases", "activity_id", []string{"activity_id", "case_id", "position"}},
	},
	lists: (*batch).addActivityLists,
}, func(a *catalog.Activity, in *catalog.ActivityInput, known *lookup) []Column {
	return []Column{
		column("type", "kind", Word, &a.Of, in.ActivityKind),
		column("title", "title", Text, &a.Title, in.Title),
		column("occurred_on", "occurredOn", WordOrNull, &a.OccurredOn, null(in.OccurredOn)),
		internal("committee_id", &a.CommitteeID, known.id(catalog.KindCommittee, in.Committee)),
		internal("venue_id", &a.VenueID, known.id(catalog.KindVenue, in.Venue)),
		column("participant_count", "participantCount", PlainOrNull, &a.ParticipantCount, in.ParticipantCount),
		column("opinions", "opinions", PlainOrNull, &a.Opinions, in.Opinions),
		column("carried_over", "carriedOver", PlainOrNull, &a.CarriedOver, in.CarriedOver),
		column("solved", "solved", PlainOrNull, &a.Solved, in.Solved),
	}
})

func (b *batch) addActivityLists(input catalog.Input, id any) {
	in := input.(*catalog.ActivityInput)
	for i, t := range in.Topics {
		b.rows.add("activity_topics", row{"activity_id": id, "topic_id": b.known.id(catalog.KindTopic, t), "position": i})
	}
	for i, p := range in.Persons {
		b.rows.add("activity_persons", row{"activity_id": id, "person_id": b.known.id(catalog.KindPerson, p), "position": i})
	}
	for i, c := range in.Cases {
		b.rows.add("activity_cases", row{"activity_id": id, "case_id": b.known.id(catalog.KindCase, c), "position": i})
	}
}

// ActivitiesByID returns the activities of these ids.
func (s *Store) ActivitiesByID(ctx context.Context, ids []catalog.ID) (map[catalog.ID]*catalog.Activity, error) {
	return byID(ctx, s, activities, ids)
}

// ActivitiesBySlug returns the activities of these slugs.
func (s *Store) ActivitiesBySlug(ctx context.Context, slugs []string) (map[string]*catalog.Activity, error) {
	return bySlug(ctx, s, activities, slugs)
}

// TopicsByActivity returns the topics of each activity, in its order.
func (s *Store) TopicsByActivity(ctx context.Context, activities []catalog.ID) (map[catalog.ID][]*catalog.Topic, error) {
	return linked(ctx, s, topics, `(SELECT activity_id AS parent, topic_id, position FROM activity_topics) l JOIN topics r ON r.id = l.topic_id`,
		`l.parent, l.position`, activities)
}

// PersonsByActivity returns the persons of each activity, in its order.
func (s *Store) PersonsByActivity(ctx context.Context, activities []catalog.ID) (map[catalog.ID][]*catalog.Person, error) {
	return linked(ctx, s, persons, `(SELECT activity_id AS parent, person_id, position FROM activity_persons) l JOIN persons r ON r.id = l.person_id`,
		`l.parent, l.position`, activities)
}

// CasesByActivity returns the cases of each activity, in its order.
func (s *Store) CasesByActivity(ctx context.Context, activities []catalog.ID) (map[catalog.ID][]*catalog.Case, error) {
	return linked(ctx, s, cases, `(SELECT activity_id AS parent, case_id, position FROM activity_cases) l JOIN cases r ON r.id = l.case_id`,
		`l.parent, l.position`, activities)
}

// ActivityList is the activities of a filter, all or those of each committee or
// venue, newest first; those without a date come last.
func ActivityList(ctx context.Context, of catalog.Parents, f catalog.ActivityFilter) (List, error) {
	l := List{from: `activities r`, order: order{"OCCURRED_ON", `coalesce(r.starts_on, '-infinity')`, "date", true}}
	switch of.Kind {
	case catalog.KindCommittee:
		l.and(`r.committee_id = parent.id`)
	case catalog.KindVenue:
		l.and(`r.venue_id = parent.id`)
	}
	l.inStates(ctx, "activities", f.Status)
	if err := l.andCommittees(`r.committee_id`, f.Committees); err != nil {
		return List{}, err
	}
	andOneOf(&l, `r.type`, f.Kinds)
	andAny(&l, `date_part('year', r.starts_on)::integer = ANY (%s)`, f.Years)
	if f.Venue != nil {
		l.and(`r.venue_id = (SELECT v.id FROM venues v WHERE v.slug = %s)`, *f.Venue)
	}
	return l, nil
}

// Activities returns a page of the activities of a filter, all or those of each
// committee or venue, newest first.
func (s *Store) Activities(ctx context.Context, of catalog.Parents, f catalog.ActivityFilter, page catalog.PageArgs) (map[catalog.ID]*catalog.Page[*catalog.Activity], error) {
	l, err := ActivityList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return pages(ctx, s, activities, l, of, page)
}

// CountActivities counts what Activities lists.
func (s *Store) CountActivities(ctx context.Context, of catalog.Parents, f catalog.ActivityFilter) (map[catalog.ID]int, error) {
	l, err := ActivityList(ctx, of, f)
	if err != nil {
		return nil, err
	}
	return counts(ctx, s, l, of)
}
