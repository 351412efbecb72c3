package cell

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// Lines of a ledger are written by people who have not read what stands between the parts
// of one: 2026年3月10日交办, 公安局（主办）, or just the day of the answer. What such a line
// says is plain all the same. What the notation reads is left to it.

var (
	dayAtStart  = regexp.MustCompile(`^(\d{4}\s*(?:[-./年]\s*\d{1,2}\s*(?:[-./月]\s*\d{1,2}\s*日?|月)?|年))(?:\s*0{1,2}:00(?::00)?)?`)
	leadInWords = regexp.MustCompile(`^(.+?)\s*[（(\[【]?\s*(主办|会办|协办|分办)\s*(?:单位|部门)?\s*[)）\]】]?$`)
	leadBefore  = regexp.MustCompile(`^(主办|会办|协办|分办)(?:单位|部门)?\s*[:：]\s*(.+)$`)
	answered    = []string{"是", "已答复", "已办复", "答复", "已复", "√"}
	unanswered  = []string{"否", "未答复", "未办复", "尚未答复", "无", "×", "-", "—", "——", "/", "待答复"}
)

// Between what a line says there is punctuation, or none.
const betweenWords = " \t　:：,，、;；-—"

// spoken returns the parts of a line of a list of the type as the notation would have
// them, where that says something else about the line than its writer meant.
func spoken(t reflect.Type, parts [][]char) [][]char {
	if slices.ContainsFunc(parts, func(part []char) bool { return slices.ContainsFunc(part, func(c char) bool { return c.escaped }) }) {
		return parts
	}
	switch first := textOf(parts[0]); t {
	case reflect.TypeFor[catalog.ProposerInput]():
		if len(parts) == 1 && (strings.HasSuffix(first, "政协") || strings.Contains(first, "政治协商会议")) {
			return [][]char{nil, parts[0]}
		}
	case reflect.TypeFor[catalog.UndertakerInput]():
		if len(parts) > 1 {
			return parts
		}
		name, how := first, ""
		if m := leadBefore.FindStringSubmatch(first); m != nil {
			name, how = m[2], m[1]
		} else if m := leadInWords.FindStringSubmatch(first); m != nil {
			name, how = m[1], m[2]
		}
		if how != "" {
			return [][]char{chars(name), chars(map[bool]string{true: yes, false: no}[how == "主办"])}
		}
	case reflect.TypeFor[catalog.ProposalEventInput]():
		return happened(reflect.TypeFor[catalog.ProposalEventKind](), 2, parts)
	case reflect.TypeFor[catalog.SupervisionEntryInput]():
		return happened(reflect.TypeFor[catalog.SupervisionEntryKind](), 3, parts)
	}
	return parts
}

// happened puts kind and day of what took place first, and the rest of their part into
// the one that is the note.
func happened(kinds reflect.Type, note int, parts [][]char) [][]char {
	if _, ok := CodeOf(kinds, textOf(parts[0])); ok {
		return parts
	}
	kind, day, rest := told(kinds, textOf(parts[0]))
	others := parts[1:]
	if kind == "" && day != "" && rest == "" && len(others) > 0 { // the day before the kind
		if _, ok := CodeOf(kinds, textOf(others[0])); ok {
			kind, others = textOf(others[0]), others[1:]
		}
	}
	if kind == "" {
		return parts
	}
	all := [][]char{chars(kind), chars(day)}
	if rest == "" {
		return append(all, others...)
	}
	if len(others) > 0 {
		return parts
	}
	for len(all) < note {
		all = append(all, nil)
	}
	return append(all, literal(rest))
}

// told takes what took place, and when, off the start of a text, in either order.
func told(kinds reflect.Type, text string) (kind, day, rest string) {
	rest = text
	for range 2 {
		if day == "" {
			if found := dayAtStart.FindString(norm.NFKC.String(rest)); found != "" && !strings.HasPrefix(strings.TrimPrefix(norm.NFKC.String(rest), found), "度") {
				read, err := cellDate(strings.TrimSuffix(strings.TrimSpace(dayAtStart.FindStringSubmatch(found)[1]), "."))
				if err == nil {
					day, rest = string(read), strings.TrimLeft(strings.TrimPrefix(norm.NFKC.String(rest), found), betweenWords)
				}
			}
		}
		if kind == "" {
			if found := kindAtStart(kinds, rest, day != ""); found != "" {
				kind, rest = found, strings.TrimLeft(strings.TrimPrefix(rest, found), betweenWords)
			}
		}
	}
	return kind, day, rest
}

// kindAtStart returns the name of a kind with which the text begins: the longest, and
// where no day stands before it, only one that is a word of its own.
func kindAtStart(kinds reflect.Type, text string, dated bool) string {
	var names []string
	for _, v := range EnumOf(kinds).Values {
		names = append(append(names, v.Label), v.Aliases...)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, name := range names {
		after, ok := strings.CutPrefix(text, name)
		if ok && (dated || after == "" || strings.ContainsAny(after[:1], "0123456789") || strings.TrimLeft(after, betweenWords) != after) {
			return name
		}
	}
	return ""
}

// literal are the characters of a text in which nothing is notation.
func literal(text string) []char {
	list := make([]char, 0, len(text))
	for _, r := range text {
		list = append(list, char{r, true})
	}
	return list
}

// reply returns the parts of a line of the column of answers, in which nobody writes that
// it was an answer: none where the line says that there was none. more says that the line
// says neither when nor that, and so goes on with what the one before it said.
func reply(line []char) (parts [][]char, more bool) {
	parts = split(line, PartSeparators)
	text := textOf(parts[0])
	if _, is := CodeOf(reflect.TypeFor[catalog.ProposalEventKind](), text); is {
		return parts, false
	}
	answer := chars(catalog.EventReplied.Label())
	kind, day, rest := told(reflect.TypeFor[catalog.ProposalEventKind](), text)
	if kind != "" {
		return spoken(reflect.TypeFor[catalog.ProposalEventInput](), parts), false
	}
	if day == "" {
		if serial, err := cellDate(text); err == nil {
			day, rest = string(serial), ""
		}
	}
	if slices.Contains(answered, rest) {
		rest = ""
	}
	switch {
	case len(parts) == 1 && slices.Contains(unanswered, text):
		return nil, false
	case rest == "":
		return append([][]char{answer, chars(day)}, parts[1:]...), false
	case day == "":
		return append([][]char{answer, nil}, parts...), true
	case len(parts) == 1:
		return [][]char{answer, chars(day), literal(rest)}, false
	}
	return append([][]char{answer, nil}, parts...), false
}
