package catalog

import (
	"io"
	"strconv"
	"time"
)

// PartialDate is a date as exact as its source: "2021", "2021-07" or
// "2021-07-15". It sorts by its first day. The zero value, "", is no date.
type PartialDate string

// The years that a PartialDate may name: the first committee met in 1949.
const (
	MinYear = 1949
	MaxYear = 2100
)

// FirstDay returns the first day of the date in UTC, and false where it is no
// valid date.
func (d PartialDate) FirstDay() (time.Time, bool) {
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: time.DateOnly}
	layout, ok := layouts[len(d)]
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, string(d))
	if err != nil || t.Year() < MinYear || t.Year() > MaxYear {
		return time.Time{}, false
	}
	return t, true
}

// LastDay returns the last day that the date may mean, in UTC, and false where it is no
// valid date.
func (d PartialDate) LastDay() (time.Time, bool) {
	first, ok := d.FirstDay()
	switch {
	case !ok:
		return time.Time{}, false
	case len(d) == 4:
		return first.AddDate(1, 0, -1), true
	case len(d) == 7:
		return first.AddDate(0, 1, -1), true
	}
	return first, true
}

// Year returns the date's year, 0 where it is no valid date.
func (d PartialDate) Year() int {
	t, ok := d.FirstDay()
	if !ok {
		return 0
	}
	return t.Year()
}

// Valid reports whether d has one of the three forms and names a real day.
func (d PartialDate) Valid() bool {
	_, ok := d.FirstDay()
	return ok
}

// MarshalGQL writes the date as a GraphQL string.
func (d PartialDate) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(string(d)))
}

// UnmarshalGQL reads the date from a GraphQL string. Whether it is one says the
// input's Validate, beside all else that is wrong with it.
func (d *PartialDate) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return &Error{Kind: KindInvalid, Zh: "日期须为字符串：2021、2021-07 或 2021-07-15", En: "a date is a string: 2021, 2021-07 or 2021-07-15"}
	}
	*d = PartialDate(s)
	return nil
}
