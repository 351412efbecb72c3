package export

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/column"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

// records is an Exporter of the inputs that it is made of.
type records []catalog.Input

func (r records) Export(_ context.Context, kinds []catalog.RecordKind, yield func(catalog.Input) error) error {
	for _, kind := range kinds {
		for _, in := range r {
			if in.Kind() == kind {
				if err := yield(in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func topic(slug, name string) *catalog.TopicInput {
	return &catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: slug}, Name: name}
}

// Whoever describes a plain field in the catalog finds it in the template.
func TestATemplateAsksForEveryPlainField(t *testing.T) {
	for _, name := range templateColumns() {
		if c := columnNamed(name); c.Label == "" || helpOf(c) == "" {
			t.Errorf("column %s: header %q, help %q", name, c.Label, helpOf(c))
		}
	}
	for _, f := range catalog.NounOf(catalog.KindCase).Fields {
		one := !f.Head && !f.Many && f.Kind == "" && f.Entry == nil
		if one && f.Name != "year" && f.Name != "unplaced" && !slices.Contains(templateColumns(), f.Name) {
			t.Errorf("the template does not ask for %s", f.Name)
		}
	}
	for _, name := range []string{"origin", "withdrawn", "possiblySameAs", "year", "citations", "unplaced"} {
		if slices.Contains(templateColumns(), name) {
			t.Errorf("the template asks for %s, which committees do not fill in", name)
		}
	}
	if all := templateColumns(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("a column stands twice in %v", all)
	}
	if help := helpOf(&column.Column{Name: "lessons"}); help == "" || help == helpOf(&column.Column{Name: "possiblySameAs"}) {
		t.Errorf("the help of a column is %q", help)
	}
	if help := helpOf(&column.Column{Name: "possiblySameAs"}); !strings.HasPrefix(help, catalog.FieldAt(catalog.KindCase, "possiblySameAs").Meaning.Zh) {
		t.Errorf("what has no help of its own has %q, want the meaning", help)
	}
}

func TestExportTellsErrors(t *testing.T) {
	broken := errors.New("broken")
	one := records{topic("x", "教育")}
	if _, err := Write(t.Context(), brokenWriter{broken}, one, FormatJSONL, nil); !errors.Is(err, broken) {
		t.Errorf("writer: %v", err)
	}
	if _, err := Write(t.Context(), brokenWriter{broken}, one, FormatXLSX, nil); !errors.Is(err, broken) {
		t.Errorf("writer of a workbook: %v", err)
	}
	if _, err := Write(t.Context(), &bytes.Buffer{}, one, "pdf", nil); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("format: %v", err)
	}
	if _, err := Write(t.Context(), &bytes.Buffer{}, one, FormatCSV, []catalog.RecordKind{"NONE"}); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("kind: %v", err)
	}
	if _, err := Write(t.Context(), &bytes.Buffer{}, records{topic("x", "a\xff")}, FormatCSV, nil); err == nil {
		t.Error("a text that is not UTF-8 was written")
	}
	w, err := NewRecordWriter(&bytes.Buffer{}, FormatCSV, []catalog.RecordKind{catalog.KindCase})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(topic("x", "a")); err == nil {
		t.Error("a topic was written among cases")
	}
}

// flatInputs is an iterator over an Exporter's records, for WriteJSONL.
func flatInputs(list []catalog.Input) iter.Seq2[catalog.Input, error] {
	return func(yield func(catalog.Input, error) bool) {
		for _, in := range list {
			if !yield(in, nil) {
				return
			}
		}
	}
}

func TestExportOfJSONLIsWhatWriteJSONLWrites(t *testing.T) {
	list := records{topic("x", "教育"), topic("y", "民生")}
	var a, b bytes.Buffer
	if _, err := Write(t.Context(), &a, list, FormatJSONL, []catalog.RecordKind{catalog.KindTopic}); err != nil {
		t.Fatal(err)
	}
	if _, err := jsonl.Write(&b, flatInputs(list)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), a.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }
