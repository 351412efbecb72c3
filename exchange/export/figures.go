package export

import (
	"fmt"
	"io"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// WriteFigures writes what activities add up to as a workbook of one sheet, a line a
// year and committee, which name calls. It is for reading: no import takes it.
func WriteFigures(w io.Writer, lines []*catalog.ActivityFigures, name func(catalog.ID) string) error {
	book := xlsx.NewWriter(w)
	columns := []xlsx.Column{{Title: "年份", Width: 10, Number: true}, {Title: "政协", Width: 30}}
	for _, title := range []string{"平台", "活动场所", "活动", "协商", "人次", "议题", "意见", "转化", "解决"} {
		columns = append(columns, xlsx.Column{Title: title, Width: 10, Number: true})
	}
	if err := book.Sheet("活动统计", columns, len(columns)); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	number := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	for _, l := range lines {
		committee := ""
		if l.CommitteeID != nil {
			committee = csv.GuardEnds(name(*l.CommitteeID))
		}
		err := book.Write([]string{
			number(l.Year), committee, number(&l.Platforms), number(&l.PlatformsUsed), number(&l.Activities), number(&l.Consultations),
			number(l.Participants), number(&l.Topics), number(l.Opinions), number(l.CarriedOver), number(l.Solved),
		})
		if err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	return book.Close()
}

// A Cell is what a record says in one column of a table.
type Cell struct{ Name, Label, Text string }

// Cells returns a record's cells, in the order of its kind's columns, with the names of
// what it refers to.
func Cells(in catalog.Input, name Namer) []Cell {
	columns, texts := column.Of(in.Kind()), column.Cells(WithNames(in, name))
	list := make([]Cell, len(columns))
	for i, c := range columns {
		list[i] = Cell{c.Name, c.Label, texts[i]}
	}
	return list
}
