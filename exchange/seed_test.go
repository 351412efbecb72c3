package exchange

import (
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
)

func TestSeedTakesEveryRecordThatComesWithTheBinary(t *testing.T) {
	m := newMemory()
	report, err := Seed(t.Context(), m)
	if err != nil {
		t.Fatalf("%v\n%v", err, report.Refusals)
	}
	if n := report.Counts(); n.New != len(m.records) || n.New == 0 || n.Changed+n.Same+n.Refused > 0 {
		t.Errorf("counts %+v of %d records; want each new, none twice", n, len(m.records))
	}
	if n := report.Kinds[catalog.KindRegion].New; n != 70 {
		t.Errorf("%d regions, want 70", n)
	}
	for k, line := range m.records {
		in, err := jsonl.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if in.Head().Origin == catalog.OriginDocumented && k.kind != catalog.KindSource && len(in.Head().Citations) == 0 {
			t.Errorf("%s %s is documented by nothing", jsonl.TypeName(k.kind), k.slug)
		}
	}
	again, err := Seed(t.Context(), m)
	if n := again.Counts(); err != nil || n.Same != len(m.records) || n.Total() != n.Same {
		t.Errorf("seeded again: %+v, %v; want all the same", n, err)
	}
}
