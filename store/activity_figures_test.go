package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// The figures are those that plain statements, one a figure, give of the same rows.
func TestFiguresOfActivitiesArePlainSQL(t *testing.T) {
	s, url := storetest.SeededAt(t)
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	random := rand.New(rand.NewPCG(17, 2)) //nolint:gosec // the same each time
	committees, topics := []string{"tonghua", "siping", "changchun", ""}, []string{"minsheng", "jingji"}
	statuses := []catalog.Status{catalog.StatusPublished, catalog.StatusPublished, catalog.StatusDraft, catalog.StatusArchived}
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	some := func() *int {
		if random.IntN(3) == 0 {
			return nil
		}
		n := random.IntN(50)
		return &n
	}
	var inputs []catalog.Input
	venues := []string{""}
	for i := range 12 {
		v := &catalog.VenueInput{InputMeta: meta(fmt.Sprintf("v%d", i)), VenueKind: catalog.VenueLiaisonStation, Name: fmt.Sprintf("站%d", i), Committee: pick(committees)}
		v.Status = statuses[random.IntN(len(statuses))]
		inputs, venues = append(inputs, v), append(venues, v.Slug)
	}
	for i := range 300 {
		a := &catalog.ActivityInput{
			InputMeta: meta(fmt.Sprintf("a%d", i)), ActivityKind: []catalog.ActivityKind{"CONSULTATION", "SURVEY", "TRAINING"}[random.IntN(3)], Title: fmt.Sprintf("活动%d", i),
			OccurredOn: catalog.PartialDate([]string{"2024", "2025-03", "2025-12-31", "2026-01-01", ""}[random.IntN(5)]),
			Committee:  pick(committees), Venue: pick(venues), ParticipantCount: some(), Opinions: some(), CarriedOver: some(), Solved: some(),
		}
		if random.IntN(2) == 0 {
			a.Topics = topics[:1+random.IntN(2)]
		}
		a.Status = statuses[random.IntN(len(statuses))]
		inputs = append(inputs, a)
	}
	for _, w := range put(t, s, inputs...) {
		if w.Err != nil {
			t.Fatal(w.Slug, w.Err)
		}
	}
	lines, err := s.ActivityFigures(t.Context(), catalog.ActivityFilter{})
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	for _, l := range lines {
		of := `FROM activities a WHERE a.status = 'PUBLISHED' AND a.committee_id IS NOT DISTINCT FROM $1 AND left(a.occurred_on, 4) IS NOT DISTINCT FROM $2::integer::text`
		want := &catalog.ActivityFigures{Year: l.Year, CommitteeID: l.CommitteeID}
		for sql, into := range map[string]any{
			`SELECT count(*) ` + of: &want.Activities, `SELECT count(*) ` + of + ` AND a.type = 'CONSULTATION'`: &want.Consultations,
			`SELECT sum(participant_count) ` + of: &want.Participants, `SELECT sum(opinions) ` + of: &want.Opinions,
			`SELECT sum(carried_over) ` + of: &want.CarriedOver, `SELECT sum(solved) ` + of: &want.Solved,
			`SELECT count(DISTINCT topic_id) FROM activity_topics WHERE activity_id IN (SELECT a.id ` + of + `)`:             &want.Topics,
			`SELECT count(*) FROM venues WHERE status = 'PUBLISHED' AND id IN (SELECT a.venue_id ` + of + `)`:                &want.PlatformsUsed,
			`SELECT count(*) FROM venues WHERE status = 'PUBLISHED' AND committee_id = $1 AND ($2::integer IS NULL OR true)`: &want.Platforms,
		} {
			if err := c.QueryRow(t.Context(), sql, l.CommitteeID, l.Year).Scan(into); err != nil {
				t.Fatal(sql, err)
			}
		}
		counted += want.Activities
		if diff := cmp.Diff(want, l); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	var all int
	if err := c.QueryRow(t.Context(), `SELECT count(*) FROM activities WHERE status = 'PUBLISHED'`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	if counted != all || len(lines) < 12 {
		t.Errorf("%d lines hold %d of %d activities", len(lines), counted, all)
	}
}
