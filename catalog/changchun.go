package catalog

import (
	"sync/atomic"
	"time"
)

// Changchun is the time zone by which a day is a day unless a setting says
// otherwise: China's, eight hours ahead of UTC all year. Instants are kept in UTC;
// what people read, cite and are bound by is of this zone. It needs no table of time
// zones.
var Changchun = time.FixedZone("Asia/Shanghai", 8*60*60)

// zone is the zone that a setting says, nil for Changchun's. It is the process's
// own, as the operating system's would be: a day that a page shows and one that a
// citation names must be the same.
var zone atomic.Pointer[time.Location]

// SetZone has days be those of another time zone, of Changchun where it is nil. It is
// for the start of a process.
func SetZone(l *time.Location) { zone.Store(l) }

// Zone returns the time zone by which a day is a day. It is safe for concurrent use.
func Zone() *time.Location {
	if l := zone.Load(); l != nil {
		return l
	}
	return Changchun
}

// DayOf returns the day of t in Zone, "" for the zero time.
func DayOf(t time.Time) PartialDate {
	if t.IsZero() {
		return ""
	}
	return PartialDate(t.In(Zone()).Format(time.DateOnly))
}
