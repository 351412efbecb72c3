package exchange

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// memory is a Sink that keeps records as their lines, so that tests can see
// what an import put where. It knows slugs only.
type memory struct {
	records map[key]string
	actor   catalog.Actor
	puts    []int // sizes of the batches
	begun   int
	ended   int                  // commits and rollbacks of open transactions
	onPut   func(puts int) error // before each Put
}

func newMemory() *memory { return &memory{records: map[key]string{}} }

type memoryWriter struct {
	of      *memory
	records map[key]string
	open    bool
}

func (m *memory) Begin(_ context.Context, actor catalog.Actor) (Writer, error) {
	m.begun++
	m.actor = actor
	return &memoryWriter{m, maps.Clone(m.records), true}, nil
}

func (w *memoryWriter) Put(ctx context.Context, inputs []catalog.Input) ([]catalog.Written, error) {
	w.of.puts = append(w.of.puts, len(inputs))
	if w.of.onPut != nil {
		if err := w.of.onPut(len(w.of.puts)); err != nil {
			return nil, err
		}
	}
	batch := map[key]bool{}
	for _, in := range inputs {
		if batch[keyOf(in)] {
			return nil, errors.New("one record twice in a batch")
		}
		batch[keyOf(in)] = true
	}
	// A record is refused whose references are not there, and then so is each
	// that refers to it.
	refused := make([]catalog.Problems, len(inputs))
	for again := true; again; {
		again = false
		for i, in := range inputs {
			if problems := w.unknown(in, batch); refused[i] == nil && problems != nil {
				refused[i], again = problems, true
				delete(batch, keyOf(in))
			}
		}
	}
	written := make([]catalog.Written, len(inputs))
	for i, in := range inputs {
		written[i] = catalog.Written{Kind: in.Kind(), Slug: in.Head().Slug, Action: catalog.WriteRefused, Err: refused[i].Or()}
		if refused[i] == nil {
			written[i].Action = w.store(in)
		}
	}
	return written, nil
}

func (w *memoryWriter) unknown(in catalog.Input, batch map[key]bool) catalog.Problems {
	var problems catalog.Problems
	for _, ref := range in.References() {
		k := key{ref.Kind, *ref.Name}
		if _, ok := w.records[k]; !ok && !batch[k] {
			problem := catalog.NotFound(ref.Kind, *ref.Name)
			problem.Path = ref.Path
			problems = append(problems, problem)
		}
	}
	return problems
}

func (w *memoryWriter) store(in catalog.Input) catalog.WriteAction {
	line, err := jsonl.Encode(in)
	if err != nil {
		panic(err)
	}
	before, ok := w.records[keyOf(in)]
	w.records[keyOf(in)] = string(line)
	switch {
	case !ok:
		return catalog.WriteNew
	case before != string(line):
		return catalog.WriteChanged
	}
	return catalog.WriteSame
}

func (w *memoryWriter) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.of.records = w.records
	return w.end()
}

func (w *memoryWriter) Rollback(context.Context) error {
	if !w.open {
		return nil
	}
	return w.end()
}

func (w *memoryWriter) end() error {
	if !w.open {
		return errors.New("the transaction has ended")
	}
	w.open = false
	w.of.ended++
	return nil
}

// slugs returns kind/slug of every record kept, sorted.
func (m *memory) slugs() []string {
	var list []string
	for k := range m.records {
		list = append(list, jsonl.TypeName(k.kind)+"/"+k.slug)
	}
	slices.Sort(list)
	return list
}

// lines makes a file of JSON Lines.
func lines(name string, text ...string) reading.File {
	return reading.File{Name: name, Reader: strings.NewReader(strings.Join(text, "\n") + "\n")}
}

// mustImport imports into m and fails the test on an error.
func mustImport(t *testing.T, m *memory, o ImportOptions, files ...reading.File) Report {
	t.Helper()
	report, err := Import(t.Context(), m, catalog.Actor{Name: "test"}, files, o)
	if err != nil {
		t.Fatalf("Import: %v", err)
	}
	if m.begun != m.ended {
		t.Errorf("%d transactions begun, %d ended", m.begun, m.ended)
	}
	return report
}
