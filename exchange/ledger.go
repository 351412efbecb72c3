package exchange

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/catalog"
)

// The parts of a proposal that have columns of their own beside the columns of what
// they belong to.
const (
	partEntries = "supervisions.entries" // 督办记录, a line each: kind｜date｜who｜what｜of which supervision
	partReplies = "events.replies"       // 答复, as events are
)

// partColumns returns the columns of parts that go behind a column.
func partColumns(kind catalog.RecordKind, of column) []column {
	if kind != catalog.KindProposal {
		return nil
	}
	switch of.name {
	case "supervisions":
		f := catalog.FieldAt(kind, partEntries)
		return []column{{name: partEntries, label: f.Label.Zh, aliases: f.Names(), shape: f.Shape, index: of.index, typ: reflect.TypeFor[[]catalog.SupervisionEntryInput](), part: true}}
	case "events":
		return []column{{
			name: partReplies, label: catalog.EventReplied.Label(), aliases: []string{"答复情况", "办理答复", "办复", "办复情况"}, shape: of.shape, index: of.index,
			typ: of.typ, part: true,
		}}
	}
	return nil
}

// partCells returns what stands in the columns of a proposal's events, answers and
// entries.
func partCells(in catalog.Input) map[string]string {
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
				line += strings.Repeat(betweenParts, parts-strings.Count(unescaped(line), betweenParts)) + strconv.Itoa(i+1)
			}
			entries = append(entries, line)
		}
	}
	return map[string]string{
		"events": formatCell(reflect.ValueOf(others)), partReplies: formatCell(reflect.ValueOf(replies)), partEntries: strings.Join(entries, "\n"),
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

// part reads a column of parts into what is read already of what they belong to.
func (v *valueReader) part(f fieldText) {
	p, ok := v.in.(*catalog.ProposalInput)
	if !ok || f.text == "" {
		return
	}
	whole, _, _ := strings.Cut(f.of.name, ".")
	if _, there := v.columns[whole]; !there && f.place.Column > 0 {
		v.problems = append(v.problems, catalog.Invalid(whole, "有“"+f.of.label+"”一列，而没有“"+catalog.FieldLabel(catalog.KindProposal, whole)+"”一列",
			"the column "+catalog.Quoted(f.of.label)+" needs the column "+catalog.Quoted(whole)+" beside it"))
		return
	}
	text := norm.NFC.String(f.text)
	if f.of.name == partReplies {
		var replies []catalog.ProposalEventInput
		reader := cellReader{}
		for _, line := range entries(chars(text), lineSeparators) {
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
		v.problems = append(v.problems, reader.problems...)
		p.Events = catalog.JoinReplies(p.Events, replies)
		return
	}
	for n, line := range entries(chars(text), lineSeparators) {
		v.entry(p, n, line)
	}
}

// entry reads a line of the entries' column.
func (v *valueReader) entry(p *catalog.ProposalInput, n int, line []char) {
	parts := split(line, partSeparators)
	of := 1
	const ordinal = 4 // behind the parts of an entry
	if len(parts) > ordinal {
		number, ok := wholeNumber(textOf(parts[ordinal]))
		if !ok || len(parts) > ordinal+1 {
			v.problems = append(v.problems, catalog.Invalid(partEntries, fmt.Sprintf("第 %d 行最后应是第几项督办，写一个整数", n+1), fmt.Sprintf("line %d must end with the number of the supervision", n+1)))
			return
		}
		of = int(number)
		parts = parts[:ordinal]
	}
	parts = spoken(reflect.TypeFor[catalog.SupervisionEntryInput](), parts)
	if of < 1 || of > len(p.Supervisions) {
		v.problems = append(v.problems, catalog.Invalid(partEntries, fmt.Sprintf("第 %d 行：请先在“领衔督办”写督办人或其职务", n+1), fmt.Sprintf("line %d: name the supervisor or the office first", n+1)))
		return
	}
	s := &p.Supervisions[of-1]
	s.Entries = append(s.Entries, catalog.SupervisionEntryInput{})
	reader := cellReader{}
	reader.fields(fmt.Sprintf("supervisions.%d.entries.%d", of-1, len(s.Entries)-1), parts, reflect.ValueOf(&s.Entries[len(s.Entries)-1]).Elem())
	v.problems = append(v.problems, reader.problems...)
}

// formatNewPerson writes a person that is to be made: the name, and behind it the
// offices.
func formatNewPerson(p *catalog.NewPerson) string {
	if p == nil {
		return ""
	}
	items := []string{escape(p.Name, partSeparators+itemSeparators)}
	for _, office := range p.Offices {
		items = append(items, escape(office, partSeparators+itemSeparators))
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
