package notify

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// A letter leads to the page of what it tells of, of every kind that has pages, so that who
// is asked to send in cases lands at the call.
func TestALetterLeadsToTheRecord(t *testing.T) {
	for kind, want := range map[catalog.RecordKind]string{
		catalog.KindCase: "/cases/a", catalog.KindAdoption: "/cases/a", catalog.KindBrand: "/brands/a", catalog.KindProposal: "/proposals/a", catalog.KindPractice: "/practices/a",
		catalog.KindCall: "/calls/a", catalog.KindNeed: "/needs/a", catalog.KindPerson: "/persons/a", catalog.KindVenue: "/venues/a", catalog.KindActivity: "/activities/a",
		catalog.KindReport: "/reports/a", catalog.KindCollection: "/collections/a", catalog.KindRound: "/rounds/a", catalog.KindEvaluation: "/evaluations/a", catalog.KindIndicator: "/write",
	} {
		n := &catalog.Notice{Kind: kind, Slug: "a"}
		if got := link("https://example.org/", n); got != "https://example.org"+want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
		if got := link("", n); got != "" {
			t.Errorf("%s, at no known address: %s", kind, got)
		}
	}
	if got := link("https://example.org", &catalog.Notice{Kind: catalog.KindCase}); got != "https://example.org/write" {
		t.Errorf("of a record without a slug: %s", got)
	}
}
