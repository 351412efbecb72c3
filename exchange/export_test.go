package exchange

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
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
		if n, err := Export(t.Context(), io.Discard, e, format, []catalog.RecordKind{catalog.KindCase}); err != nil || n != e.count {
			t.Fatalf("%s: %d, %v", format, n, err)
		}
		if e.peak > before+most {
			t.Errorf("%s: %d bytes in use, %d before", format, e.peak, before)
		}
	}
}
