package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// merges are the cells of a sheet that are merged with ones below them, in the
// order of their first rows. As the rows come, those that have begun and not
// ended are kept, so that the time is that of the cells which get a text.
type merges struct {
	waiting []merge
	active  []merge
	filled  int
}

// merge is one range of cells, from 1, both ends in it.
type merge struct {
	column      int
	top, bottom int
	text        string
}

// readMerges reads a sheet's merged cells, which stand behind its rows.
func readMerges(part *zip.File) (*merges, error) {
	content, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = content.Close() }() // it was only read
	m := &merges{}
	behind, err := skipTo(bufio.NewReaderSize(content, 64<<10), "mergeCells")
	if err != nil || behind == nil {
		return m, err
	}
	tokens := xml.NewDecoder(behind)
	for {
		t, err := tokens.RawToken()
		if err != nil {
			break // what follows is of no interest, and Rows says where a sheet is broken
		}
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "mergeCells" {
			break
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			m.add(archive.Attribute(e, "ref"))
		}
	}
	slices.SortFunc(m.waiting, func(a, b merge) int { return a.top - b.top })
	return m, nil
}

// skipTo returns what follows the first tag of a name, nil where there is none.
// It reads bytes and no XML, since most of a sheet is its rows.
func skipTo(r *bufio.Reader, name string) (io.Reader, error) {
	for {
		_, err := r.ReadSlice('<')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil, nil //nolint:nilnil // there is no such tag
		case err != nil:
			return nil, err
		}
		head, _ := r.Peek(len(name) + 24)
		if at := strings.Index(string(head), name); at >= 0 && !strings.ContainsAny(string(head[:at]), " />") && (at == 0 || head[at-1] == ':') {
			return io.MultiReader(strings.NewReader("<"), r), nil
		}
	}
}

func (m *merges) add(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return
	}
	top, bottom := rowOf(from), rowOf(to)
	if column := columnOf(from); column > 0 && top > 0 && bottom > top {
		m.waiting = append(m.waiting, merge{column: column, top: top, bottom: min(bottom, maxRows)})
	}
}

func rowOf(cell string) int {
	n, err := strconv.Atoi(strings.TrimLeft(strings.ToUpper(cell), "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))
	if err != nil {
		return 0
	}
	return n
}

// fill puts the texts of merged cells into the rows below them. Side by side they
// are one column's title or one text, and only the first has it.
func (m *merges) fill(row *Row) {
	kept := m.active[:0]
	for _, a := range m.active {
		if a.bottom < row.Number {
			continue
		}
		kept = append(kept, a)
		if a.column <= len(row.Cells) && row.Cells[a.column-1] != "" || m.filled >= maxFilled {
			continue
		}
		m.filled++
		row.set(a.column, a.text)
		for len(row.Merged) < a.column {
			row.Merged = append(row.Merged, false)
		}
		row.Merged[a.column-1] = true
	}
	m.active = kept
	for len(m.waiting) > 0 && m.waiting[0].top <= row.Number {
		w := m.waiting[0]
		m.waiting = m.waiting[1:]
		if w.top == row.Number && w.column <= len(row.Cells) && row.Cells[w.column-1] != "" {
			w.text = row.Cells[w.column-1]
			m.active = append(m.active, w)
		}
	}
}
