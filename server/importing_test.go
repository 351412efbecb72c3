package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
)

// hastyFiles are Files that read the first bytes of an import and want no more.
type hastyFiles struct {
	Files
	err error
}

func (hastyFiles) MediaType(string) string         { return "" }
func (hastyFiles) MayImport(context.Context) error { return nil }

func (f hastyFiles) Import(_ context.Context, im Import) (*ImportReport, error) {
	if _, err := im.Files[0].Reader.Read(make([]byte, 100)); err != nil {
		return nil, err
	}
	return &ImportReport{More: true, Refused: 1000}, f.err
}

// What is not read of an import is taken all the same, or who sends it would never
// read the answer.
func TestAnImportThatStopsEarlyIsAnswered(t *testing.T) {
	for what, tt := range map[string]struct {
		err    error
		target string
		status int
	}{
		"stopped":           {nil, "/import?file=a.jsonl", http.StatusOK},
		"refusals as file":  {nil, "/import?file=a.jsonl&report=file", http.StatusOK},
		"a wrong parameter": {nil, "/import?file=a.jsonl&dryRun=perhaps", http.StatusBadRequest},
		"no file's name":    {nil, "/import", http.StatusBadRequest},
		"failed":            {&catalog.Error{Kind: catalog.KindUnavailable, Zh: "稍后", En: "later"}, "/import?file=a.jsonl", http.StatusServiceUnavailable},
	} {
		o := fakeOptions()
		o.Files = hastyFiles{err: tt.err}
		server := httptest.NewServer(Handler(o))
		for range 3 {
			if status, err := sendAll(server.Listener.Addr().String(), tt.target, 30<<20); err != nil || status != tt.status {
				t.Errorf("%s: %d, want %d: %v", what, status, tt.status, err)
			}
		}
		server.Close()
	}
}

// sendAll sends a body of that many bytes before it reads the answer, as most programs
// do.
func sendAll(address, target string, bytes int) (status int, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", target, bytes, strings.Repeat(" ", bytes)); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}
