package meaning

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

func randomUnit(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return unit(v)
}

func TestTheFastProductIsThePlainOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{dotStep, 2 * dotStep, 1024, 4096} {
		a, b := make([]int8, n), make([]int8, n)
		for round := range 200 {
			for i := range a {
				a[i], b[i] = int8(r.IntN(255)-127), int8(r.IntN(255)-127)
				if round == 0 { // the greatest that there can be
					a[i], b[i] = 127, -127
				}
			}
			want := int32(0)
			for i := range a {
				want += int32(a[i]) * int32(b[i])
			}
			if got, plain := dot(a, b), dotGo(a, b); got != want || plain != want {
				t.Fatalf("of %d numbers: fast %d, plain %d, want %d", n, got, plain, want)
			}
		}
	}
}

// The nearest of 8-bit vectors, three times as many as are wanted, have the exact
// nearest among them.
func TestEightBitsFindTheExactNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n, dimensions, wanted = 3000, 100, 20
	v := newVectors(dimensions)
	all := make([][]float32, n)
	for i := range all {
		all[i] = randomUnit(r, dimensions)
		v.put(&catalog.Embedding{Record: catalog.ID(i + 1), Vector: all[i]})
	}
	missed := 0
	for range 50 {
		query := randomUnit(r, dimensions)
		c, err := v.compare(t.Context(), query, wanted*rescored)
		if err != nil {
			t.Fatal(err)
		}
		var want []scored
		sum, squares := 0.0, 0.0
		for i := range all {
			x := exact(query, all[i])
			want = append(want, scored{catalog.ID(i + 1), x})
			sum, squares = sum+x, squares+x*x
		}
		slices.SortFunc(want, nearer)
		for _, w := range want[:wanted] {
			if !slices.ContainsFunc(c.best, func(b scored) bool { return b.id == w.id }) {
				missed++
			}
		}
		mean := sum / n
		if deviation := math.Sqrt(squares/n - mean*mean); math.Abs(c.mean-mean) > 0.001 || math.Abs(c.deviation-deviation) > 0.001 {
			t.Errorf("mean %f and deviation %f, want %f and %f", c.mean, c.deviation, mean, deviation)
		}
	}
	if missed > 0 {
		t.Errorf("%d of %d nearest were missed", missed, 50*wanted)
	}
}

func TestARemovedVectorIsFoundNoLonger(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	v := newVectors(48)
	kept := map[catalog.ID][]float32{}
	for i := range 3000 {
		e := &catalog.Embedding{Record: catalog.ID(i + 1), Digest: []byte{byte(i)}, Vector: randomUnit(r, 48)}
		v.put(e)
		kept[e.Record] = e.Vector
	}
	for range 2500 {
		id := catalog.ID(r.IntN(3000) + 1)
		v.remove(id)
		delete(kept, id)
	}
	if v.count() != len(kept) {
		t.Fatalf("%d vectors, want %d", v.count(), len(kept))
	}
	for id, vector := range kept {
		c, err := v.compare(t.Context(), vector, 1)
		if err != nil || len(c.best) != 1 || c.best[0].id != id || c.best[0].cosine < 0.99 {
			t.Fatalf("nearest to record %d: %+v (%v)", id, c.best, err)
		}
	}
	if _, ok := v.of(9999); ok {
		t.Error("a record that was never there has a vector")
	}
}

// 100,000 vectors of 1,024 numbers, made up. Of a run on one core: the time a query
// takes, and the bytes that a vector takes.
func BenchmarkNear(b *testing.B) {
	const n, dimensions = 100_000, 1024
	r := rand.New(rand.NewPCG(7, 8))
	v := newVectors(dimensions)
	e := catalog.Embedding{Vector: make([]float32, dimensions)}
	for i := range n {
		for k := range e.Vector {
			e.Vector[k] = float32(r.Int32N(2001)-1000) / 1000
		}
		e.Record, e.Vector = catalog.ID(i+1), unit(e.Vector)
		v.put(&e)
	}
	query := randomUnit(r, dimensions)
	b.ResetTimer()
	for range b.N {
		if _, err := v.compare(b.Context(), query, 60); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(len(v.codes)*blockOf*v.stride)/(1<<20), "MiB")
}
