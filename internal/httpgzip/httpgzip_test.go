package httpgzip

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhoTakesGzip(t *testing.T) {
	for accepts, want := range map[string]bool{
		"gzip": true, "gzip, deflate, br": true, "br;q=1.0, GZIP;q=0.5": true, "": false, "identity": false, "gzip;q=0": false,
		"gzip; q=0.0": false, "x-gzip": false, "gzip;q=x": false, "gzip;Q=0": false, "deflate, gzip": true,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accepts)
		if got := Accepted(r); got != want {
			t.Errorf("%q takes gzip: %v, want %v", accepts, got, want)
		}
	}
}

func TestWhatIsCompressedIsTheSameUnpacked(t *testing.T) {
	body := bytes.Repeat([]byte("协商议政 "), 1000)
	for _, level := range []int{Fastest, Default, Smallest, Fastest} { // the last with a writer that was used
		z, err := gzip.NewReader(bytes.NewReader(Compress(body, level)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, body) {
			t.Errorf("level %d: %d bytes, %v; want the %d that were compressed", level, len(got), err, len(body))
		}
	}
}
