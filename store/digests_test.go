package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// The migration that brings digests digests what is there as it would have been
// digested when it was written.
func TestRevisionsOfBeforeHaveTheDigestsTheyWouldHaveHad(t *testing.T) {
	url := pgtest.New(t, migrateAndGenerate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: "一"})
	put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: "二"})
	up, down := migration(t, "00009_digests.sql")
	err = execute(t.Context(), url, `CREATE TABLE written AS SELECT record_id, version, digest FROM revisions;`+down+up+`
		DO $$ BEGIN IF EXISTS (SELECT FROM written w FULL JOIN revisions r USING (record_id, version) WHERE w.digest IS DISTINCT FROM r.digest) THEN
			RAISE 'the digests are others'; END IF; END $$`)
	if err != nil {
		t.Error(err)
	}
}

// migration returns the two halves of a migration.
func migration(t *testing.T, name string) (up, down string) {
	t.Helper()
	text, err := os.ReadFile("migrations/" + name)
	if err != nil {
		t.Fatal(err)
	}
	up, down, ok := strings.Cut(string(text), "-- +goose Down")
	if !ok {
		t.Fatal("it has no way down")
	}
	return up, down
}
