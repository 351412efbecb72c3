package server

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// A file whose database goes away is begun anew as long as nothing of it was sent, and
// what was made of it before is not in it.
func TestAFileIsBegunAnewAsLongAsNothingOfItWasSent(t *testing.T) {
	gone := &catalog.Error{Kind: catalog.KindUnavailable, Zh: "断开", En: "it went away"}
	whole := bytes.Repeat([]byte("典型案例。"), (heldBack+1<<20)/15)
	for name, c := range map[string]struct {
		at, size int           // where it breaks off, and how long the whole is
		gone     time.Duration // how long the database is away
		err      error
		want     catalog.ErrorKind
		sent     int
	}{
		"before the first piece":               {0, 1 << 20, time.Second, gone, "", 1 << 20},
		"after a piece":                        {32 << 10, 1 << 20, time.Second, gone, "", 1 << 20},
		"just before the first of it is sent":  {heldBack, heldBack + 5, time.Second, gone, "", heldBack + 5},
		"when some was sent":                   {heldBack + 100_000, len(whole), time.Second, gone, catalog.KindUnavailable, heldBack + 100_000},
		"and does not come back":               {32 << 10, 1 << 20, time.Hour, gone, catalog.KindUnavailable, 0},
		"for a reason that does not pass":      {32 << 10, 1 << 20, time.Second, catalog.Invalid("q", "不行", "no"), catalog.KindInvalid, 0},
		"never, and is sent as it is, with it": {len(whole), len(whole), 0, nil, "", len(whole)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := httptest.NewRecorder()
				file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: "text/plain", name: "a.txt"}
				begin := time.Now()
				err := again(t.Context(), file, func(context.Context) error {
					size, broken := c.size, time.Since(begin) < c.gone
					if broken {
						size = c.at
					}
					for from := 0; from < size; from += 10_000 {
						if _, err := file.Write(whole[from:min(size, from+10_000)]); err != nil {
							return err
						}
					}
					if broken {
						return c.err
					}
					return nil
				})
				if got := catalog.ErrorKindOf(err); err != nil && got != c.want || err == nil && c.want != "" {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if got := w.Body.Bytes(); !bytes.Equal(got, whole[:c.sent]) {
					t.Errorf("%d bytes were sent, of which not all are the file's; want %d", len(got), c.sent)
				}
			})
		})
	}
}
