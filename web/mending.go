package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
)

// importCard is one record of an import's preview, in a form of its own fields.
type importCard struct {
	ImportedRecord
	Notes []ImportRefusal // what was left out of its file, or of its row
	Said  []ImportRefusal // what else is said of them
	// Fields are those in which something stands, Empty those that can be filled.
	Fields, Empty []mendField
	// General are what is wrong with the record as a whole.
	General []string
}

// mendField is a field of a record that can be mended before it comes in.
type mendField struct {
	ImportedField
	ID, Input string // the id and the name of the form's field
	Value     string
	Rows      int
	Errors    []string
	Moves     string // the name of the choice where its text belongs; "" where it cannot be moved
	To        []moveTo
}

// moveTo is a part to which a text can be moved.
type moveTo struct{ Name, Label string }

// movable are the parts between which texts can be moved, in their order.
var movable = []string{"summary", "background", "approach", "results", "lessons", "unplaced"}

// maxRows is the most lines of a text that its field shows at once.
const maxRows = 14

// importCards makes the cards of a report, with the notes of the files beside the
// records that they are about. A note that is about no record that is listed goes to
// the last card, which has no record. written is what somebody has written in the
// fields.
func importCards(report *ImportReport, mend bool, written map[int]map[string]string) []importCard {
	cards := make([]importCard, 0, len(report.Records)+1)
	told := make([]bool, len(report.Refusals))
	type sheet struct{ file, sheet string }
	records := map[sheet]int{}
	for _, r := range report.Records {
		records[sheet{r.File, r.Sheet}]++
	}
	for _, r := range report.Records {
		c := importCard{ImportedRecord: r}
		for i, note := range report.Refusals {
			if note.Note && note.File == r.File && note.Sheet == r.Sheet && (r.Line == note.Line || records[sheet{r.File, r.Sheet}] == 1) {
				told[i] = true
				c.tell(note)
			}
		}
		for _, p := range report.Problems {
			if p.Record == r.Record && !c.has(p.Field) {
				c.General = append(c.General, p.Text)
			}
		}
		if mend {
			c.fill(report.Problems, written[r.Record])
		}
		cards = append(cards, c)
	}
	var rest importCard
	rest.Record = -1
	for i, note := range report.Refusals {
		if note.Note && !told[i] {
			rest.tell(note)
		}
	}
	if len(rest.Notes)+len(rest.Said) > 0 {
		cards = append(cards, rest)
	}
	for i := range cards {
		slices.SortStableFunc(cards[i].Notes, byPlace)
		slices.SortStableFunc(cards[i].Said, byPlace)
	}
	return cards
}

// tell adds a note.
func (c *importCard) tell(note ImportRefusal) {
	if note.LeftOut() {
		c.Notes = append(c.Notes, note)
	} else {
		c.Said = append(c.Said, note)
	}
}

// byPlace orders what is told of files by where it stands in each: files and sheets stay
// in their order.
func byPlace(a, b ImportRefusal) int {
	if a.File != b.File || a.Sheet != b.Sheet {
		return 0
	}
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func (c *importCard) has(name string) bool {
	return slices.ContainsFunc(c.Understood, func(f ImportedField) bool { return f.Name == name && f.Text != nil })
}

// fill makes the fields of the card's form.
func (c *importCard) fill(problems []RecordProblem, written map[string]string) {
	for _, f := range c.Understood {
		if f.Text == nil {
			continue
		}
		m := mendField{ImportedField: f, Value: *f.Text, Input: fmt.Sprintf("r.%d.%s", c.Record, f.Name)}
		m.ID = "f-" + strings.ReplaceAll(m.Input, ".", "-")
		if f.Prose {
			m.Rows = min(maxRows, max(2, rowsOf(m.Value)))
		}
		if slices.Contains(movable, f.Name) && m.Value != "" {
			m.Moves = fmt.Sprintf("to.%d.%s", c.Record, f.Name)
			for _, to := range movable {
				if to != f.Name {
					m.To = append(m.To, moveTo{to, catalog.FieldLabel(catalog.KindCase, to)})
				}
			}
		}
		for _, p := range problems {
			if p.Record == c.Record && p.Field == f.Name {
				m.Errors = append(m.Errors, strings.TrimSuffix(p.Text, "；没有导入"))
				if text, ok := written[f.Name]; ok {
					m.Value = text
				}
			}
		}
		if m.Value == "" && len(m.Errors) == 0 {
			c.Empty = append(c.Empty, m)
		} else {
			c.Fields = append(c.Fields, m)
		}
	}
}

// rowsOf returns how many lines a text takes where each has so many characters.
func rowsOf(text string) int {
	const width = 45
	rows := 0
	for line := range strings.SplitSeq(text, "\n") {
		rows += max(1, (utf8.RuneCountInString(line)+width-1)/width)
	}
	return rows
}

// EmptyLabels names the fields in which nothing stands.
func (c *importCard) EmptyLabels() string {
	labels := make([]string, len(c.Empty))
	for i, f := range c.Empty {
		labels[i] = f.Label
	}
	return strings.Join(labels, "、")
}

// readMended reads the form of a preview: the texts of the fields, moved where
// somebody has said so, and the records that are not wanted.
func readMended(values url.Values) Bringing {
	b := Bringing{Mended: map[int]map[string]string{}, Dropped: map[int]bool{}}
	moves := map[int]map[string]string{}
	put := func(all map[int]map[string]string, record int, field, value string) {
		if all[record] == nil {
			all[record] = map[string]string{}
		}
		all[record][field] = value
	}
	for name, value := range values {
		parts := strings.SplitN(name, ".", 3)
		if len(parts) < 2 {
			continue
		}
		record, err := strconv.Atoi(parts[1])
		if err != nil {
			continue
		}
		switch {
		case parts[0] == "drop":
			b.Dropped[record] = true
		case len(parts) < 3:
		case parts[0] == "r":
			put(b.Mended, record, parts[2], clean(value[0]))
		case parts[0] == "to" && slices.Contains(movable, value[0]):
			put(moves, record, parts[2], value[0])
		}
	}
	for record, to := range moves {
		move(b.Mended[record], to)
	}
	return b
}

// move moves the texts of parts, each to the end of what else comes to its new part,
// in the order of the parts.
func move(texts, to map[string]string) {
	if texts == nil {
		return
	}
	moved := map[string][]string{}
	for _, stayed := range []bool{true, false} { // what a part has comes first
		for _, part := range movable {
			at, text := part, texts[part]
			if wanted, ok := to[part]; ok {
				at = wanted
			}
			if text != "" && (at == part) == stayed {
				moved[at] = append(moved[at], text)
			}
		}
	}
	for _, part := range movable {
		if _, had := texts[part]; had || len(moved[part]) > 0 {
			texts[part] = strings.Join(moved[part], "\n")
		}
	}
}
