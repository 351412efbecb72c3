package export

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// Numbers of a workbook are numbers, with which a spreadsheet counts; what only looks like
// one, a name or a number of a proposal, is text.
func TestWorkbooksHaveNumbersAsNumbers(t *testing.T) {
	year, some, none := 2025, 1234, 0
	committee := catalog.ID(7)
	open := func(write func(*bytes.Buffer) error) (*excelize.File, string) {
		t.Helper()
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = book.Close() })
		return book, book.GetSheetName(0)
	}
	figures, sheet := open(func(b *bytes.Buffer) error {
		return WriteFigures(b, []*catalog.ActivityFigures{{Year: &year, CommitteeID: &committee, Platforms: 3, Participants: &some, Solved: &none}}, func(catalog.ID) string { return "12" })
	})
	for cell, want := range map[string]struct {
		value string
		typ   excelize.CellType
	}{
		"A2": {"2025", excelize.CellTypeUnset}, "B2": {"12", excelize.CellTypeInlineString}, "C2": {"3", excelize.CellTypeUnset},
		"G2": {"1234", excelize.CellTypeUnset}, "I2": {"", excelize.CellTypeUnset}, "K2": {"0", excelize.CellTypeUnset}, "A1": {"年份", excelize.CellTypeInlineString},
	} {
		value, err := figures.GetCellValue(sheet, cell)
		typ, errType := figures.GetCellType(sheet, cell)
		if err != nil || errType != nil || value != want.value || typ != want.typ {
			t.Errorf("%s is %q of type %v (%v, %v), want %+v", cell, value, typ, err, errType, want)
		}
	}
	in := &catalog.ProposalInput{InputMeta: catalog.InputMeta{Slug: "2025"}, Title: "2025", Number: "007", Year: &year}
	records, sheet := open(func(b *bytes.Buffer) error {
		x := newXLSXWriter(b, []catalog.RecordKind{catalog.KindProposal})
		if err := x.Write(in); err != nil {
			return err
		}
		return x.Close()
	})
	for i, c := range column.Of(catalog.KindProposal) {
		at, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		value, err := records.GetCellValue(sheet, at)
		typ, errType := records.GetCellType(sheet, at)
		if err != nil || errType != nil {
			t.Fatal(err, errType)
		}
		want := map[string]string{"title": "2025", "number": "007", "slug": "2025", "year": "2025"}[c.Name]
		if want != "" && (value != want || (typ == excelize.CellTypeUnset) != (c.Name == "year")) {
			t.Errorf("%s is %q of type %v", c.Name, value, typ)
		}
	}
}
