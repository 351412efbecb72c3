//go:build !amd64

package meaning

// dot is dotGo.
func dot(a, b []int8) int32 { return dotGo(a, b) }
