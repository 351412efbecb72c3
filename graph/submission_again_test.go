package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/storetest"
)

// Each mutation on submissions, sent again with the key that it was sent with, answers
// the same and changes nothing: a client that lost the answer need not look first.
func TestASubmissionsMutationsAreKnownAgain(t *testing.T) {
	p := newCampaign(t, nil)
	version := func() int { return p.of(t, p.caller, "朝阳区的电梯加装").Version }
	id := func() string { return p.of(t, p.caller, "朝阳区的电梯加装").ID }
	const payload = ` { version userErrors { code message } } }`
	until := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	steps := []struct {
		name string
		as   *api
		do   func() string
	}{
		{"submit", p.own, func() string {
			return `submitToCall(call: "` + p.call.ID + `", case: "` + p.ids["own-1"] + `")` + payload
		}},
		{"return", p.caller, func() string {
			return fmt.Sprintf(`returnSubmission(id: %q, version: %d, reason: "补数字")`, id(), version()) + payload
		}},
		{"submit again", p.own, func() string {
			return `submitToCall(call: "` + p.call.ID + `", case: "` + p.ids["own-1"] + `", note: "补了")` + payload
		}},
		{"withdraw", p.own, func() string {
			return fmt.Sprintf(`withdrawSubmission(id: %q, version: %d)`, id(), version()) + payload
		}},
		{"submit once more", p.own, func() string {
			return `submitToCall(call: "` + p.call.ID + `", case: "` + p.ids["own-1"] + `", note: "再报")` + payload
		}},
		{"accept", p.caller, func() string { return fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, id(), version()) + payload }},
		{"score", p.judge, func() string {
			return fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 90}, {criterion: "创新", value: 60}])`, id()) + payload
		}},
		{"decide", p.caller, func() string {
			return fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: SELECTED)`, id(), version()) + payload
		}},
		{"remind", p.caller, func() string { return `remindCall(call: "` + p.call.ID + `") { told userErrors { code message } } }` }},
		{"name", p.caller, func() string {
			return `nameCallReviewer(call: "` + p.call.ID + `", name: "李某", account: "other judge", until: "` + until + `") { reviewers { name } userErrors { code message } } }`
		}},
		{"dismiss", p.caller, func() string {
			return `dismissCallReviewer(call: "` + p.call.ID + `", name: "李某") { reviewers { name } userErrors { code message } } }`
		}},
		{"publish", p.caller, func() string { return `publishSelection(call: "` + p.call.ID + `", version: 2)` + payload }},
		{"retract", p.caller, func() string {
			return `retractSelection(call: "` + p.call.ID + `", version: 3, reason: "有误")` + payload
		}},
	}
	for _, step := range steps {
		query := `mutation { done: ` + step.do()
		first := step.as.sent(t, "key of "+step.name, query, nil)
		if !strings.Contains(first, `"userErrors":[]`) {
			t.Fatalf("%s: %s", step.name, first)
		}
		again := step.as.sent(t, "key of "+step.name, query, nil)
		if again != first {
			t.Errorf("%s: again it answers\n%s, at first\n%s", step.name, again, first)
		}
		if other := step.as.sent(t, "key of "+step.name, query+" ", nil); !strings.Contains(other, "Idempotency-Key") {
			t.Errorf("%s: another request by the same key: %s", step.name, other)
		}
	}
}

// The key of a reviewer's link does not bring the token back: it is shown once.
func TestATokenIsShownOnce(t *testing.T) {
	p := newCampaign(t, nil)
	query := `mutation { done: nameCallReviewer(call: "` + p.call.ID + `", name: "外请专家", until: "` + time.Now().AddDate(0, 1, 0).Format(time.DateOnly) + `") { token reviewers { name } userErrors { code } } }`
	if first := p.caller.sent(t, "link", query, nil); !strings.Contains(first, `"token":"`) {
		t.Fatalf("the first answer is %s", first)
	}
	if again := p.caller.sent(t, "link", query, nil); !strings.Contains(again, `"token":null`) || !strings.Contains(again, "外请专家") {
		t.Errorf("again it is %s", again)
	}
	if answer := p.caller.sent(t, strings.Repeat("键", 3), query, nil); !strings.Contains(answer, "INVALID") {
		t.Errorf("a key that is none: %s", answer)
	}
}

// Where the database gives a transaction up for the sake of another, the mutation is run
// again as if it had not been run: what the first time has made is not there.
func TestAMutationOfACallThatGaveWayIsRunAgainWhole(t *testing.T) {
	p := newCampaign(t, nil)
	until := time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	version := func() int { return p.of(t, p.caller, "朝阳区的电梯加装").Version }
	id := func() string { return p.of(t, p.caller, "朝阳区的电梯加装").ID }
	storetest.SQL(t, p.url, `CREATE SEQUENCE gave_way; CREATE FUNCTION gives_way_once() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF nextval('gave_way') = 1 THEN -- a sequence stays where it is when its transaction ends
				RAISE EXCEPTION 'could not serialize' USING ERRCODE = 'serialization_failure';
			END IF;
			RETURN NEW;
		END $$`)
	for _, step := range []struct {
		name, into string // the table at which it gives way
		as         *api
		do         func() string
	}{
		{"submit", "submissions", p.own, func() string {
			return `submitToCall(call: "` + p.call.ID + `", case: "` + p.ids["own-1"] + `")`
		}},
		{"accept", "submission_events", p.caller, func() string { return fmt.Sprintf(`acceptSubmission(id: %q, version: %d)`, id(), version()) }},
		{"score", "call_scores", p.judge, func() string {
			return fmt.Sprintf(`scoreSubmission(id: %q, scores: [{criterion: "真实", value: 90}, {criterion: "创新", value: 60}])`, id())
		}},
		{"name", "call_reviewers", p.caller, func() string {
			return `nameCallReviewer(call: "` + p.call.ID + `", name: "外请专家", until: "` + until + `")`
		}},
		{"decide", "submission_events", p.caller, func() string {
			return fmt.Sprintf(`decideSubmission(id: %q, version: %d, decision: SELECTED)`, id(), version())
		}},
		{"remind", "notices", p.caller, func() string { return `remindCall(call: "` + p.call.ID + `")` }},
		{"select", "collections", p.caller, func() string { return `publishSelection(call: "` + p.call.ID + `", version: 2)` }},
	} {
		storetest.SQL(t, p.url, `ALTER SEQUENCE gave_way RESTART; CREATE TRIGGER gives_way_once BEFORE INSERT ON `+step.into+` FOR EACH ROW EXECUTE FUNCTION gives_way_once()`)
		p.must(t, step.as, step.do()+" { userErrors { code } }")
		storetest.SQL(t, p.url, `DO $$ BEGIN IF (SELECT last_value FROM gave_way) < 2 THEN RAISE 'it did not give way'; END IF; END $$; DROP TRIGGER gives_way_once ON `+step.into)
	}
	storetest.SQL(t, p.url, `DO $$ BEGIN
		IF NOT EXISTS (SELECT FROM call_reviewers j JOIN access_tokens t ON t.id = j.token_id AND t.name = j.viewer WHERE j.name = '外请专家') THEN RAISE 'the reviewer from outside has no token'; END IF;
		IF (SELECT count(*) FROM submission_events) <> 4 THEN RAISE '% events', (SELECT count(*) FROM submission_events); END IF;
		IF (SELECT count(*) FROM collections) <> 1 THEN RAISE '% collections', (SELECT count(*) FROM collections); END IF;
	END $$`)
}
