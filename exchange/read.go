package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// File is one file of an import. Its name says, by its ending, how it is to be
// read: .jsonl, .ndjson and .json are JSON Lines, and so is a name without an
// ending, such as "-"; .csv, .tsv and .xlsx are tables, .docx is a case as
// committees write them, and .zip holds any of these.
type File struct {
	Name   string
	Reader io.Reader
	Size   int64 // in bytes, for the progress; 0 where it is not known

	// fromFolder says that nobody has named the file: one of a kind that is not
	// known is refused when its turn comes, not before anything begins.
	fromFolder bool
}

// record is what a reader finds at one place of a file: an input, or why it is
// none.
type record struct {
	place Place
	input catalog.Input
	size  int // in bytes, of the text that it was read from
	err   error
	// note says that err tells of something that was left out of the file, and
	// that no record is refused by it.
	note bool
	// columns are the cells of a table's row from which the fields of input
	// come, by the field's name; nil where the file is no table.
	columns map[string]int

	// behind says that the record was put off not for itself but because an
	// earlier version of it was.
	behind bool
}

// reader gives the records of one file in order. The error is for a file that
// cannot be read on; a place that is no input is a record with an err.
type reader func(f File) iter.Seq2[record, error]

// readers are the kinds of files that are known, by the ending of their names,
// but for .zip, which holds files of these kinds.
var readers = map[string]reader{
	"": readJSONL, ".jsonl": readJSONL, ".ndjson": readJSONL, ".json": readJSONL,
	".csv": readCSV, ".tsv": readCSV, ".xlsx": readXLSX, ".docx": readDOCX,
}

// readerOf chooses the reader of a file.
func readerOf(f File) (reader, error) {
	ending := strings.ToLower(path.Ext(f.Name))
	if ending == ".zip" {
		return readZIP, nil
	}
	r, ok := readers[ending]
	switch {
	case f.fromFolder && (!ok || ending == "" || isClutter(path.Base(f.Name))):
		return readUnknown, nil
	case ok:
		return r, nil
	}
	known := append(slices.Sorted(maps.Keys(readers))[1:], ".zip")
	return nil, &catalog.Error{
		Kind: catalog.KindInvalid,
		Path: f.Name,
		Zh:   "不能读取这种文件，可用：" + strings.Join(known, "、"),
		En:   "files of this kind cannot be read; there are " + strings.Join(known, ", "),
	}
}

// readJSONL reads JSON Lines: an input a line, empty lines between them.
func readJSONL(f File) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		lines, err := text.NewLines(f.Reader)
		if err != nil {
			yield(record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		for {
			line, err := lines.Next()
			r := record{place: Place{File: f.Name, Line: lines.Number()}, size: len(line)}
			var refused *DecodeError
			var notText *text.Error
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &notText):
				r.err = &DecodeError{Column: notText.Column, Problems: catalog.Problems{notText.Problem}}
			case err != nil:
				yield(record{}, fmt.Errorf("read %s behind line %d: %w", f.Name, lines.Number(), err))
				return
			case len(bytes.TrimSpace(line)) == 0:
				continue
			default:
				r.input, r.err = Decode(line)
			}
			if errors.As(r.err, &refused) {
				r.place.Column = refused.Column
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}
