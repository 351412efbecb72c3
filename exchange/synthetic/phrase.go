package synthetic

import (
	"fmt"
	"strconv"
	"strings"
)

// phrase is a text with gaps, as in “{office}采纳建议{n4-18}条”.
type phrase []segment

// segment is a piece of text, or a gap with what fills it.
type segment struct {
	gap  gap
	text string // of gapText
	list int    // of gapTheme
	from *list  // of gapGeneral
	low  int    // of gapNumber, with high
	high int
}

type gap uint8

const (
	gapText      gap = iota
	gapTheme         // a word of the theme
	gapGeneral       // a word of a general list
	gapNumber        // {n3-40}: a number of the range, small ones more often
	gapPlace         // {place}: an invented place
	gapArea          // {area}: 全县, 全区 …
	gapCommittee     // {committee}: 县政协 …
	gapParty         // {party}: 县委县政府 …
)

var fixedGaps = map[string]gap{"place": gapPlace, "area": gapArea, "committee": gapCommittee, "party": gapParty}

// parse reads a text's gaps. A digit behind a name, as in {object2}, is for the
// reader's eye: two gaps of one sentence never get the same word.
func parse(text string, general map[string]*list) (phrase, error) {
	var p phrase
	for text != "" {
		before, rest, ok := strings.Cut(text, "{")
		if before != "" {
			p = append(p, segment{text: before})
		}
		if !ok {
			break
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return nil, fmt.Errorf("a gap of %q has no end", text)
		}
		s, err := parseGap(name, general)
		if err != nil {
			return nil, err
		}
		p = append(p, s)
		text = after
	}
	return p, nil
}

func parseGap(name string, general map[string]*list) (segment, error) {
	if low, high, ok := parseRange(name); ok {
		return segment{gap: gapNumber, low: low, high: high}, nil
	}
	name = strings.TrimRight(name, "23")
	if g, ok := fixedGaps[name]; ok {
		return segment{gap: g}, nil
	}
	for i, n := range themeListNames {
		if n == name {
			return segment{gap: gapTheme, list: i}, nil
		}
	}
	if from, ok := general[name]; ok {
		return segment{gap: gapGeneral, from: from}, nil
	}
	return segment{}, fmt.Errorf("there is nothing to fill the gap {%s} with", name)
}

// parseRange reads n3-40.
func parseRange(name string) (low, high int, ok bool) {
	a, b, ok := strings.Cut(strings.TrimPrefix(name, "n"), "-")
	if !ok || name[0] != 'n' {
		return 0, 0, false
	}
	low, err1 := strconv.Atoi(a)
	high, err2 := strconv.Atoi(b)
	return low, high, err1 == nil && err2 == nil && 0 < low && low <= high
}
