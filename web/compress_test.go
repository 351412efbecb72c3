package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAssetsAndPagesComeCompressedToWhoTakesIt(t *testing.T) {
	h := Handler(Options{Query: fails{{"UNAVAILABLE", "暂时"}}})
	for _, target := range []string{"/assets/style.css", "/assets/echarts.min.js", "/developers", "/"} {
		plain, squeezed := fetch(h, target, ""), fetch(h, target, "gzip")
		if plain.Header().Get("Content-Encoding") != "" || squeezed.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: encodings %q and %q", target, plain.Header().Get("Content-Encoding"), squeezed.Header().Get("Content-Encoding"))
			continue
		}
		z, err := gzip.NewReader(squeezed.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z)
		if err != nil || !bytes.Equal(got, plain.Body.Bytes()) {
			t.Errorf("%s: unpacked it is another, %v", target, err)
		}
		if plain.Code != squeezed.Code || plain.Header().Get("ETag") != "" && plain.Header().Get("ETag") == squeezed.Header().Get("ETag") {
			t.Errorf("%s: status %d and %d, the same ETag %s", target, plain.Code, squeezed.Code, plain.Header().Get("ETag"))
		}
	}
}

func fetch(h http.Handler, target, accepts string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Encoding", accepts)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
