package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	topicA = `{"type":"topic","slug":"a","name":"甲"}`
	topicB = `{"type":"topic","slug":"b","name":"乙","parent":"a"}`
	topicC = `{"type":"topic","slug":"c","name":"丙","parent":"b"}`
)

func TestImportCountsAndTellsWhatIsRefused(t *testing.T) {
	m := newMemory()
	var refused bytes.Buffer
	o := ImportOptions{Refused: &refused}
	file := func() reading.File {
		return lines("cases.jsonl", topicA, ``, `{"type":"topic","slug":"X","name":""}`, `{"type":"case","slug":"k","title":"x","year":"1"}`,
			`{"type":"case"`, `{"type":"case","slug":"k","title":"x","topics":["nowhere"]}`, topicB)
	}
	report := mustImport(t, m, o, file())
	want := map[catalog.RecordKind]Counts{
		catalog.KindTopic: {New: 2, Refused: 1}, catalog.KindCase: {Refused: 2}, "": {Refused: 1},
	}
	if diff := cmp.Diff(want, report.Kinds); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if !report.Committed || report.Waiting != 0 || report.Bytes == 0 {
		t.Errorf("report %+v, want it committed, nothing waiting, bytes counted", report)
	}
	wantRefusals := []string{
		`cases.jsonl:3: topic X: slug: “X”不能作为永久链接：只用小写字母、数字和单个连字符，最多 100 个字符 | "X" is not a slug: lower-case letters, digits and single hyphens, at most 100 characters; name: 不能为空 | is required`,
		`cases.jsonl:4: case k: year: 应为数字，这里是文字（带引号） | must be a number, and is a text, in quotes`,
		`cases.jsonl:5:15: JSON 没有写完 | the JSON ends too early`,
		`cases.jsonl:6: case k: topics.0: 没有找到议题“nowhere” | there is no topic "nowhere"`,
	}
	var got []string
	for _, r := range report.Refusals {
		got = append(got, r.String())
	}
	if diff := cmp.Diff(wantRefusals, got); diff != "" {
		t.Errorf("refusals (-want +got):\n%s", diff)
	}
	wantNotes := `{"file":"cases.jsonl","line":3,"type":"topic","slug":"X","problems":[`
	if notes := strings.Split(refused.String(), "\n"); len(notes) != 5 || !strings.HasPrefix(notes[0], wantNotes) ||
		notes[2] != `{"file":"cases.jsonl","line":5,"column":15,"problems":[{"kind":"INVALID","zh":"JSON 没有写完","en":"the JSON ends too early"}]}` {
		t.Errorf("notes of refusals:\n%s", refused.String())
	}

	again := mustImport(t, m, ImportOptions{}, file())
	if got := again.Counts(); got != (Counts{Same: 2, Refused: 4}) {
		t.Errorf("imported again: %+v, want 2 the same", got)
	}
	changed := mustImport(t, m, ImportOptions{}, lines("f", strings.Replace(topicB, "乙", "已", 1)))
	if got := changed.Counts(); got != (Counts{Changed: 1}) {
		t.Errorf("imported with a change: %+v, want 1 changed", got)
	}
}

func TestImportFillsDefaultsAndAsksAccept(t *testing.T) {
	m := newMemory()
	o := ImportOptions{Accept: func(in catalog.Input) error {
		if in.Head().Slug == "b" {
			return &catalog.Error{Kind: catalog.KindForbidden, Path: "origin", Zh: "不可以", En: "not allowed"}
		}
		in.Head().Status = catalog.StatusDraft
		return nil
	}}
	report := mustImport(t, m, o, lines("f", topicA, topicB))
	want := `{"type":"topic","slug":"a","origin":"CONTRIBUTED","status":"DRAFT","name":"甲"}`
	if got := m.records[key{catalog.KindTopic, "a"}]; got != want {
		t.Errorf("written: %s\nwant %s", got, want)
	}
	if len(report.Refusals) != 1 || report.Refusals[0].String() != "f:2: topic b: origin: 不可以 | not allowed" {
		t.Errorf("refused: %v", report.Refusals)
	}
}

