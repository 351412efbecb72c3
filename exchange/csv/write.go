package csv

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Writer writes rows behind a byte order mark, without which Excel does not show
// Chinese. It is for one goroutine.
type Writer struct{ w *bufio.Writer }

// NewWriter begins a table.
func NewWriter(w io.Writer) (*Writer, error) {
	c := &Writer{bufio.NewWriterSize(w, 64<<10)}
	if _, err := c.w.WriteString("\uFEFF"); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return c, nil
}

// Write writes a row.
func (c *Writer) Write(cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			_ = c.w.WriteByte(',') // the last write of the row tells of an error
		}
		if strings.ContainsAny(cell, ",\"\r\n\t;") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		_, _ = c.w.WriteString(cell)
	}
	if _, err := c.w.WriteString("\r\n"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// Close writes what is buffered. It does not close the io.Writer.
func (c *Writer) Close() error {
	if err := c.w.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// guardedFirst are the characters at the beginning of a cell that make a
// spreadsheet take it for a formula, in both widths, and the apostrophe itself.
const guardedFirst = "=+-@＝＋－＠'"

// Guard makes a cell harmless to spreadsheets, which take a text that begins with
// =, +, - or @ for a formula: an apostrophe goes before it. Spaces at the ends,
// which people add without seeing them and which reading takes off, are kept in
// the same way.
func Guard(cell string) string {
	if guarded(cell) {
		return "'" + cell
	}
	return cell
}

// GuardEnds is Guard for a cell whose type is text, which no spreadsheet takes for a
// formula: only an apostrophe of its own and spaces at its ends need one.
func GuardEnds(cell string) string {
	if strings.HasPrefix(cell, "'") || strings.TrimSpace(cell) != cell {
		return "'" + cell
	}
	return cell
}

// Unguard returns the text of a cell that Guard has written, and any other
// without the spaces at its ends.
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && guarded(rest) {
		return rest
	}
	return strings.TrimSpace(cell)
}

func guarded(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	return cell != "" && (strings.ContainsRune(guardedFirst, first) || strings.TrimSpace(cell) != cell)
}
