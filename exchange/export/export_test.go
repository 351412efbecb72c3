package export

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/cell"
	"github.com/jisiguangyi/jisi/exchange/column"
)

// endless is an Exporter of so many large cases, made one by one, that watches
// how much memory is in use.
type endless struct {
	count int
	peak  uint64
}

func (e *endless) Export(_ context.Context, _ []catalog.RecordKind, yield func(catalog.Input) error) error {
	text := strings.Repeat("协商文字。", 2_000)
	for i := range e.count {
		in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("k%d", i)}, Title: "案例", Background: text + fmt.Sprint(i)}
		if err := yield(in); err != nil {
			return err
		}
		if i%500 == 0 {
			e.peak = max(e.peak, inUse())
		}
	}
	e.peak = max(e.peak, inUse())
	return nil
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestMemoryOfAnExportDoesNotGrowWithIt(t *testing.T) {
	const most = 8 << 20 // where the records are 90 MB of text
	for _, format := range Formats {
		before := inUse()
		e := &endless{count: 3_000}
		if n, err := Write(t.Context(), io.Discard, e, format, []catalog.RecordKind{catalog.KindCase}); err != nil || n != e.count {
			t.Fatalf("%s: %d, %v", format, n, err)
		}
		if e.peak > before+most {
			t.Errorf("%s: %d bytes in use, %d before", format, e.peak, before)
		}
	}
}

// Who opens a workbook is told what each part of a cell is, part for part as cells are
// read.
func TestAWorkbookSaysWhatStandsInItsCells(t *testing.T) {
	kinds := []catalog.RecordKind{catalog.KindProposal, catalog.KindCase, catalog.KindEvaluation}
	var b bytes.Buffer
	w, err := NewRecordWriter(&b, FormatXLSX, kinds)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []catalog.Input{
		&catalog.ProposalInput{InputMeta: catalog.InputMeta{Slug: "t"}, Title: "关于灯的提案", Supervisions: []catalog.SupervisionInput{{Office: "主席会议"}}},
		&catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: "k"}, Title: "灯"},
	} {
		if err := w.Write(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if diff := cmp.Diff([]string{"提案", "案例", column.HelpSheet}, book.GetSheetList()); diff != "" {
		t.Fatal(diff)
	}
	rows, err := book.GetRows(column.HelpSheet)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, row := range rows[1 : len(rows)-1] {
		said[row[0]+" "+row[1]] = row[2]
	}
	for _, kind := range kinds[:2] {
		columns := column.Of(kind)
		for i := range columns {
			c := &columns[i]
			how, ok := said[kind.Label()+" "+c.Label]
			if several := c.Step == "" && c.Type != nil && c.Type.Kind() == reflect.Slice; ok != several {
				t.Errorf("%s %s: several values %v, told %v", kind, c.Name, several, ok)
				continue
			}
			if !ok || c.Type.Elem().Kind() != reflect.Struct {
				continue
			}
			parts := len(cell.Parts(c.Type.Elem()))
			if c.Name == cell.SupervisionEntries {
				parts++ // of which supervision
			}
			if got := strings.Count(how, cell.BetweenParts) + 1; got != parts {
				t.Errorf("%s %s is told with %d parts, and read with %d: %s", kind, c.Name, got, parts, how)
			}
		}
	}
}
