package meaning

import "golang.org/x/sys/cpu"

// Go's own simd/archsimd needs an experiment that builds of jisi do not set, so that
// the inner loop stands in dot_amd64.s; a test holds it against dotGo.

//go:noescape
func dotAVX2(a, b *int8, n int) int32

var hasAVX2 = cpu.X86.HasAVX2

// dot is dotGo, sixteen numbers at a time where the processor can.
func dot(a, b []int8) int32 {
	if !hasAVX2 || len(a) == 0 {
		return dotGo(a, b)
	}
	_ = b[len(a)-1]
	return dotAVX2(&a[0], &b[0], len(a))
}
