package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// leastCompressed is below how many bytes compressing gains nothing: the answer
// fits into one packet as it is.
const leastCompressed = 1200

// takesGzip tells whether the client says that it can read gzip.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q=")
		value, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && value > 0
	}
	return false
}

// zipped compresses a body at a level of gzip's.
func zipped(body []byte, level int) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, level) // the levels are our own constants
	_, _ = z.Write(body)                   // a Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// packed gives the body as the client is to get it, and says so in the headers.
// Our pages hold no secrets beside what a reader types, so that their length
// gives nothing away.
func packed(h http.Header, r *http.Request, body []byte) []byte {
	h.Add("Vary", "Accept-Encoding")
	if len(body) < leastCompressed || !takesGzip(r) {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return zipped(body, gzip.DefaultCompression)
}
