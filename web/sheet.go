package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
)

// sheet is a table of figures: shown on a page, drawn as a chart by charts.js,
// which reads it from the page, and written as CSV.
type sheet struct {
	Name  string // of its element, and of its CSV file
	Title string
	Chart string // how charts.js draws it: heat, bars, lines, net or flow; "" for not at all
	Head  []string
	Rows  [][]cell
	Class string // of its table, where it looks like no other
	Note  string
	CSV   string // the address of its CSV
	SVG   string // the address of its picture, "" where it has no chart

	Define                      string // what its figures count
	scope, warning, source, day string // what its picture says besides; see pictured
}

// cell is one place of a sheet.
type cell struct {
	Text   string
	Number bool
	Shade  int    // of its background where the sheet is a heat map
	URL    string // where the records are that it counts, "" where nowhere
}

func words(s string) cell { return cell{Text: s} }
func figure(n int) cell   { return cell{Text: strconv.Itoa(n), Number: true} }

func decimal(v any) cell {
	f, ok := v.(float64)
	if !ok {
		return figure(whole(v))
	}
	return cell{Text: strconv.FormatFloat(f, 'f', 3, 64), Number: true}
}

// writeCSV sends a sheet as a file that Excel takes for UTF-8. madeUp says that
// its figures count records that a generator made, which the file must say too.
func writeCSV(w http.ResponseWriter, s sheet, madeUp bool) {
	name, head := s.Name, append([]string(nil), s.Head...)
	if madeUp {
		name += "-synthetic"
		head[0] += "（含合成数据）"
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="jisi-`+name+`.csv"`)
	h.Set("Cache-Control", "no-cache")
	var b strings.Builder
	b.WriteString("\uFEFF")
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	lines := [][]string{head}
	for _, row := range s.Rows {
		line := make([]string, len(row))
		for i, cell := range row {
			line[i] = cell.Text
			if !cell.Number {
				line[i] = noFormula(cell.Text)
			}
		}
		lines = append(lines, line)
	}
	_ = c.WriteAll(lines) // a Builder takes everything
	_, _ = w.Write([]byte(b.String()))
}

// noFormula keeps a spreadsheet from running a text as a formula.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