func TestImportTakesRecordsInAnyOrder(t *testing.T) {
	caseLine := `{"type":"case","slug":"%s","title":"x","brand":"brand","possiblySameAs":["%s"],"topics":["c"]}`
	file := []string{
		`{"type":"adoption","slug":"ad","case":"k1","adopter":"co"}`, fmt.Sprintf(caseLine, "k1", "k2"), fmt.Sprintf(caseLine, "k2", "k1"),
		`{"type":"brand","slug":"brand","name":"n","committee":"co"}`, `{"type":"committee","slug":"co","name":"n","level":"PROVINCE","region":"220000"}`,
		topicC, topicB, topicA, `{"type":"region","slug":"220000","name":"n","level":"PROVINCE"}`,
	}
	for _, size := range []int{1, 2, 100} {
		for name, o := range map[string]ImportOptions{"batches": {BatchSize: size}, "strict": {BatchSize: size, Strict: true}} {
			m := newMemory()
			report := mustImport(t, m, o, lines("f", file...))
			if got := report.Counts(); got != (Counts{New: len(file)}) {
				t.Errorf("%s of %d: %+v, refused %v", name, size, got, report.Refusals)
			}
		}
	}
}

func TestImportWritesTheLastOfOneRecordLast(t *testing.T) {
	first := `{"type":"topic","slug":"b","name":"first","parent":"%s"}`
	for name, parent := range map[string]string{"put off": "a", "hopeless": "nowhere"} {
		for _, size := range []int{1, 100} {
			m := newMemory()
			mustImport(t, m, ImportOptions{BatchSize: size}, lines("f", fmt.Sprintf(first, parent), `{"type":"topic","slug":"b","name":"last"}`, topicC, topicA))
			want := map[string]string{"a": "甲", "b": "last", "c": "丙"}
			if diff := cmp.Diff(want, m.names(t)); diff != "" {
				t.Errorf("%s, batches of %d (-want +got):\n%s", name, size, diff)
			}
		}
	}
}

