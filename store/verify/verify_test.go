package verify_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
	"github.com/jisiguangyi/jisi/store/verify"
)

// migrateAndGenerateFew makes 80 cases beside the documented ones.
func migrateAndGenerateFew(ctx context.Context, url string) error {
	if err := store.Migrate(ctx, url); err != nil {
		return err
	}
	s, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	sink := storetest.Sink{Store: s}
	if _, err := exchange.Seed(ctx, sink); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := synthetic.Write(ctx, &file, synthetic.Options{Cases: 80, Seed: 7}); err != nil {
		return err
	}
	_, err = exchange.Import(ctx, sink, catalog.Actor{Name: "test"}, []reading.File{{Name: "made-up.jsonl", Reader: &file}}, exchange.ImportOptions{})
	return err
}

func meta(slug string) catalog.InputMeta {
	return catalog.InputMeta{Slug: slug, Origin: catalog.OriginContributed}
}

func put(t *testing.T, s *store.Store, inputs ...catalog.Input) {
	t.Helper()
	w, err := s.Begin(t.Context(), catalog.Actor{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := w.Put(t.Context(), inputs); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// verified returns what Verify finds in a database of documented and made-up
// records, changed by sql behind the rules' backs.
func verified(t *testing.T, sql string) *catalog.Verification {
	t.Helper()
	url := pgtest.New(t, migrateAndGenerateFew)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: "一", Summary: "旧"})
	put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: "一", Summary: "新"})
	if sql != "" {
		storetest.SQL(t, url, `SET session_replication_role = replica; `+sql)
	}
	v, err := verify.Database(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAHealthyDatabaseIsVerified(t *testing.T) {
	v := verified(t, "")
	if !v.OK() {
		t.Error("not OK")
	}
	least := map[string]int{"quotes": 150, "cited": 50, "versions": 380, "chain": 380, "identities": 380, "counts": 90, "adopters": 10, "sections": 3, "reports": 5, "indicators": 3, "digests": 380, "contents": 380}
	for _, c := range v.Checks {
		if c.Failed != 0 || c.Checked < least[c.Name] || c.Zh == "" || c.En == "" || c.Advice.Zh == "" || c.Advice.En == "" {
			t.Errorf("%+v", c)
		}
		delete(least, c.Name)
	}
	if len(least) > 0 {
		t.Errorf("not checked: %v", least)
	}
}

func TestWhateverIsChangedBehindTheRulesIsFoundAndNamed(t *testing.T) {
	const document = "jilin-zhengxie-shida-tese-liangdian"
	for name, test := range map[string]struct {
		sql  string
		want []string // check kind slug: what, all of them
	}{
		"a character of a source's text that nothing quotes": {
			`UPDATE sources SET text = text || '。'`, []string{"contents SOURCE " + document + ": text"},
		},
		"a character of a source's text that is quoted": {
			`UPDATE sources SET text = overlay(text PLACING '改' FROM c.start_at + 1 FOR 1)
				FROM (SELECT c.* FROM citations c WHERE (SELECT count(*) FROM citations o WHERE o.start_at <= c.start_at AND o.end_at > c.start_at) = 1 ORDER BY id LIMIT 1) c`,
			[]string{"contents SOURCE " + document + ": text", "quotes * *: citation * of source " + document + " at *"},
		},
		"an article that ends behind the text": {
			`UPDATE sources SET sections = jsonb_set(sections, '{2,end}', '999999')`,
			[]string{"sections SOURCE " + document + ": section 2 at [5664, 999999)", "contents SOURCE " + document + ": sections"},
		},
		"an article that begins within the one before": {
			`UPDATE sources SET sections = jsonb_set(sections, '{1,start}', '4000')`,
			[]string{"sections SOURCE " + document + ": section 1 at [4000, 5662)", "contents SOURCE " + document + ": sections"},
		},
		"an article moved where there is room": {
			`UPDATE sources SET sections = jsonb_set(sections, '{1,start}', '4215')`,
			[]string{"contents SOURCE " + document + ": sections"},
		},
		"an article without a title": {
			`UPDATE sources SET sections = jsonb_set(sections, '{0,title}', '""')`,
			[]string{"sections SOURCE " + document + ": section 0 at [2, 4211)", "contents SOURCE " + document + ": sections"},
		},
		"a report that stands beside nothing": {
			`UPDATE reports SET record_id = 999999 WHERE slug = 'fazhiwang-2022-01-18-timing'`,
			[]string{"reports REPORT fazhiwang-2022-01-18-timing: no proposal of id 999999", "contents REPORT fazhiwang-2022-01-18-timing: record_id"},
		},
		"a report that stands beside another record": {
			`UPDATE reports SET record_id = (SELECT max(id) FROM proposals) WHERE slug = 'fazhiwang-2022-01-18-timing'`,
			[]string{"contents REPORT fazhiwang-2022-01-18-timing: record_id"},
		},
		"a report that says to have been checked": {
			`UPDATE reports SET checked_on = '2026-01-01' WHERE slug = 'fazhiwang-2022-01-18-timing'`,
			[]string{"contents REPORT fazhiwang-2022-01-18-timing: checked_on"},
		},
		"a report that says something else": {
			`UPDATE reports SET statement = statement || '假' WHERE slug = 'yanbian-zhengxie-2020-05-08-qidong'`,
			[]string{"contents REPORT yanbian-zhengxie-2020-05-08-qidong: statement"},
		},
		"a case that counts towards a figure no longer": {
			`DELETE FROM case_indicators WHERE case_id = (SELECT id FROM cases WHERE slug = 'guilin-lu-shangquan-gaizao')`,
			[]string{"contents CASE guilin-lu-shangquan-gaizao: case_indicators"},
		},
		"a case that counts towards another figure": {
			`UPDATE case_indicators SET indicator_id = (SELECT min(id) FROM indicators WHERE id <> indicator_id) WHERE case_id = (SELECT id FROM cases WHERE slug = 'guilin-lu-shangquan-gaizao')`,
			[]string{"contents CASE guilin-lu-shangquan-gaizao: case_indicators"},
		},
		"a case that counts towards a figure that is not there": {
			`UPDATE case_indicators SET indicator_id = 999999 WHERE case_id = (SELECT id FROM cases WHERE slug = 'guilin-lu-shangquan-gaizao')`,
			[]string{"indicators CASE guilin-lu-shangquan-gaizao: no indicator of id 999999", "contents CASE guilin-lu-shangquan-gaizao: case_indicators"},
		},
		"a citation moved": {
			`UPDATE citations SET start_at = start_at + 1, end_at = end_at + 1 WHERE id = (SELECT id FROM citations WHERE record_id = (SELECT id FROM practices WHERE slug = 'dang-de-lingdao') ORDER BY position LIMIT 1)`,
			[]string{"contents PRACTICE dang-de-lingdao: citations", "quotes PRACTICE dang-de-lingdao: citation 0 of source " + document + " at *"},
		},
		"a citation taken away": {
			`DELETE FROM citations WHERE record_id = (SELECT id FROM practices WHERE slug = 'dang-de-lingdao')`,
			[]string{"cited PRACTICE dang-de-lingdao: no citation", "contents PRACTICE dang-de-lingdao: citations"},
		},
		"the latest revision deleted": {
			`DELETE FROM revisions WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 2`,
			[]string{"versions CASE changed: version 2 has no revision"},
		},
		"an older revision deleted": {
			`DELETE FROM revisions WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 1`,
			[]string{"versions CASE changed: version 1 has no revision"},
		},
		"a revision too many": {
			`INSERT INTO revisions SELECT record_id, 3, at, actor, origin, status, snapshot, reason, digest FROM revisions WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 2`,
			[]string{"versions * *: revision 3 is of no version", "chain CASE changed: version 3 is not what was written, or version 2 was replaced"},
		},
		"a revision rewritten": {
			`UPDATE revisions SET snapshot = jsonb_set(snapshot, '{summary}', '"假"') WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 2`,
			[]string{"contents CASE changed: summary", "digests CASE changed: version 2", "chain CASE changed: version 2 is not what was written, or version 1 was replaced"},
		},
		"an older revision rewritten": {
			`UPDATE revisions SET snapshot = jsonb_set(snapshot, '{summary}', '"假"') WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 1`,
			[]string{"chain CASE changed: version 1 is not what was written"},
		},
		"an older revision given to somebody else": {
			`UPDATE revisions SET actor = 'somebody else' WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 1`,
			[]string{"chain CASE changed: version 1 is not what was written"},
		},
		"a revision dated back": {
			`UPDATE revisions SET at = at - interval '1 microsecond' WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 2`,
			[]string{"chain CASE changed: version 2 is not what was written, or version 1 was replaced"},
		},
		"an older revision rewritten with its digest": {
			`UPDATE revisions SET reason = '假' WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 1;
			UPDATE revisions r SET digest = revision_digest(r, NULL) WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 1`,
			[]string{"chain CASE changed: version 2 is not what was written, or version 1 was replaced"},
		},
		"a revision that says nothing": {
			`UPDATE revisions SET snapshot = '[]' WHERE record_id = (SELECT id FROM cases WHERE slug = 'changed') AND version = 2`,
			[]string{"digests CASE changed: version 2 cannot be read: *", "chain CASE changed: version 2 *"},
		},
		"a record changed without a revision": {
			`UPDATE cases SET title = '改', summary = NULL WHERE slug = 'changed'`, []string{"contents CASE changed: title, summary"},
		},
		"a digest": {
			`UPDATE cases SET digest = '\x00' WHERE slug = 'changed'`, []string{"digests CASE changed: version 2"},
		},
		"a topic given to a case": {
			`INSERT INTO case_topics SELECT c.id, (SELECT min(id) FROM topics), 0 FROM cases c WHERE slug = 'changed'`, []string{"contents CASE changed: case_topics"},
		},
		"a step of a case": {
			`INSERT INTO steps SELECT id, 'ASK_FITNESS', '假' FROM cases WHERE slug = 'changed'`,
			[]string{"contents CASE changed: steps", "counts CASE changed: 0 adoptions kept, 0 there; 0 steps kept, 1 there"},
		},
		"a count of adoptions": {
			`UPDATE cases SET adoption_count = 7 WHERE slug = 'changed'`, []string{"counts CASE changed: 7 adoptions kept, 0 there; 0 steps kept, 0 there"},
		},
		"a record deleted": {
			`DELETE FROM cases WHERE slug = 'changed'`,
			[]string{"identities CASE ?: id * has no record", "versions ? ?: revision 1 is of no version", "versions ? ?: revision 2 is of no version"},
		},
		"a case given to who took it over": {
			`UPDATE cases SET committee_id = a.adopter_id FROM adoptions a WHERE a.case_id = cases.id AND a.id = (SELECT min(id) FROM adoptions)`,
			[]string{"adopters ADOPTION *: of *", "contents CASE *: committee_id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := verified(t, test.sql)
			if v.OK() {
				t.Fatal("OK")
			}
			found := map[string]int{}
			for _, c := range v.Checks {
				if c.Failed != len(c.Failures) {
					t.Errorf("%s: %d failed, %d are named", c.Name, c.Failed, len(c.Failures))
				}
				for _, f := range c.Failures {
					found[c.Name+" "+string(f.Kind)+" "+f.Slug+": "+f.What]++
				}
			}
			for got := range found {
				if !anyMatches(test.want, got) {
					t.Errorf("found %s, which was not expected", got)
				}
			}
			for _, want := range test.want {
				if n := matching(want, found); n != 1 {
					t.Errorf("%d found like %s, want 1", n, want)
				}
			}
		})
	}
}

// A chain that was written anew as a whole, digests and all, hangs together: only
// what a release has kept of it tells.
func TestAChainWrittenAnewIsNotWhatAReleaseHolds(t *testing.T) {
	url := pgtest.New(t, store.Migrate)
	s, err := store.Open(t.Context(), url, store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for _, title := range []string{"一", "二", "三"} {
		put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: title}, &catalog.BrandInput{InputMeta: meta("brand"), Name: title},
			&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "made-up", Origin: catalog.OriginSynthetic}, Title: title})
	}
	held := releasedVersions(t, s)
	put(t, s, &catalog.CaseInput{InputMeta: meta("changed"), Title: "四"})
	if _, err := s.RemoveSynthetic(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if c, err := verify.Released(t.Context(), s, held); err != nil || c.Failed != 0 || c.Checked != 3 {
		t.Fatalf("%+v, %v; want 3 good ones", c, err)
	}
	storetest.SQL(t, url, `SET session_replication_role = replica;
		UPDATE revisions SET snapshot = jsonb_set(snapshot, '{title}', '"假"') WHERE version = 1 AND record_id = (SELECT id FROM cases);
		DO $$ BEGIN FOR n IN 1..4 LOOP
			UPDATE revisions r SET digest = revision_digest(r, (SELECT digest FROM revisions b WHERE b.record_id = r.record_id AND b.version = n - 1)) WHERE r.version = n;
		END LOOP; END $$;
		DELETE FROM revisions WHERE record_id = (SELECT id FROM brands) AND version = 3; UPDATE brands SET version = 2`)
	c, err := verify.Released(t.Context(), s, held)
	want := []catalog.Failure{
		{Kind: catalog.KindBrand, Slug: "brand", What: "version 3 is gone; release r has it"},
		{Kind: catalog.KindCase, Slug: "changed", What: "version 3, or one before it, is not what it was in release r"},
	}
	if diff := cmp.Diff(want, c.Failures); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	v, err := verify.Database(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Checks {
		if c.Name == "chain" && c.Failed > 0 {
			t.Errorf("the chain does not hang together, so that the test tests something else: %+v", c.Failures)
		}
	}
}

// releasedVersions are what a release of now would hold, and an older one that
// kept no digests.
func releasedVersions(t *testing.T, s *store.Store) []catalog.ReleasedVersion {
	t.Helper()
	held := []catalog.ReleasedVersion{{Release: "old", Kind: catalog.KindCase, Slug: "changed", Version: 1}}
	err := s.Released(t.Context(), []catalog.Origin{catalog.OriginContributed, catalog.OriginSynthetic}, func(r *catalog.Released) error {
		held = append(held, catalog.ReleasedVersion{
			Release: "r", Kind: r.Input.Kind(), Slug: r.Input.Head().Slug, Origin: r.Input.Head().Origin, Version: r.Version, Digest: hex.EncodeToString(r.Digest),
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// matches reports whether a text is like a pattern, in which * stands for
// anything.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	for _, p := range parts {
		_, after, ok := strings.Cut(text, p)
		if !ok {
			return false
		}
		text = after
	}
	return text == "" || strings.HasSuffix(pattern, "*")
}

func anyMatches(patterns []string, text string) bool {
	for _, p := range patterns {
		if matches(p, text) {
			return true
		}
	}
	return false
}

func matching(pattern string, found map[string]int) (n int) {
	for text := range found {
		if matches(pattern, text) {
			n++
		}
	}
	return n
}

func TestOnlyTheFirstFailuresAreNamed(t *testing.T) {
	v := verified(t, `UPDATE cases SET adoption_count = adoption_count + 1; INSERT INTO cases SELECT (SELECT max(id) FROM records) + n, 'copy-' || n, origin, status, version, digest,
		created_at, updated_at, kind, title, alternative_titles, summary, background, approach, results, lessons, year, started_on, ended_on, level, committee_id, region_code,
		brand_id, participant_count, meeting_count, recruitment, links, documented_steps, adoption_count FROM cases, generate_series(1, 100) n WHERE slug = 'changed'`)
	for _, c := range v.Checks {
		if c.Name == "counts" {
			if diff := cmp.Diff([2]int{c.Checked, catalog.MaxFailures}, [2]int{c.Failed, len(c.Failures)}); diff != "" {
				t.Errorf("failed and named: -want +got:\n%s", diff)
			}
		}
	}
}
