package exchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// dateForms are how people write dates: 2021年7月15日, 2021-07-15, 2021/7/15,
// 2021.7.15, and each without its day or month.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?$`),
	regexp.MustCompile(`^(\d{4})(?:[-/.．](\d{1,2})(?:[-/.．](\d{1,2}))?)?$`),
	regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`),
}

// parseDate reads a date as people write it. The second result is false where it
// is none.
func parseDate(s string) (catalog.PartialDate, bool) {
	s = strings.NewReplacer(" ", "", "\u3000", "", "（", "", "）", "", "(", "", ")", "").Replace(s)
	s = strings.TrimSuffix(s, "00:00:00")
	for _, form := range dateForms {
		if m := form.FindStringSubmatch(s); m != nil {
			return dateOf(m[1:])
		}
	}
	return "", false
}

// dateOf joins year, month and day, of which the last may be missing.
func dateOf(parts []string) (catalog.PartialDate, bool) {
	date := parts[0]
	for _, p := range parts[1:] {
		if p == "" {
			break
		}
		date += fmt.Sprintf("-%02s", p)
	}
	d := catalog.PartialDate(date)
	return d, d.Valid()
}

// lostZero are the texts that a spreadsheet makes of 2021.1 and 2021.10 alike.
var lostZero = regexp.MustCompile(`^\d{4}\.1$`)

// parseCellDate reads a date of a spreadsheet, which may be a day's number.
func parseCellDate(s string) (catalog.PartialDate, *catalog.Error) {
	if lostZero.MatchString(s) {
		return "", invalid("", s+" 可能是 1 月，也可能是 10 月：请写 "+s[:4]+"-01 或 "+s[:4]+"-10",
			s+" may be January or October: write "+s[:4]+"-01 or "+s[:4]+"-10")
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n >= 18264 && n < 73415 && len(s) >= 5 && s[4] != '.' && !isDate8(s) {
		// Days are counted from 1899-12-30; 18264 is in 1950, 73415 in 2101.
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))
		return catalog.PartialDate(day.Format(time.DateOnly)), nil
	}
	if d, ok := parseDate(s); ok {
		return d, nil
	}
	return "", invalid("", "“"+clip(s)+"”不是日期：请写 2021、2021-07 或 2021-07-15", quote(s)+" is not a date: write 2021, 2021-07 or 2021-07-15")
}

func isDate8(s string) bool { return len(s) == 8 && !strings.Contains(s, ".") }

// between are the words and dashes between two dates.
var between = regexp.MustCompile(`\s*(?:至|到|—+|–|－|~|～|--|\s-\s)\s*`)

// parsePeriod reads one date or two: 2021年3月至5月, 2021.3—2021.5.
func parsePeriod(s string) (start, end catalog.PartialDate, ok bool) {
	s = strings.TrimSpace(s)
	if d, ok := parseDate(s); ok {
		return d, "", true
	}
	parts := between.Split(s, -1)
	if len(parts) == 1 && strings.Count(s, "-") == 1 {
		parts = strings.Split(s, "-")
	}
	if len(parts) != 2 {
		return "", "", false
	}
	if start, ok = parseDate(parts[0]); !ok {
		return "", "", false
	}
	if end, ok = parseDate(parts[1]); ok {
		return start, end, true
	}
	end, ok = parseRest(start, parts[1])
	return start, end, ok
}

var rests = []*regexp.Regexp{
	regexp.MustCompile(`^(\d{1,2})月(?:(\d{1,2})[日号])?$`),
	regexp.MustCompile(`^(\d{1,2})[日号]$`),
}

// parseRest reads the end of a period that leaves out what its start says: 5月,
// 20日.
func parseRest(start catalog.PartialDate, s string) (catalog.PartialDate, bool) {
	s = strings.TrimSpace(s)
	if m := rests[0].FindStringSubmatch(s); m != nil {
		return dateOf([]string{string(start[:4]), m[1], m[2]})
	}
	if m := rests[1].FindStringSubmatch(s); m != nil && len(start) == 10 {
		return dateOf([]string{string(start[:4]), string(start[5:7]), m[1]})
	}
	return "", false
}
