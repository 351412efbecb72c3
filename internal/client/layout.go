package client

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	tables "github.com/jisiguangyi/jisi/exchange/csv"
)

// WriteCSV writes the table as exports are: RFC 4180 behind a byte order mark,
// without which Excel does not show Chinese, and no cell that a spreadsheet takes
// for a formula.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	_ = c.Write(t.Columns) // Error tells below
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = tables.Guard(cell)
		}
		_ = c.Write(cells)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// maxWidth is how wide a column of the table for terminals gets.
const maxWidth = 48

// WriteText writes the table for a terminal, a line a row: columns stand below
// each other, Chinese characters being two wide, and longer cells are cut.
func (t *Table) WriteText(w io.Writer) error {
	rows := append([][]string{t.Columns}, t.Rows...)
	widths := make([]int, len(t.Columns))
	for r, row := range rows {
		cut := make([]string, len(row))
		for i, cell := range row {
			cut[i] = clip(plain(cell), maxWidth)
			widths[i] = max(widths[i], widthOf(cut[i]))
		}
		rows[r] = cut
	}
	b := bufio.NewWriter(w)
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-widthOf(cell)+2))
		}
		_, _ = b.WriteString(strings.TrimRight(line.String(), " ") + "\n") // Flush tells of an error
	}
	return b.Flush()
}

// plain keeps a cell on its line, and terminals from being told anything by it.
func plain(cell string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, cell)
}

// clip cuts a text to a width, a … at its end.
func clip(text string, most int) string {
	if widthOf(text) <= most {
		return text
	}
	n := 1 // of the …
	for i, r := range text {
		if n += runeWidth(r); n > most {
			return text[:i] + "…"
		}
	}
	return text
}

func widthOf(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
