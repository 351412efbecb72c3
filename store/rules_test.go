package store_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// TestTheDatabaseHoldsTheRulesItself tries to break each rule of the domain
// with plain SQL, past everything that Put checks.
func TestTheDatabaseHoldsTheRulesItself(t *testing.T) {
	const (
		source   = `INSERT INTO sources (id, slug, origin, status, version, digest, title, text) SELECT id, 'source', 'REFERENCE', 'PUBLISHED', 1, '', '出处', '长春市桂林路商圈' FROM one('SOURCE') id;`
		region   = `INSERT INTO regions (id, slug, origin, status, version, digest, code, name, alternative_names, level) SELECT id, '220000', 'REFERENCE', 'PUBLISHED', 1, '', '220000', '吉林省', '{}', 'PROVINCE' FROM one('REGION') id;`
		body     = region + `INSERT INTO committees (id, slug, origin, status, version, digest, name, alternative_names, level, region_code) SELECT id, 'body', 'REFERENCE', 'PUBLISHED', 1, '', '政协', '{}', 'PROVINCE', '220000' FROM one('COMMITTEE') id;`
		headless = `INSERT INTO cases (id, slug, origin, status, version, digest, title, alternative_titles, level, links, documented_steps, committee_id) `
		columns  = `, 1, '', '案例', '{}', 'UNSTATED', '[]', 0, (SELECT max(id) FROM committees) FROM one('CASE') id;`
		plain    = headless + `SELECT id, 'plain', 'CONTRIBUTED', 'PUBLISHED'` + columns
	)
	for name, test := range map[string]struct{ sql, want string }{
		"documented without a citation": {headless + `SELECT id, 'c', 'DOCUMENTED', 'PUBLISHED'` + columns, "a documented record needs a citation"},
		"a quote that is elsewhere":     {source + plain + `INSERT INTO citations (record_id, position, source_id, quote, start_at, end_at, fields) SELECT c.id, 0, s.id, '桂林路', 2, 5, '{}' FROM cases c, sources s;`, "does not stand in its source"},
		"a quote past the end":          {source + plain + `INSERT INTO citations (record_id, position, source_id, quote, start_at, end_at, fields) SELECT c.id, 0, s.id, '桂林路', 100, 103, '{}' FROM cases c, sources s;`, "does not stand in its source"},
		"a range of another length":     {source + plain + `INSERT INTO citations (record_id, position, source_id, quote, start_at, end_at, fields) SELECT c.id, 0, s.id, '桂林路', 3, 7, '{}' FROM cases c, sources s;`, "does not stand in its source"},
		"a source that loses a quote": {source + plain + `INSERT INTO citations (record_id, position, source_id, quote, start_at, end_at, fields) SELECT c.id, 0, s.id, '桂林路', 3, 6, '{}' FROM cases c, sources s;
			INSERT INTO revisions SELECT id, 2, now(), 'test', 'REFERENCE', 'PUBLISHED', '{}' FROM sources; UPDATE sources SET version = 2, text = '长春市重庆路商圈';`, "no longer holds what is quoted"},
		"the last citation taken away": {source + strings.Replace(plain, "CONTRIBUTED", "DOCUMENTED", 1) + `INSERT INTO citations (record_id, position, source_id, quote, start_at, end_at, fields) SELECT c.id, 0, s.id, '桂林路', 3, 6, '{}' FROM cases c, sources s;
			INSERT INTO revisions SELECT id, 2, now(), 'test', 'DOCUMENTED', 'PUBLISHED', '{}' FROM cases; UPDATE cases SET version = 2; COMMIT; BEGIN; DELETE FROM citations;`, "a documented record needs a citation"},
		"a change without a version":    {plain + `UPDATE cases SET title = '改';`, "never changed without a revision"},
		"a version without a revision":  {plain + `UPDATE cases SET title = '改', version = 2;`, "cases_id_version_fkey"},
		"a changed revision":            {plain + `UPDATE revisions SET actor = 'somebody else';`, "a revision is never changed"},
		"a removed revision":            {plain + `DELETE FROM revisions;`, "a revision is never changed"},
		"an own case adopted":           {body + plain + `INSERT INTO adoptions (id, slug, origin, status, version, digest, case_id, adopter_id) SELECT id, 'a', 'CONTRIBUTED', 'PUBLISHED', 1, '', (SELECT id FROM cases), (SELECT id FROM committees) FROM one('ADOPTION') id;`, "cannot adopt its own case"},
		"a step twice":                  {plain + `INSERT INTO steps SELECT id, 'ASK_FITNESS', '一' FROM cases; INSERT INTO steps SELECT id, 'ASK_FITNESS', '二' FROM cases;`, "steps_pkey"},
		"a slug twice":                  {plain + plain, "cases_slug_key"},
		"a date that is none":           {plain + `INSERT INTO outcomes SELECT id, 'CASE', 0, '报告', NULL, NULL, NULL, 'ADOPTED', '2021-13' FROM cases;`, "out of range"},
		"text that is not NFC":          {strings.Replace(plain, "'案例'", "'cafe' || U&'\\0301'", 1), "cases_title_check"},
		"a summary that is not NFC":     {strings.NewReplacer("title, alt", "title, summary, alt", "'案例'", "'案例', '协商' || U&'\\F900'").Replace(plain), "cases_summary_check"},
		"a background that is not NFC":  {strings.NewReplacer("title, alt", "title, background, alt", "'案例'", "'案例', '5 ' || U&'\\212B'").Replace(plain), "cases_background_check"},
		"an approach that is not NFC":   {strings.NewReplacer("title, alt", "title, approach, alt", "'案例'", "'案例', U&'\\1112\\1161'").Replace(plain), "cases_approach_check"},
		"results that are not NFC":      {strings.NewReplacer("title, alt", "title, results, alt", "'案例'", "'案例', U&'\\304B\\3099'").Replace(plain), "cases_results_check"},
		"lessons that are not NFC":      {strings.NewReplacer("title, alt", "title, lessons, alt", "'案例'", "'案例', U&'a\\0323\\0301\\0307'").Replace(plain), "cases_lessons_check"},
		"texts of whatever else in NFC": {strings.NewReplacer("title, alt", "title, lessons, alt", "'案例'", "'案例', U&'\\AC00\\00E9\\+020BB7q\\0323'").Replace(plain), ""},
		"a record of another kind":      {`INSERT INTO cases (id, slug, origin, status, version, digest, title, alternative_titles, level, links, documented_steps) SELECT id, 'x', 'CONTRIBUTED', 'PUBLISHED', 1, '', '案例', '{}', 'UNSTATED', '[]', 0 FROM one('BRAND') id;`, "cases_id_kind_fkey"},
	} {
		t.Run(name, func(t *testing.T) {
			err := try(t, test.sql)
			if test.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// try runs the statements in one transaction of a fresh database.
func try(t *testing.T, sql string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.New(t, store.Migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	// one makes the identity and the first revision of a record, as a writer would.
	const one = `CREATE FUNCTION one(kind text) RETURNS SETOF bigint LANGUAGE sql AS $$
		WITH r AS (INSERT INTO records (kind) VALUES (kind) RETURNING id),
		v AS (INSERT INTO revisions SELECT id, 1, now(), 'test', 'CONTRIBUTED', 'PUBLISHED', '{}' FROM r)
		SELECT id FROM r $$;`
	if _, err := conn.Exec(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), `BEGIN;`+sql+`COMMIT;`)
	return err
}
