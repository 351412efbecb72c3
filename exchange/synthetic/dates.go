package synthetic

import (
	"math/rand/v2"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

var (
	// yearShares are the shares of the years from 2018 on, summed up: there are
	// more cases the nearer the years come.
	yearShares = []float64{0.04, 0.10, 0.18, 0.28, 0.40, 0.54, 0.70, 0.86, 1}
	firstYear  = 2018
	// horizon is the last day that a synthetic record knows of.
	horizon = time.Date(2026, time.October, 31, 0, 0, 0, 0, time.UTC)
)

// exactness is how much of a date is told: the length of a PartialDate.
type exactness int

const (
	toTheYear  = exactness(len("2021"))
	toTheMonth = exactness(len("2021-07"))
	toTheDay   = exactness(len("2021-07-15"))
)

func drawExactness(random *rand.Rand) exactness {
	switch u := random.Float64(); {
	case u < 0.65:
		return toTheDay
	case u < 0.9:
		return toTheMonth
	}
	return toTheYear
}

// partial tells a day as exactly as e says; a day past the horizon is not told.
func partial(day time.Time, e exactness) catalog.PartialDate {
	if day.IsZero() || day.After(horizon) {
		return ""
	}
	return catalog.PartialDate(day.Format(time.DateOnly)[:e])
}

// drawDay draws a day of the years 2018 to 2026, not past the horizon.
func drawDay(random *rand.Rand) time.Time {
	year := firstYear + draw(yearShares, random)
	day := time.Date(year, time.January, 1+random.IntN(365), 0, 0, 0, 0, time.UTC)
	if day.After(horizon) {
		return day.AddDate(0, -3, 0)
	}
	return day
}

func later(day time.Time, low, high int, random *rand.Rand) time.Time {
	return day.AddDate(0, 0, low+random.IntN(high-low+1))
}
