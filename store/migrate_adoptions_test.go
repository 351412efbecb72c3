package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/store/verify"
)

func TestAdoptionsThatStandTwiceAreMergedWithATrace(t *testing.T) {
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	put := func(inputs ...catalog.Input) {
		t.Helper()
		w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
		if err != nil {
			t.Fatal(err)
		}
		written, err := w.Put(t.Context(), inputs)
		if err == nil {
			err = w.Commit(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range written {
			if one.Err != nil {
				t.Fatalf("%s: %v", one.Slug, one.Err)
			}
		}
	}
	head := func(slug string) catalog.InputMeta { return catalog.InputMeta{Slug: slug} }
	put(&catalog.RegionInput{InputMeta: head("220000"), Name: "吉林省", Level: catalog.LevelProvince},
		&catalog.CommitteeInput{InputMeta: head("a"), Name: "甲", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.CommitteeInput{InputMeta: head("b"), Name: "乙", Level: catalog.LevelProvince, Region: "220000"},
		&catalog.CaseInput{InputMeta: head("theirs"), Title: "他山之石", Committee: "a"},
		&catalog.CaseInput{InputMeta: head("ours"), Title: "本地做法", Committee: "b"})
	// The rule of today refuses what stood before it: each stands under a case of its own first.
	put(&catalog.CaseInput{InputMeta: head("x"), Title: "甲案", Committee: "a"}, &catalog.CaseInput{InputMeta: head("y"), Title: "乙案", Committee: "a"},
		&catalog.CaseInput{InputMeta: head("z"), Title: "丙案", Committee: "a"})
	put(&catalog.AdoptionInput{InputMeta: head("first"), Case: "theirs", Adopter: "b", Changes: "换了<场地>"},
		&catalog.AdoptionInput{InputMeta: head("second"), Case: "x", Adopter: "b", AdoptedOn: "2025-03", Changes: "加了夜场", Result: "好"},
		&catalog.AdoptionInput{InputMeta: head("third"), Case: "y", Adopter: "b", ResultingCase: "ours"},
		&catalog.AdoptionInput{InputMeta: catalog.InputMeta{Slug: "draft", Status: catalog.StatusDraft}, Case: "z", Adopter: "b", Result: "未公开的话"})
	storetest.SQL(t, url, `DROP INDEX adoptions_once`)
	doubleUp := func(slug string) {
		t.Helper()
		storetest.SQL(t, url, `SET session_replication_role = replica;
			UPDATE adoptions SET case_id = (SELECT id FROM cases WHERE slug = 'theirs') WHERE slug = '`+slug+`';
			UPDATE revisions SET snapshot = jsonb_set(snapshot, '{case}', '"theirs"') WHERE record_id = (SELECT id FROM adoptions WHERE slug = '`+slug+`');
			UPDATE cases c SET adoption_count = (SELECT count(*) FROM adoptions a WHERE a.case_id = c.id AND a.status = 'PUBLISHED');`)
	}
	for _, slug := range []string{"second", "third", "draft"} {
		doubleUp(slug)
	}
	// Their digests are those of what they say now, as the version before would have written them.
	storetest.SQL(t, url, `SET session_replication_role = replica; UPDATE revisions r SET digest = revision_digest(r, NULL) WHERE version = 1;`)

	merge(t, url)
	storetest.SQL(t, url, `CREATE UNIQUE INDEX adoptions_once ON adoptions (case_id, adopter_id) WHERE status <> 'ARCHIVED'`)
	stays, err := s.AdoptionsByID(catalog.WithViewer(t.Context(), &catalog.Viewer{Role: catalog.RoleAdmin}), adoptionIDs(t, url))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, a := range stays {
		got[a.Slug] = string(a.Status)
		if a.Slug == "first" {
			got["changes"], got["result"], got["on"] = *a.Changes, *a.Result, string(*a.AdoptedOn)
			if a.ResultingCaseID == nil {
				t.Error("the case that came of it is lost")
			}
		}
	}
	if diff := cmp.Diff(map[string]string{
		"first": "PUBLISHED", "second": "ARCHIVED", "third": "ARCHIVED", "draft": "ARCHIVED", "changes": "换了<场地>\n\n加了夜场", "result": "好", "on": "2025-03",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	stone, err := s.Tombstone(t.Context(), catalog.KindAdoption, "second")
	if err != nil || stone.LeadsToKind == nil || *stone.LeadsToKind != catalog.KindAdoption || stone.Reason == nil || *stone.Reason != "并入推广记录“first”：同一政协引进同一案例只记一条" {
		t.Errorf("the tombstone: %+v, %v", stone, err)
	}
	v, err := verify.Database(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Checks {
		for _, f := range c.Failures {
			if c.Name != "digests" || f.Slug == "first" { // those that this test moved past the rules
				t.Errorf("%s: %+v", c.Name, f)
			}
		}
	}
}

// merge runs the migration by itself.
func merge(t *testing.T, url string) {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(t.Context(), nil)
	if err == nil {
		err = store.MergeAdoptions(t.Context(), tx)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func adoptionIDs(t *testing.T, url string) (list []catalog.ID) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	found, err := conn.Query(t.Context(), `SELECT id FROM adoptions`)
	if err == nil {
		list, err = pgx.CollectRows(found, pgx.RowTo[catalog.ID])
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}
