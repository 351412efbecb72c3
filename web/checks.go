package web

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// check is something that a reviewer asks for, and whether a case has it. None
// keeps anybody from submitting: what the source does not say stays blank.
type check struct {
	Text  string
	Field string // the id of the form's field, "" where it is none
	OK    bool
	// Least is how many characters the form's fields must have whose names are Of, or
	// begin so where it ends with a dot; for the page's script, which looks again while
	// somebody writes.
	Of    string
	Least int
}

// Least lengths of texts for a reader from elsewhere to follow them, in characters.
const (
	leastPart    = 80
	leastSummary = 30
)

// caseChecks are what a reviewer asks of a case, by a form's values.
func caseChecks(values url.Values) []check {
	long := func(name string) int { return utf8.RuneCountInString(clean(values.Get(name))) }
	at := func(name string) string { return shownField{field: field{Name: name}}.ID() }
	var all []check
	for _, part := range []struct {
		name  string
		least int
	}{{"summary", leastSummary}, {"background", leastPart}, {"approach", leastPart}, {"results", leastPart}, {"lessons", leastPart}} {
		label := catalog.FieldLabel(catalog.KindCase, part.name)
		text := fmt.Sprintf("%s写了，不少于 %d 字", label, part.least)
		if n := long(part.name); n > 0 && n < part.least {
			text += fmt.Sprintf("（现有 %d 字）", n)
		}
		all = append(all, check{text, at(part.name), long(part.name) >= part.least, part.name, part.least})
	}
	all = append(all,
		check{"选了议题", "f-topics", len(values["topics"]) > 0, "topics", 1},
		check{"写了开始日期或年份", at("startedOn"), long("startedOn")+long("year") > 0, "startedOn year", 1},
	)
	if long("unplaced") > 0 {
		all = append(all, check{"没有未归入任何部分的原文（有的不能发布）", at("unplaced"), false, "", 0})
	}
	steps, sides := 0, 0
	for name, value := range values {
		if strings.HasPrefix(name, "steps.") && clean(value[0]) != "" {
			steps++
		}
		if strings.HasPrefix(name, "participants.") && !strings.Contains(name, "statement") && clean(value[0]) != "" {
			sides++
		}
	}
	return append(all,
		check{fmt.Sprintf("八个环节写了 %d 个（有记载的都写上）", steps), at("steps." + string(catalog.Procedure[0].Code)), steps > 0, "steps.", 1},
		check{fmt.Sprintf("五方写了 %d 方", sides), at("participants." + string(roles[0])), sides > 0, "participants.", 1},
		check{"写了协商成果", "f-outcomes-0-form", long("outcomes.0.form") > 0, "outcomes.0.form", 1},
	)
}

// lacks are what a reviewer would miss in a case, by its record.
func lacks(record map[string]any) []string {
	var all []string
	for _, c := range caseChecks(caseValues(record)) {
		if !c.OK {
			all = append(all, c.Text)
		}
	}
	return all
}
