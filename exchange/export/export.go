package export

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/jisiguangyi/jisi/catalog"
)

// Exporter is where records are exported from: it yields every record of the
// kinds, kind by kind in the order given and by slug within one, all as of one
// moment, and stops at yield's first error and returns it.
type Exporter interface {
	Export(ctx context.Context, kinds []catalog.RecordKind, yield func(catalog.Input) error) error
}

// Format is a kind of file that records are written to.
type Format string

// The formats. A DOCX holds one case; see WriteDOCX.
const (
	FormatJSONL Format = "jsonl"
	FormatCSV   Format = "csv"
	FormatXLSX  Format = "xlsx"
)

// Formats are all of them.
var Formats = []Format{FormatJSONL, FormatCSV, FormatXLSX}

// ContentType is the media type of the format, as HTTP names it.
func (f Format) ContentType() string {
	switch f {
	case FormatCSV:
		return "text/csv; charset=utf-8"
	case FormatXLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/x-ndjson"
}

// RecordWriter writes records to a file, one by one. What it has written comes
// back by an import without a difference. It is for one goroutine; after an
// error of Write the file is of no use.
type RecordWriter interface {
	// Write writes one record, of one of the kinds that the writer was made for.
	Write(in catalog.Input) error
	// Close writes what ends the file. It does not close the io.Writer.
	Close() error
}

// NewRecordWriter begins a file of the format, for records of these kinds (none
// are all), which come in any order but for XLSX, where those of one kind come
// together. Each goes to w as it comes: memory does not grow with their number, and
// the same records make the same bytes.
//
// A table has a column for each field. The rows of a CSV of cases alone are
// cases; where there are other kinds, the column 类型 says what a row is. An
// XLSX has a sheet for each kind.
func NewRecordWriter(w io.Writer, f Format, kinds []catalog.RecordKind) (RecordWriter, error) {
	if len(kinds) == 0 {
		kinds = catalog.RecordKinds
	}
	for _, k := range kinds {
		if !k.Valid() {
			return nil, catalog.Invalid("kind", "没有“"+catalog.Clipped(string(k))+"”这一类记录", "there is no kind "+catalog.Quoted(string(k)))
		}
	}
	switch f {
	case FormatJSONL:
		return newJSONLWriter(w), nil
	case FormatCSV:
		return newCSVWriter(w, kinds)
	case FormatXLSX:
		return newXLSXWriter(w, kinds), nil
	}
	return nil, catalog.Invalid("format", "没有“"+catalog.Clipped(string(f))+"”这种格式，可用：jsonl、csv、xlsx", "there is no format "+catalog.Quoted(string(f))+"; there are jsonl, csv and xlsx")
}

// NewNamedWriter is NewRecordWriter for people: what records refer to stands there
// by its name where that is a name of one record only, which an import finds again.
func NewNamedWriter(w io.Writer, f Format, kinds []catalog.RecordKind, name Namer) (RecordWriter, error) {
	to, err := NewRecordWriter(w, f, kinds)
	if err != nil || f == FormatJSONL {
		return to, err
	}
	return &namedWriter{to, name}, nil
}

type namedWriter struct {
	RecordWriter
	name Namer
}

// Write writes a record with names in the place of slugs, which it has again after: a
// copy of each record took a quarter of an export's time.
func (n *namedWriter) Write(in catalog.Input) error {
	for _, ref := range in.References() {
		slug := *ref.Name
		if called := n.name(ref.Kind, slug); called != "" {
			*ref.Name = called
			defer func() { *ref.Name = slug }()
		}
	}
	return n.RecordWriter.Write(in)
}

// Write writes all records of these kinds (none are all) to w and returns their
// number. It stops at the first error of from, of a record, or of w.
func Write(ctx context.Context, w io.Writer, from Exporter, f Format, kinds []catalog.RecordKind) (int, error) {
	if len(kinds) == 0 {
		kinds = slices.Clone(catalog.RecordKinds)
	}
	to, err := NewRecordWriter(w, f, kinds)
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	if len(kinds) == 1 && kinds[0] == catalog.KindCase && f != FormatJSONL { // what people read
		names, err := ReadNames(ctx, from)
		if err != nil {
			return 0, fmt.Errorf("export: %w", err)
		}
		to = &namedWriter{to, names.Name}
	}
	n := 0
	err = from.Export(ctx, kinds, func(in catalog.Input) error {
		if err := to.Write(in); err != nil {
			return err
		}
		n++
		return nil
	})
	if closing := to.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return n, fmt.Errorf("export: record %d: %w", n+1, err)
	}
	return n, nil
}
