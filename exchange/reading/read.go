package reading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/text"
)

// File is one file of an import. Its name says, by its ending, how it is to be
// read: .jsonl, .ndjson and .json are JSON Lines, and so is a name without an
// ending, such as "-"; .csv, .tsv and .xlsx are tables, .docx is a case as
// committees write them, and so are .pdf, .ofd, .txt and .html as far as their text
// goes; LibreOffice reads older formats where it is installed, and .zip holds any
// of these.
type File struct {
	Name   string
	Reader io.Reader
	Size   int64 // in bytes, for the progress; 0 where it is not known

	// fromFolder says that nobody has named the file: one of a kind that is not
	// known is refused when its turn comes, not before anything begins.
	fromFolder bool
	// Keep keeps the file's bytes and names them; nil where nobody wants them.
	Keep func(name string, content []byte) (string, error)
}

// Record is what a reader finds at one place of a file: an input, or why it is
// none.
type Record struct {
	Place Place
	Input catalog.Input
	Size  int // in bytes, of the text that it was read from
	Err   error
	// Note says that err tells of something that was left out of the file, and
	// that no record is refused by it.
	Note bool
	// Columns are the cells of a table's row from which the fields of input
	// come, by the field's name; nil where the file is no table.
	Columns map[string]int

	// Made says that the slug was made from title and committee.
	Made bool
	// Lenient says that a reference which nobody knows is left out, and the record
	// is taken.
	Lenient bool
	// places are where the fields of a form or a document stand, by name.
	places map[string]Place

	// Original names the kept bytes of the file, "" where there are none.
	Original string

	// Behind says that the record was put off not for itself but because an
	// earlier version of it was.
	Behind bool
}

// Reader returns the records of one file in order. The error is for a file that
// cannot be read on; a place that is no input is a record with an err. ctx ends
// what other programs do for it.
type Reader func(ctx context.Context, f File) iter.Seq2[Record, error]

// readers are the kinds of files that are known, by the ending of their names,
// but for .zip, which holds files of these kinds.
var readers = map[string]Reader{
	"": readJSONL, ".jsonl": readJSONL, ".ndjson": readJSONL, ".json": readJSONL,
	".csv": readCSV, ".tsv": readCSV,
	".xlsx": readXLSX, ".xlsm": readXLSX, ".xltx": readXLSX, ".xltm": readXLSX,
	".docx": readDOCX, ".docm": readDOCX, ".dotx": readDOCX, ".dotm": readDOCX,
	".pdf": readPDF, ".ofd": readOFD, ".txt": readText, ".text": readText, ".html": readHTML, ".htm": readHTML,
}

// ReaderOf chooses the reader of a file. One of a kind that is not known is refused
// when its turn comes, and the others are read.
func ReaderOf(f File) Reader {
	if f.Keep != nil && !strings.EqualFold(path.Ext(f.Name), ".zip") {
		keep := f.Keep
		f.Keep = nil
		return keepingBy(keep, ReaderOf(f))
	}
	ending := strings.ToLower(path.Ext(f.Name))
	switch r, ok := readers[ending]; {
	case ending == ".zip":
		return readZIP
	case f.fromFolder && (ending == "" || isClutter(path.Base(f.Name))):
		return readUnread
	case ok:
		return r
	case canBeConverted(f.Name):
		return readConverted
	}
	return readUnread
}

// IsJSONL reports whether a file is read as JSON Lines.
func IsJSONL(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case "", ".jsonl", ".ndjson", ".json":
		return true
	}
	return false
}

// readJSONL reads JSON Lines: an input a line, empty lines between them.
func readJSONL(_ context.Context, f File) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		lines, err := text.NewLines(f.Reader)
		if err != nil {
			yield(Record{}, fmt.Errorf("read %s: %w", f.Name, err))
			return
		}
		for {
			line, err := lines.Next()
			r := Record{Place: Place{File: f.Name, Line: lines.Number()}, Size: len(line)}
			var refused *jsonl.DecodeError
			var notText *text.Error
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &notText):
				r.Err = &jsonl.DecodeError{Column: notText.Column, Problems: catalog.Problems{notText.Problem}}
			case err != nil:
				yield(Record{}, fmt.Errorf("read %s behind line %d: %w", f.Name, lines.Number(), err))
				return
			case len(bytes.TrimSpace(line)) == 0:
				continue
			default:
				r.Input, r.Err = jsonl.Decode(line)
			}
			if errors.As(r.Err, &refused) {
				r.Place.Column = refused.Column
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}
