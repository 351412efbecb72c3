package catalog

import (
	"sync/atomic"
	"time"
)

// DefaultReplyWithin is how many months a department has to answer a proposal that was
// assigned to it, unless a setting says otherwise.
const DefaultReplyWithin = 3

// replyWithin is what the setting says, 0 for the default.
var replyWithin atomic.Int32

// SetReplyWithin has proposals be due after as many months, DefaultReplyWithin where it
// is 0. It is for the start of a process.
func SetReplyWithin(months int) { replyWithin.Store(int32(months)) } //nolint:gosec // some months

// ReplyWithin returns how many months a department has to answer. It is safe for
// concurrent use.
func ReplyWithin() int {
	if months := replyWithin.Load(); months > 0 {
		return int(months)
	}
	return DefaultReplyWithin
}

// Due is by when a proposal is to be answered, and what that is counted from.
type Due struct {
	On   Day
	From ProposalEventKind // ASSIGNED, or FILED where nobody says when it was assigned
}

// DueOf returns by when a proposal with these events is to be answered: ReplyWithin
// months after it was assigned, or where nobody says when, filed, counted from the last
// day that the date may mean. It returns nil for one that has an answer or a resolution,
// and where neither day is known.
func DueOf(p *Proposal, events []*ProposalEvent) *Due {
	if p.Resolution != nil {
		return nil
	}
	latest := map[ProposalEventKind]time.Time{}
	for _, e := range events {
		if e.Kind == EventReplied {
			return nil
		}
		if e.OccurredOn == nil {
			continue
		}
		if last, ok := e.OccurredOn.LastDay(); ok && last.After(latest[e.Kind]) {
			latest[e.Kind] = last
		}
	}
	for _, from := range []ProposalEventKind{EventAssigned, EventFiled} {
		if day, ok := latest[from]; ok {
			return &Due{Day(monthsAfter(day, ReplyWithin()).Format(time.DateOnly)), from}
		}
	}
	return nil
}

// monthsAfter returns the day so many months later; where that month is too short, its
// last, as in SQL.
func monthsAfter(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(day.Day(), first.AddDate(0, 1, -1).Day())-1)
}
