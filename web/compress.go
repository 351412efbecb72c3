package web

import (
	"net/http"

	"github.com/jisiguangyi/jisi/internal/httpgzip"
)

// leastCompressed is below how many bytes compressing gains nothing: the answer
// fits into one packet as it is.
const leastCompressed = 1200

// packed returns the body as the client is to get it, and says so in the headers.
// Our pages hold no secrets beside what a reader types, so that their length
// says nothing of them.
func packed(h http.Header, r *http.Request, body []byte) []byte {
	h.Add("Vary", "Accept-Encoding")
	if len(body) < leastCompressed || !httpgzip.Accepted(r) {
		return body
	}
	h.Set("Content-Encoding", "gzip")
	return httpgzip.Compress(body, httpgzip.Default)
}
