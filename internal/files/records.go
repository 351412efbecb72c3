package files

import (
	"context"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// ExportRecords writes the records of a kind that the filter lets through.
func (f Files) ExportRecords(ctx context.Context, w io.Writer, kind catalog.RecordKind, format string, filter server.RecordFilter) error {
	names, err := export.ReadNames(ctx, f.Store, catalog.KindPerson, catalog.KindVenue, catalog.KindCase, catalog.KindProposal)
	if err != nil {
		return fmt.Errorf("export records: %w", err)
	}
	to, err := export.NewNamedWriter(w, export.Format(format), []catalog.RecordKind{kind}, names.Name)
	if err != nil {
		return fmt.Errorf("export records: %w", err)
	}
	if err := f.Store.ExportRecords(ctx, kind, store.RecordFilter(filter), to.Write); err != nil {
		return err
	}
	return to.Close()
}

// Figures writes what activities add up to, as a workbook.
func (f Files) Figures(ctx context.Context, w io.Writer, years []int) error {
	lines, err := f.Store.ActivityFigures(ctx, catalog.ActivityFilter{Years: years})
	if err != nil {
		return err
	}
	var ids []catalog.ID
	for _, l := range lines {
		if l.CommitteeID != nil {
			ids = append(ids, *l.CommitteeID)
		}
	}
	committees, err := f.Store.CommitteesByID(ctx, ids)
	if err != nil {
		return err
	}
	return export.WriteFigures(w, lines, func(id catalog.ID) string {
		if c := committees[id]; c != nil {
			return c.Name
		}
		return ""
	})
}

// firstWords is how much of a field a preview shows, in code points.
const firstWords = 40

// newPersons are the persons that an input makes: once it is put, it refers to them,
// and where that was a dry run, nobody is there.
type newPersons struct {
	mentions []catalog.PersonMention
	persons  []*catalog.NewPerson
	names    []string // once it is put
}

func newPersonsOf(in catalog.Input) (n newPersons) {
	for _, m := range catalog.NewPersons(in) {
		n.mentions, n.persons = append(n.mentions, m), append(n.persons, *m.New)
	}
	return n
}

// restore has the input make its persons again.
func (n *newPersons) restore() {
	n.names = n.names[:0]
	for i, m := range n.mentions {
		n.names = append(n.names, *m.Name)
		*m.Name, *m.New = "", n.persons[i]
	}
}

// replace has it refer to them.
func (n *newPersons) replace() {
	for i, m := range n.mentions {
		*m.Name, *m.New = n.names[i], nil
	}
}

// cellsOf returns what a record's fields say, in the words of a table's cells.
func cellsOf(in catalog.Input, name export.Namer) []server.ImportedField {
	list := []server.ImportedField{}
	for _, c := range export.Cells(in, name) {
		f := catalog.NounOf(in.Kind()).Field(c.Name)
		if f != nil && f.Head || c.Text == "" {
			continue
		}
		begins := catalog.Clip(c.Text, firstWords)
		list = append(list, server.ImportedField{Field: c.Name, Label: c.Label, Begins: begins, Length: utf8.RuneCountInString(c.Text)})
	}
	return list
}
