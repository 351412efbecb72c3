package catalog

import "time"

// Changchun is the time zone by which a day is a day: China's, eight hours ahead
// of UTC all year. Instants are kept in UTC; what people read, cite and are bound
// by is of this zone. It needs no table of time zones.
var Changchun = time.FixedZone("Asia/Shanghai", 8*60*60)

// DayOf returns the day of t in Changchun, "" for the zero time.
func DayOf(t time.Time) PartialDate {
	if t.IsZero() {
		return ""
	}
	return PartialDate(t.In(Changchun).Format(time.DateOnly))
}
