package graph

import (
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// dayOf returns the day of a Date that was given, "" for none.
func dayOf(t *time.Time) catalog.Day {
	if t == nil {
		return ""
	}
	return catalog.Day(t.Format(time.DateOnly))
}