func TestStrictImportTakesAllOrNothing(t *testing.T) {
	m := newMemory()
	report, err := Import(t.Context(), m, catalog.Actor{}, []reading.File{lines("f", topicA, `{}`, topicB)}, ImportOptions{Strict: true, BatchSize: 1})
	if catalog.ErrorKindOf(err) != catalog.KindInvalid || len(m.records) != 0 || report.Committed || m.ended != m.begun {
		t.Errorf("err %v, %d records kept, committed %t; want INVALID and nothing", err, len(m.records), report.Committed)
	}
	if got := report.Counts(); got != (Counts{New: 2, Refused: 1}) {
		t.Errorf("counts %+v", got)
	}
	report = mustImport(t, m, ImportOptions{Strict: true, BatchSize: 1}, lines("f", topicA, topicB))
	if len(m.records) != 2 || !report.Committed || m.begun != 2 {
		t.Errorf("%d records kept, committed %t, in %d transactions; want 2 in a second one", len(m.records), report.Committed, m.begun)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	m := newMemory()
	report := mustImport(t, m, ImportOptions{DryRun: true, BatchSize: 1}, lines("f", topicB, topicA, `{}`))
	if got := report.Counts(); got != (Counts{New: 2, Refused: 1}) || report.Committed || len(m.records) != 0 {
		t.Errorf("counts %+v, committed %t, %d records kept", got, report.Committed, len(m.records))
	}
}

func TestImportStopsBetweenBatchesAndGoesOnWhenRunAgain(t *testing.T) {
	var file []string
	for i := range 100 {
		file = append(file, fmt.Sprintf(`{"type":"topic","slug":"t%d","name":"n"}`, i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := newMemory()
	m.onPut = func(puts int) error {
		if puts == 3 {
			cancel() // while the third batch is put, so that its commit fails
		}
		return nil
	}
	report, err := Import(ctx, m, catalog.Actor{}, []reading.File{lines("f", file...)}, ImportOptions{BatchSize: 10})
	if !errors.Is(err, context.Canceled) || len(m.records) != 20 || report.Counts().New != 20 || m.begun != m.ended {
		t.Errorf("err %v, %d kept, %d counted; want 20 of two batches", err, len(m.records), report.Counts().New)
	}
	m.onPut = nil
	report = mustImport(t, m, ImportOptions{BatchSize: 10}, lines("f", file...))
	if got := report.Counts(); got != (Counts{New: 80, Same: 20}) {
		t.Errorf("run again: %+v, want 80 new and 20 the same", got)
	}
}

func TestImportDoesNotWaitForAReaderThatBlocks(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	blocking := blockingReader{func() { cancel(interrupted) }, make(chan struct{})}
	defer close(blocking.end) // lets the reading goroutine go
	m := newMemory()
	file := reading.File{Name: "-", Reader: io.MultiReader(strings.NewReader(topicA+"\n"+topicB+"\n"), blocking)}
	report, err := Import(ctx, m, catalog.Actor{}, []reading.File{file}, ImportOptions{BatchSize: 1})
	if !errors.Is(err, interrupted) || m.begun != m.ended || report.Counts().New != len(m.records) {
		t.Errorf("err %v, %d counted, %d kept", err, report.Counts().New, len(m.records))
	}
}

// blockingReader calls reached at its first Read, which lasts until end closes.
type blockingReader struct {
	reached func()
	end     chan struct{}
}

func (r blockingReader) Read([]byte) (int, error) {
	r.reached()
	<-r.end
	return 0, io.EOF
}

func TestImportTellsErrorsOfFilesAndSink(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name string
		file reading.File
		put  error
		o    ImportOptions
		want string
		kept int
	}{
		{"reader", reading.File{Name: "f", Reader: io.MultiReader(strings.NewReader(topicA+"\n"), errorReader{broken})}, nil, ImportOptions{}, "import: read f behind line 1: broken", 1},
		{"reader at the start", reading.File{Name: "f", Reader: errorReader{broken}}, nil, ImportOptions{}, "import: read f: broken", 0},
		{"sink", lines("f", topicA), broken, ImportOptions{}, "import: write 1 records: broken", 0},
		{"notes", lines("f", "{}"), nil, ImportOptions{Refused: errorWriter{broken}}, "import: note the refusal of f:1: broken", 0},
	}
	for _, tt := range tests {
		m := newMemory()
		m.onPut = func(int) error { return tt.put }
		_, err := Import(t.Context(), m, catalog.Actor{}, []reading.File{tt.file}, tt.o)
		if err == nil || err.Error() != tt.want || len(m.records) != tt.kept || m.begun != m.ended {
			t.Errorf("%s: err %v, %d kept; want %s and %d", tt.name, err, len(m.records), tt.want, tt.kept)
		}
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

type errorWriter struct{ err error }

func (w errorWriter) Write([]byte) (int, error) { return 0, w.err }

func TestImportKeepsTheFirstRefusalsAndCountsTheRest(t *testing.T) {
	var refused bytes.Buffer
	report := mustImport(t, newMemory(), ImportOptions{Refused: &refused}, lines("f", strings.Repeat("{}\n", 2500)))
	if got := report.Counts().Refused; got != 2500 || len(report.Refusals) != MaxRefusals || strings.Count(refused.String(), "\n") != 2500 {
		t.Errorf("%d refused, %d kept, %d noted; want 2500, %d, 2500", got, len(report.Refusals), strings.Count(refused.String(), "\n"), MaxRefusals)
	}
}

// What is wrong with so many records is wrong with the file.
func TestImportStopsWhereEnoughIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		more bool
		want Counts
	}{
		"one less":         {strings.Repeat("{}\n", 99), false, Counts{Refused: 99}},
		"as many":          {topicA + "\n" + strings.Repeat("{}\n", 5000) + topicB, true, Counts{New: 1, Refused: 100}},
		"among good ones":  {strings.Repeat(topicA+"\n{}\n", 5000), true, Counts{}},
		"none, but a note": {topicA + "\n" + topicB, false, Counts{New: 2}},
	} {
		m, refused := newMemory(), bytes.Buffer{}
		report := mustImport(t, m, ImportOptions{Refused: &refused, StopAfter: 100, BatchSize: 10}, lines("f", c.text))
		lines := strings.Count(refused.String(), "\n")
		if got := report.Counts(); report.More != c.more || got.Refused > 100 || c.want != (Counts{}) && got != c.want {
			t.Errorf("%s: %+v, more: %v", name, got, report.More)
		}
		if want := report.Counts().Refused; c.more {
			if last := report.Refusals[len(report.Refusals)-1].String(); lines != want+1 || !strings.Contains(last, "后面可能还有") {
				t.Errorf("%s: %d lines, the last is %s", name, lines, last)
			}
		}
		if m.ended != m.begun {
			t.Errorf("%s: %d transactions of %d have ended", name, m.ended, m.begun)
		}
	}
	_, err := Import(t.Context(), newMemory(), catalog.Actor{}, []reading.File{lines("f", strings.Repeat("{}\n", 500))}, ImportOptions{Strict: true, StopAfter: 100})
	if catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("a strict one: %v", err)
	}
}

func TestImportTellsItsProgress(t *testing.T) {
	var got []Progress
	file := lines("f", topicA, topicB)
	file.Size = int64(len(topicA) + len(topicB) + 2)
	report := mustImport(t, newMemory(), ImportOptions{Progress: func(p Progress) { got = append(got, p) }}, file)
	last := got[len(got)-1]
	if last.Records != 2 || last.Bytes != file.Size || last.TotalBytes != file.Size || last.Rate <= 0 || last.Elapsed > report.Elapsed+time.Minute {
		t.Errorf("the last progress is %+v", last)
	}
}

// TestBacklogSpillsAndGivesBack holds a backlog to a few bytes of memory: what
// comes back, in order of kinds, is what was put in.
func TestBacklogSpillsAndGivesBack(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b := newBacklog(100)
	var want []string
	for _, kind := range []catalog.RecordKind{catalog.KindCase, catalog.KindTopic} {
		for i := range 20 {
			in := catalog.NewInput(kind)
			in.Head().Slug = fmt.Sprintf("s%d", i)
			r := reading.Record{Place: reading.Place{File: "f", Line: i + 1}, Input: in, Size: 40, Err: catalog.NotFound(kind, "x"), Behind: i == 3}
			if err := b.add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, kind := range []string{"topic", "case"} {
		for i := range 20 {
			want = append(want, fmt.Sprintf("%s s%d f:%d behind %t: there is no %s \"x\"", kind, i, i+1, i == 3, kind))
		}
	}
	if files, err := os.ReadDir(os.TempDir()); err != nil || len(files) != 1 {
		t.Errorf("%d entries in the temporary folder, %v; want 1", len(files), err)
	}
	for range 2 { // it can be read again
		var got []string
		for r := range flat(t, b.batches()) {
			got = append(got, fmt.Sprintf("%s %s %s behind %t: %s", jsonl.TypeName(r.Input.Kind()), r.Input.Head().Slug, r.Place, r.Behind, catalog.ProblemsOf(r.Err)))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	b.remove()
	if files, err := os.ReadDir(os.TempDir()); err != nil || len(files) != 0 {
		t.Errorf("%d entries left in the temporary folder, %v", len(files), err)
	}
}

func flat(t *testing.T, batches iter.Seq2[[]reading.Record, error]) iter.Seq[reading.Record] {
	return func(yield func(reading.Record) bool) {
		for records, err := range batches {
			if err != nil {
				t.Fatal(err)
			}
			if len(records) > 2 {
				t.Errorf("a batch of %d records, where 100 bytes hold 2", len(records))
			}
			for _, r := range records {
				if !yield(r) {
					return
				}
			}
		}
	}
}

func TestWriteJSONLIsWhatImportReads(t *testing.T) {
	inputs := []catalog.Input{
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "a"}, Name: "甲"},
		&catalog.TopicInput{InputMeta: catalog.InputMeta{Slug: "b"}, Name: "乙", Parent: "a"},
	}
	var b bytes.Buffer
	n, err := jsonl.Write(&b, sequence(inputs, nil))
	if n != 2 || err != nil {
		t.Fatalf("WriteJSONL = %d, %v", n, err)
	}
	m := newMemory()
	report := mustImport(t, m, ImportOptions{}, reading.File{Name: "-", Reader: &b})
	if got := report.Counts(); got != (Counts{New: 2}) {
		t.Errorf("counts %+v, want 2 new", got)
	}

	broken := errors.New("broken")
	b.Reset()
	if n, err := jsonl.Write(&b, sequence(inputs, broken)); n != 2 || !errors.Is(err, broken) {
		t.Errorf("WriteJSONL = %d, %v; want 2 and the sequence's error", n, err)
	}
}

func sequence(inputs []catalog.Input, err error) iter.Seq2[catalog.Input, error] {
	return func(yield func(catalog.Input, error) bool) {
		for _, in := range inputs {
			if !yield(in, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}
