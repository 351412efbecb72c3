package exchange_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/reading"
	"github.com/jisiguangyi/jisi/exchange/synthetic"
)

// taker is a Sink that takes everything and keeps nothing, so that a benchmark
// measures reading, decoding and checking alone.
type taker struct{}

func (taker) Begin(context.Context, catalog.Actor) (exchange.Writer, error) { return taker{}, nil }

func (taker) Put(_ context.Context, inputs []catalog.Input) ([]catalog.Written, error) {
	written := make([]catalog.Written, len(inputs))
	for i, in := range inputs {
		written[i] = catalog.Written{Action: catalog.WriteNew, Kind: in.Kind(), Slug: in.Head().Slug}
	}
	return written, nil
}

func (taker) Commit(context.Context) error   { return nil }
func (taker) Rollback(context.Context) error { return nil }

func BenchmarkImport(b *testing.B) {
	var file bytes.Buffer
	if err := synthetic.Write(b.Context(), &file, synthetic.Options{Cases: 2000, Seed: 1}); err != nil {
		b.Fatal(err)
	}
	records := 0
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		report, err := exchange.Import(b.Context(), taker{}, catalog.Actor{}, []reading.File{{Name: "f.jsonl", Reader: bytes.NewReader(file.Bytes())}}, exchange.ImportOptions{})
		if err != nil || report.Counts().Refused > 0 {
			b.Fatal(err, report.Refusals)
		}
		records += report.Counts().New
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}
