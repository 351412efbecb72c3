package server

import "github.com/jisiguangyi/jisi/server/gqlhttp"

// Limits bound what one request, and one caller, may ask for. A field that is 0 has
// its default; a negative one is no limit.
type Limits struct {
	gqlhttp.Limits

	ImportBytes int // of what is brought in at once

	// Rate is how many requests a caller may send a second, on average, and Burst
	// how many at once; 0 or less is no limit. A query counts for more by its cost.
	Rate  float64
	Burst int
}

// DefaultLimits let through what pages and researchers ask, and standard
// introspection, with room to spare.
var DefaultLimits = Limits{Limits: gqlhttp.DefaultLimits, ImportBytes: 64 << 20}

// withDefaults fills in the site's own defaults; gqlhttp fills in its own.
func (l Limits) withDefaults() Limits {
	switch {
	case l.ImportBytes == 0:
		l.ImportBytes = DefaultLimits.ImportBytes
	case l.ImportBytes < 0:
		l.ImportBytes = int(^uint(0) >> 2)
	}
	return l
}
