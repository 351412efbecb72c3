package catalog

import (
	"context"
	"time"
)

// Day is a calendar day, as 2026-09-30, "" for none. Unlike a PartialDate it is
// always exact: people are bound by it.
type Day string

// Valid reports whether d is a day of the calendar.
func (d Day) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Begins returns the instant at which the day begins in the zone, the zero time
// where d is no day.
func (d Day) Begins(zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Ends returns the first instant that is no longer of the day in the zone.
func (d Day) Ends(zone *time.Location) time.Time {
	at := d.Begins(zone)
	if at.IsZero() {
		return at
	}
	return at.AddDate(0, 0, 1)
}

// Text is the day as a Chinese text has it: 2026年9月30日.
func (d Day) Text() string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return at.Format("2006年1月2日")
}

// Clock says what time it is, and by which zone a day is a day. The zero value is
// the machine's time and Zone.
type Clock struct {
	Now  func() time.Time
	Zone *time.Location
}

type clockKey struct{}

// WithClock returns a context in which it is what the clock says.
func WithClock(ctx context.Context, c Clock) context.Context {
	return context.WithValue(ctx, clockKey{}, c)
}

// Now returns the time by the context's clock.
func Now(ctx context.Context) time.Time {
	if c, _ := ctx.Value(clockKey{}).(Clock); c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// ZoneOf returns the time zone of the context's clock.
func ZoneOf(ctx context.Context) *time.Location {
	if c, _ := ctx.Value(clockKey{}).(Clock); c.Zone != nil {
		return c.Zone
	}
	return Zone()
}

// Today returns the day that it is by the context's clock.
func Today(ctx context.Context) Day { return Day(Now(ctx).In(ZoneOf(ctx)).Format(time.DateOnly)) }

// DaysLeft returns how many days are left until the instant by the context's clock:
// 0 on the day itself, less than 0 behind it.
func DaysLeft(ctx context.Context, day Day) int {
	end, today := day.Begins(time.UTC), Today(ctx).Begins(time.UTC)
	return int(end.Sub(today).Hours() / 24)
}
