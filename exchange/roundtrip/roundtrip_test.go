package roundtrip

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func exported(t *testing.T, s *store.Store, format export.Format, kinds ...catalog.RecordKind) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := export.Write(t.Context(), &b, s, format, kinds); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// imported imports a file, of which nothing may be refused or left out.
func imported(t *testing.T, s *store.Store, name string, content []byte) exchange.Counts {
	t.Helper()
	files := []reading.File{{Name: name, Reader: bytes.NewReader(content), Size: int64(len(content))}}
	report, err := exchange.Import(t.Context(), storetest.Sink{Store: s}, catalog.Actor{Name: "test"}, files, exchange.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Refusals {
		t.Fatalf("%s refused: %s", name, r)
	}
	return report.Counts()
}

// differ tells where two exports differ first.
func differ(t *testing.T, what string, want, got []byte) {
	t.Helper()
	if bytes.Equal(want, got) {
		return
	}
	wantLines, gotLines := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i, line := range wantLines {
		if i >= len(gotLines) || gotLines[i] != line {
			t.Fatalf("%s: %d and %d bytes; they differ in line %d, which was\n%.2000q", what, len(want), len(got), i+1, line)
		}
	}
	t.Fatalf("%s: %d bytes more", what, len(got)-len(want))
}

func TestEveryFormatComesBackByteForByte(t *testing.T) {
	from := storetest.Seeded(t)
	var made bytes.Buffer
	if err := synthetic.Write(t.Context(), &made, synthetic.Options{Cases: 500, Seed: 7}); err != nil {
		t.Fatal(err)
	}
	imported(t, from, "made.jsonl", made.Bytes())
	first := map[export.Format][]byte{}
	for _, format := range export.Formats {
		first[format] = exported(t, from, format)
	}
	for _, format := range export.Formats {
		into := storetest.Empty(t)
		if c := imported(t, into, "all."+string(format), first[format]); c.New == 0 || c.Changed+c.Same != 0 {
			t.Errorf("%s: %+v, want new records only", format, c)
		}
		for _, again := range export.Formats {
			differ(t, string(format)+", exported again as "+string(again), first[again], exported(t, into, again))
		}
		if c := imported(t, into, "all."+string(format), first[format]); c.New+c.Changed != 0 {
			t.Errorf("%s imported again: %+v, want nothing to change", format, c)
		}
	}
}

func TestCasesAloneComeBackToTheirDatabase(t *testing.T) {
	s := storetest.Seeded(t)
	for _, format := range export.Formats {
		file := exported(t, s, format, catalog.KindCase)
		if c := imported(t, s, "cases."+string(format), file); c.Same == 0 || c.New+c.Changed != 0 {
			t.Errorf("%s: %+v, want nothing to change", format, c)
		}
	}
}

func TestADocumentOfACaseComesBackToItsDatabase(t *testing.T) {
	s := storetest.Seeded(t)
	var made bytes.Buffer
	if err := synthetic.Write(t.Context(), &made, synthetic.Options{Cases: 60, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	imported(t, s, "made.jsonl", made.Bytes())
	names, err := export.ReadNames(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string][]byte{}
	err = s.Export(t.Context(), []catalog.RecordKind{catalog.KindCase}, func(in catalog.Input) error {
		var b bytes.Buffer
		err := export.WriteDOCX(&b, in.(*catalog.CaseInput), names.Name)
		documents[in.Head().Slug+".docx"] = b.Bytes()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	withParts := 0
	for name, content := range documents {
		in := documentedCase(t, s, strings.TrimSuffix(name, ".docx"))
		if in.Background == "" && in.Approach == "" && in.Results == "" && in.Lessons == "" && in.Summary == "" {
			continue // the source says no more than a title; a document of that is refused
		}
		withParts++
		if c := imported(t, s, name, content); c != (exchange.Counts{Same: 1}) {
			t.Errorf("%s: %+v, want it the same", name, c)
		}
	}
	if withParts < 60 {
		t.Errorf("%d documents tried", withParts)
	}
}

// documentedCase returns a case as its input.
func documentedCase(t *testing.T, s *store.Store, slug string) (found *catalog.CaseInput) {
	t.Helper()
	err := s.Export(t.Context(), []catalog.RecordKind{catalog.KindCase}, func(in catalog.Input) error {
		if in.Head().Slug == slug {
			found = in.(*catalog.CaseInput)
		}
		return nil
	})
	if err != nil || found == nil {
		t.Fatalf("%s: %v, %v", slug, found, err)
	}
	return found
}
