package meaning

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/jisiguangyi/jisi/catalog"
)

// vectors are those of one space, in memory: of each dimension 8 bits, and a scale a
// vector. All are compared with what is asked, which takes no index and misses nothing.
// They are safe for concurrent use; newVectors makes them.
type vectors struct {
	dimensions int // of a vector
	stride     int // bytes from one to the next: the dimensions, filled up to whole steps

	mu     sync.RWMutex
	ids    []catalog.ID
	digest [][]byte
	scale  []float32
	codes  [][]int8 // blocks of blockOf vectors
	at     map[catalog.ID]int
	sums   sync.Pool // of []float32, the cosines of a comparison
}

// blockOf is how many vectors stand in one piece of memory, so that growing copies none.
const blockOf = 1024

func newVectors(dimensions int) *vectors {
	return &vectors{dimensions: dimensions, stride: (dimensions + dotStep - 1) / dotStep * dotStep, at: map[catalog.ID]int{}}
}

func (v *vectors) count() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return len(v.ids)
}

// codesOf returns the place of vector i.
func (v *vectors) codesOf(i int) []int8 {
	from := i % blockOf * v.stride
	return v.codes[i/blockOf][from : from+v.stride : from+v.stride]
}

// quantize writes a vector as whole numbers from -127 to 127 and returns what one is.
func quantize(from []float32, to []int8) (scale float32) {
	most := float32(0)
	for _, x := range from {
		most = max(most, float32(math.Abs(float64(x))))
	}
	if most == 0 {
		clear(to)
		return 0
	}
	by := 127 / most
	for i, x := range from {
		to[i] = int8(math.RoundToEven(float64(x * by)))
	}
	clear(to[len(from):])
	return most / 127
}

// put adds a vector, or puts it in the place of the record's.
func (v *vectors) put(e *catalog.Embedding) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.at[e.Record]
	if !ok {
		i = len(v.ids)
		if i%blockOf == 0 && i/blockOf == len(v.codes) {
			v.codes = append(v.codes, make([]int8, blockOf*v.stride))
		}
		v.ids, v.digest, v.scale = append(v.ids, e.Record), append(v.digest, nil), append(v.scale, 0)
		v.at[e.Record] = i
	}
	v.digest[i], v.scale[i] = e.Digest, quantize(e.Vector, v.codesOf(i))
}

// remove takes a record's vector out; the last one takes its place.
func (v *vectors) remove(id catalog.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i, ok := v.at[id]
	if !ok {
		return
	}
	last := len(v.ids) - 1
	copy(v.codesOf(i), v.codesOf(last))
	v.ids[i], v.digest[i], v.scale[i] = v.ids[last], v.digest[last], v.scale[last]
	v.at[v.ids[i]] = i
	delete(v.at, id)
	v.digest[last] = nil
	v.ids, v.digest, v.scale = v.ids[:last], v.digest[:last], v.scale[:last]
}

// digestOf returns the digest of what a record's vector was made of, nil for none.
func (v *vectors) digestOf(id catalog.ID) []byte {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if i, ok := v.at[id]; ok {
		return v.digest[i]
	}
	return nil
}

// of returns a record's vector as it stands in memory.
func (v *vectors) of(id catalog.ID) ([]float32, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	i, ok := v.at[id]
	if !ok {
		return nil, false
	}
	out := make([]float32, v.dimensions)
	for k, c := range v.codesOf(i)[:v.dimensions] {
		out[k] = float32(c) * v.scale[i]
	}
	return unit(out), true
}

// comparison is what comparing with all vectors comes to.
type comparison struct {
	best            []scored // the first n, nearest first
	mean, deviation float64
	all             int
}

// scored is a record with its cosine.
type scored struct {
	id     catalog.ID
	cosine float64
}

func nearer(a, b scored) int {
	switch {
	case a.cosine > b.cosine:
		return -1
	case a.cosine < b.cosine:
		return 1
	case a.id < b.id:
		return -1
	}
	return 1
}

// compare compares a vector of length 1 with all, and returns the n nearest. It ends
// early, with ctx's error, when ctx does.
func (v *vectors) compare(ctx context.Context, with []float32, n int) (comparison, error) {
	query := make([]int8, v.stride)
	unitOf := quantize(with, query)
	v.mu.RLock()
	defer v.mu.RUnlock()
	out := comparison{all: len(v.ids)}
	if out.all == 0 {
		return out, nil
	}
	cosines, _ := v.sums.Get().(*[]float32)
	if cosines == nil || cap(*cosines) < out.all {
		room := make([]float32, out.all+out.all/4)
		cosines = &room
	}
	defer v.sums.Put(cosines)
	c := (*cosines)[:out.all]
	var sum, squares float64
	for from := 0; from < out.all; from += blockOf {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		part := c[from:min(from+blockOf, out.all)]
		codes := v.codes[from/blockOf]
		for i := range part {
			part[i] = float32(dot(query, codes[i*v.stride:(i+1)*v.stride])) * unitOf * v.scale[from+i]
		}
		for _, x := range part {
			sum += float64(x)
			squares += float64(x) * float64(x)
		}
	}
	out.mean = sum / float64(out.all)
	out.deviation = math.Sqrt(max(squares/float64(out.all)-out.mean*out.mean, 0))
	out.best = v.first(c, n)
	return out, nil
}

// first returns the n greatest, greatest first.
func (v *vectors) first(cosines []float32, n int) []scored {
	best := make([]scored, 0, n+1)
	for i, x := range cosines {
		s := scored{v.ids[i], float64(x)}
		if len(best) == n && (n == 0 || nearer(s, best[n-1]) > 0) {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, s, nearer)
		best = slices.Insert(best, at, s)
		best = best[:min(len(best), n)]
	}
	return best
}

// cosines returns the cosines of some records; NaN for those that have no vector.
func (v *vectors) cosines(with []float32, of []catalog.ID) []float64 {
	query := make([]int8, v.stride)
	unitOf := quantize(with, query)
	v.mu.RLock()
	defer v.mu.RUnlock()
	out := make([]float64, len(of))
	for k, id := range of {
		i, ok := v.at[id]
		if !ok {
			out[k] = math.NaN()
			continue
		}
		out[k] = float64(float32(dot(query, v.codesOf(i))) * unitOf * v.scale[i])
	}
	return out
}

// exact is the cosine of two vectors of length 1.
func exact(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
