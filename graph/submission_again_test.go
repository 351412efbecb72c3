package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
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
