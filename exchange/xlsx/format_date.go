package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/nfp"
)

func isDate(section []nfp.Token) bool {
	for _, t := range section {
		if t.TType == nfp.TokenTypeDateTimes && !strings.EqualFold(t.TValue, "general") {
			return true
		}
	}
	return false
}

// dayOf returns the moment that a number stands for where a cell's format is that
// of a date. Days are counted from 1899-12-30, or in workbooks that began on a Mac
// from 1904-01-01; the former count a 29th of February in 1900.
func (b *Book) dayOf(x float64) (time.Time, bool) {
	if x < 0 || x >= 2958466 { // 10000-01-01
		return time.Time{}, false
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.date1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case x < 60:
		start = start.AddDate(0, 0, 1)
	}
	days := math.Floor(x)
	seconds := math.Round((x - days) * 86400)
	return start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second), true
}

// showDate writes what a date's format shows and no more, so that a cell that
// shows 2021年7月 is a month though it holds a day. Years have four digits; where
// the format has the parts in another order, or names of months, they are written
// as 2021-07-05.
func showDate(section []nfp.Token, at time.Time) string {
	var parts strings.Builder // which of y, m, d it has, in order
	words, clock := false, false
	for i, t := range section {
		if t.TType != nfp.TokenTypeDateTimes {
			continue
		}
		v := strings.ToLower(t.TValue)
		switch {
		case strings.HasPrefix(v, "y"), strings.HasPrefix(v, "e"):
			parts.WriteByte('y')
		case strings.HasPrefix(v, "d"):
			parts.WriteByte('d')
			words = words || len(v) > 2
		case strings.HasPrefix(v, "m") && !isMinutes(section, i):
			parts.WriteByte('m')
			words = words || len(v) > 2
		default:
			clock = true
		}
	}
	order := parts.String()
	if words || !strings.Contains("ymd", order) {
		return plainDate(order, at)
	}
	var b strings.Builder
	for i, t := range section {
		switch t.TType {
		case nfp.TokenTypeLiteral:
			b.WriteString(t.TValue)
		case nfp.TokenTypeDateTimes:
			b.WriteString(showPart(strings.ToLower(t.TValue), isMinutes(section, i), at))
		}
	}
	text := strings.TrimSpace(b.String())
	if text == "" || order == "ym" && strings.Contains(text, ".") { // 2021.1 alone could be October
		return plainDate(order, at)
	}
	if clock && order != "" && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return plainDate(order, at) // a day, to which somebody has added a clock
	}
	return text
}

// plainDate writes the parts of a date that a format has.
func plainDate(order string, at time.Time) string {
	switch y, m, d := strings.Contains(order, "y"), strings.Contains(order, "m"), strings.Contains(order, "d"); {
	case y && m && d:
		return at.Format(time.DateOnly)
	case y && m:
		return at.Format("2006-01")
	case y:
		return at.Format("2006")
	case m && d:
		return at.Format("1月2日")
	}
	return at.Format(time.DateOnly)
}

// isMinutes reports whether an m of a format stands for minutes: behind hours or
// before seconds.
func isMinutes(section []nfp.Token, at int) bool {
	if !strings.HasPrefix(strings.ToLower(section[at].TValue), "m") {
		return false
	}
	for i := at - 1; i >= 0; i-- {
		if section[i].TType == nfp.TokenTypeDateTimes {
			if strings.HasPrefix(strings.ToLower(section[i].TValue), "h") {
				return true
			}
			break
		}
	}
	for i := at + 1; i < len(section); i++ {
		if section[i].TType == nfp.TokenTypeDateTimes {
			return strings.HasPrefix(strings.ToLower(section[i].TValue), "s")
		}
	}
	return false
}

func showPart(v string, minutes bool, at time.Time) string {
	two := func(n int) string {
		if len(v) == 2 {
			return fmt.Sprintf("%02d", n)
		}
		return strconv.Itoa(n)
	}
	switch {
	case strings.HasPrefix(v, "y"), strings.HasPrefix(v, "e"):
		return strconv.Itoa(at.Year())
	case minutes:
		return two(at.Minute())
	case strings.HasPrefix(v, "m"):
		return two(int(at.Month()))
	case strings.HasPrefix(v, "d"):
		return two(at.Day())
	case strings.HasPrefix(v, "h"):
		return two(at.Hour())
	case strings.HasPrefix(v, "s"):
		return two(at.Second())
	case strings.Contains(v, "/"), strings.Contains(v, "上午"):
		if at.Hour() < 12 {
			return "上午"
		}
		return "下午"
	}
	return ""
}
