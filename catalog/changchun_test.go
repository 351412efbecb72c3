package catalog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// A day is a day in Changchun, and where a setting says so, in another zone.
func TestADayIsADayOfTheSite(t *testing.T) {
	late := time.Date(2026, 11, 27, 16, 30, 0, 0, time.UTC)
	conflict := func() string {
		return catalog.Conflict(1, &catalog.ConflictDetail{Kind: catalog.KindCase, Version: 2, By: []string{"甲"}, Fields: []string{"title"}, At: late}).Zh
	}
	for _, tt := range []struct {
		zone      *time.Location
		day, said string
	}{
		{nil, "2026-11-28", "2026年11月28日 00:30"},
		{time.UTC, "2026-11-27", "2026年11月27日 16:30"},
		{time.FixedZone("Pacific/Auckland", 13*60*60), "2026-11-28", "2026年11月28日 05:30"},
	} {
		catalog.SetZone(tt.zone)
		if got := catalog.DayOf(late); string(got) != tt.day {
			t.Errorf("in %v it is %s, want %s", catalog.Zone(), got, tt.day)
		}
		if got := conflict(); !strings.Contains(got, tt.said) {
			t.Errorf("in %v a conflict says %q, want %s", catalog.Zone(), got, tt.said)
		}
	}
	catalog.SetZone(nil)
	if got := catalog.DayOf(time.Time{}); got != "" {
		t.Errorf("no time is on %s", got)
	}
}
