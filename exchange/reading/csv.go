package reading

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/csv"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// readCSV reads a table of cases, or of what its column 类型 says.
func readCSV(_ context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		c, err := csv.NewReader(f.Reader)
		if err != nil {
			yield(Record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		place := Place{File: f.Name}
		if more, understood := readTable(place, catalog.KindCase, rowsOfCSV(c), yield); more && !understood {
			yield(Record{Place: place, Err: withoutHeader()}, nil)
		}
	}
}

func rowsOfCSV(c *csv.Reader) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r, err := range c.Rows() {
			next := row{number: r.Number, cells: r.Cells, err: r.Err, column: r.Column}
			var notText *text.Error
			if errors.As(r.Err, &notText) {
				next.err = notText.Problem
			}
			if !yield(next, err) {
				return
			}
		}
	}
}
