package cell

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// The parts of a proposal that have columns of their own beside the columns of what
// they belong to.
const (
	SupervisionEntries = "supervisions.entries" // 督办记录, a line each: kind｜date｜who｜what｜of which supervision
	Replies            = "events.replies"       // 答复, as events are
)

// OfParts returns what stands in the columns of a proposal's events, answers and
// entries.
func OfParts(in catalog.Input) map[string]string {
	p, ok := in.(*catalog.ProposalInput)
	if !ok {
		return nil
	}
	others, replies, apart := catalog.SplitReplies(p.Events)
	if !apart {
		others, replies = p.Events, nil
	}
	var entries []string
	for i, s := range p.Supervisions {
		for _, e := range s.Entries {
			line := formatParts(reflect.ValueOf(e))
			if i > 0 {
				const parts = 4 // of an entry
				line += strings.Repeat(BetweenParts, parts-strings.Count(unescaped(line), BetweenParts)) + strconv.Itoa(i+1)
			}
			entries = append(entries, line)
		}
	}
	return map[string]string{
		"events": Format(reflect.ValueOf(others)), Replies: Format(reflect.ValueOf(replies)), SupervisionEntries: strings.Join(entries, "\n"),
	}
}

// unescaped leaves out of a line what has a backslash before it.
func unescaped(line string) string {
	var b strings.Builder
	for _, c := range chars(line) {
		if !c.escaped {
			b.WriteRune(c.r)
		}
	}
	return b.String()
}

// ReadReplies reads the column of answers into a proposal, among its other events.
func (c *Reader) ReadReplies(p *catalog.ProposalInput, cell string) {
	var replies []catalog.ProposalEventInput
	reader := Reader{}
	for _, line := range entries(chars(cell), lineSeparators) {
		parts, more := reply(line)
		if parts == nil {
			continue
		}
		if last := len(replies) - 1; more && last >= 0 {
			replies[last].Note = strings.TrimPrefix(replies[last].Note+"\n"+textOf(line), "\n")
			continue
		}
		replies = append(replies, catalog.ProposalEventInput{})
		reader.fields(fmt.Sprintf("events.%d", len(p.Events)+len(replies)-1), parts, reflect.ValueOf(&replies[len(replies)-1]).Elem())
	}
	c.Problems = append(c.Problems, reader.Problems...)
	p.Events = catalog.JoinReplies(p.Events, replies)
}

// ReadEntries reads the column of entries into the supervisions of a proposal that they
// belong to.
func (c *Reader) ReadEntries(p *catalog.ProposalInput, cell string) {
	for n, line := range entries(chars(cell), lineSeparators) {
		c.entry(p, n, line)
	}
}

// entry reads a line of the entries' column.
func (c *Reader) entry(p *catalog.ProposalInput, n int, line []char) {
	parts := split(line, PartSeparators)
	of := 1
	const ordinal = 4 // behind the parts of an entry
	if len(parts) > ordinal {
		number, ok := wholeNumber(textOf(parts[ordinal]))
		if !ok || len(parts) > ordinal+1 {
			c.Problems = append(c.Problems, catalog.Invalid(SupervisionEntries, fmt.Sprintf("第 %d 行最后应是第几项督办，写一个整数", n+1), fmt.Sprintf("line %d must end with the number of the supervision", n+1)))
			return
		}
		of = int(number)
		parts = parts[:ordinal]
	}
	parts = spoken(reflect.TypeFor[catalog.SupervisionEntryInput](), parts)
	if of < 1 || of > len(p.Supervisions) {
		c.Problems = append(c.Problems, catalog.Invalid(SupervisionEntries, fmt.Sprintf("第 %d 行：请先在“领衔督办”写督办人或其职务", n+1), fmt.Sprintf("line %d: name the supervisor or the office first", n+1)))
		return
	}
	s := &p.Supervisions[of-1]
	s.Entries = append(s.Entries, catalog.SupervisionEntryInput{})
	reader := Reader{}
	reader.fields(fmt.Sprintf("supervisions.%d.entries.%d", of-1, len(s.Entries)-1), parts, reflect.ValueOf(&s.Entries[len(s.Entries)-1]).Elem())
	c.Problems = append(c.Problems, reader.Problems...)
}

// formatNewPerson writes a person that is to be made: the name, and behind it the
// offices.
func formatNewPerson(p *catalog.NewPerson) string {
	if p == nil {
		return ""
	}
	items := []string{escape(p.Name, PartSeparators+itemSeparators)}
	for _, office := range p.Offices {
		items = append(items, escape(office, PartSeparators+itemSeparators))
	}
	return strings.Join(items, betweenItems)
}

// readNewPerson reads what formatNewPerson wrote.
func readNewPerson(part []char) *catalog.NewPerson {
	p := &catalog.NewPerson{}
	for i, item := range entries(part, itemSeparators) {
		if i == 0 {
			p.Name = textOf(item)
		} else {
			p.Offices = append(p.Offices, textOf(item))
		}
	}
	return p
}
