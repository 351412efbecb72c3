package export

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// xlsxWriter writes a workbook with a sheet a kind, and another where a sheet is
// full.
type xlsxWriter struct {
	book    *xlsx.Writer
	kind    catalog.RecordKind
	columns []column.Column
	sheets  map[catalog.RecordKind]int
	empty   catalog.RecordKind // of the sheet where nothing is written
}

func newXLSXWriter(w io.Writer, kinds []catalog.RecordKind) *xlsxWriter {
	empty := catalog.KindCase
	if len(kinds) == 1 {
		empty = kinds[0]
	}
	return &xlsxWriter{book: xlsx.NewWriter(w), sheets: map[catalog.RecordKind]int{}, empty: empty}
}

// Write writes a record as a row, and what of it is longer than a cell into rows
// below, which ditto marks.
func (x *xlsxWriter) Write(in catalog.Input) error {
	if err := jsonl.CheckUTF8(in); err != nil {
		return err
	}
	if x.kind != in.Kind() || x.book.Rows() > xlsx.MaxSheetRows {
		if err := x.sheet(in.Kind()); err != nil {
			return err
		}
	}
	pieces := make([][]string, len(x.columns))
	most := 1
	for i, cell := range column.Cells(in) {
		pieces[i] = xlsx.Cut(cell, xlsx.MaxCell)
		most = max(most, len(pieces[i]))
	}
	for n := range most {
		cells := make([]string, len(x.columns))
		for i, p := range pieces {
			switch {
			case x.columns[i].Name == "slug" && n > 0:
				cells[i] = column.Ditto
			case n < len(p):
				cells[i] = csv.GuardEnds(p[n])
			}
		}
		if err := x.book.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (x *xlsxWriter) sheet(kind catalog.RecordKind) error {
	x.sheets[kind]++
	name := kind.Label()
	if n := x.sheets[kind]; n > 1 {
		name += fmt.Sprint(n)
	}
	x.kind, x.columns = kind, column.Of(kind)
	list := make([]xlsx.Column, len(x.columns))
	for i, c := range x.columns {
		list[i] = xlsx.Column{Title: c.Label, Width: columnWidth(&c), Number: c.Shape == catalog.ShapeCount || c.Shape == catalog.ShapeYear || c.Shape == catalog.ShapeNumber}
	}
	return x.book.Sheet(name, list, len(column.Leading[kind]))
}

// columnWidth is in characters.
func columnWidth(c *column.Column) float64 {
	switch {
	case c.Name == "title":
		return 36
	case c.Shape == catalog.ShapeDate, c.Shape == catalog.ShapeYear, c.Name == "region":
		return 12
	case c.IsText():
		return 48
	case c.Shape == catalog.ShapeEntry:
		return 30
	}
	return 16
}

// Close ends the workbook, which has a sheet with no rows where nothing was written,
// with a sheet that says how its cells are written.
func (x *xlsxWriter) Close() error {
	if x.kind == "" {
		if err := x.sheet(x.empty); err != nil {
			return err
		}
	}
	if err := x.help(); err != nil {
		return err
	}
	return x.book.Close()
}

// help says what stands in which part of a cell that has several: 督办人台账0｜｜2025｜2
// tells nobody. An import passes the sheet over.
func (x *xlsxWriter) help() error {
	var rows [][]string
	for _, kind := range catalog.RecordKinds {
		if x.sheets[kind] == 0 {
			continue
		}
		columns := column.Of(kind)
		for i := range columns {
			if how := cellHelp(kind, &columns[i]); how != "" {
				rows = append(rows, []string{kind.Label(), columns[i].Label, how})
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := x.book.Sheet(column.HelpSheet, []xlsx.Column{{Title: "表", Width: 14}, {Title: "列", Width: 20}, {Title: "格内怎么写", Width: 100}}, 0); err != nil {
		return err
	}
	for _, row := range append(rows, []string{"", "", cellsHelp}) {
		if err := x.book.Write(row); err != nil {
			return err
		}
	}
	return nil
}

// cellHelp says how a column's cells are written that hold a list, "" for any other.
func cellHelp(kind catalog.RecordKind, c *column.Column) string {
	if c.Step != "" || c.Type == nil || c.Type.Kind() != reflect.Slice {
		return ""
	}
	entry := c.Type.Elem()
	if entry.Kind() != reflect.Struct {
		return "可写多个，用“；”隔开或各占一行。"
	}
	path := c.Name
	if c.Name == cell.Replies {
		path = "events"
	}
	var parts []string
	for _, m := range cell.Parts(entry) {
		f := catalog.FieldAt(kind, path+"."+m.Name)
		if f == nil {
			continue
		}
		label := f.Label.Zh
		if m.Type.Kind() == reflect.Slice {
			label += "（多个用“、”隔开）"
		}
		parts = append(parts, label)
	}
	if c.Name == cell.SupervisionEntries {
		parts = append(parts, "属于第几项督办（第 1 项不写）")
	}
	return "每行一项：" + strings.Join(parts, cell.BetweenParts) + "。没有的部分留空，末尾的可不写。"
}
