package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// leftFiles are Files whose answers go on until their client leaves.
type leftFiles struct{ waitingFiles }

func (f leftFiles) Document(ctx context.Context, _ string, _ DocumentForm) (title, media string, file []byte, err error) {
	return "", "", nil, f.wait(ctx, "print")
}

func (f leftFiles) Import(ctx context.Context, im Import) (*ImportReport, error) {
	if _, err := io.ReadAll(im.Files[0].Reader); err != nil {
		return nil, err
	}
	return nil, f.wait(ctx, "import")
}

// leftDatabase answers nobody, and neither do what is read from it for a sitemap and the
// files of releases.
type leftDatabase struct {
	Database
	Releases
	waitingFiles
}

func (d leftDatabase) Ping(ctx context.Context) error { return d.wait(ctx, "ping") }

func (d leftDatabase) Harvest(ctx context.Context, _ catalog.HarvestQuery) ([]*catalog.Harvested, error) {
	return nil, d.wait(ctx, "sitemap")
}

func (d leftDatabase) ReleaseFile(ctx context.Context, _, _ string) (*os.File, *catalog.ReleaseFile, error) {
	return nil, nil, d.wait(ctx, "file")
}

func (d leftDatabase) ReleaseDelta(ctx context.Context, _, _ string, _ io.Writer) error {
	return d.wait(ctx, "delta")
}

// Nothing has failed where a client leaves what it has asked for: the log and the metrics
// say so, and not INTERNAL.
func TestAClientThatLeavesIsNoFailure(t *testing.T) {
	for _, test := range []struct{ name, request, begins string }{
		{"an import", "POST /import?file=a.jsonl HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "import"},
		{"an import in the middle of its file", "POST /import?file=a.jsonl HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n{}", ""},
		{"an export", "GET /export/cases.jsonl HTTP/1.1\r\nHost: x\r\n\r\n", "export"},
		{"a print", "GET /cases/a.docx HTTP/1.1\r\nHost: x\r\n\r\n", "print"},
		{"a look whether it is ready", "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", "ping"},
		{"a sitemap", "GET /sitemap.xml HTTP/1.1\r\nHost: x\r\n\r\n", "sitemap"},
		{"a file of a release", "GET /releases/2026-11/cases.csv HTTP/1.1\r\nHost: x\r\n\r\n", "file"},
		{"the changes between releases", "GET /releases/2026-12/changes-since-2026-11.jsonl HTTP/1.1\r\nHost: x\r\n\r\n", "delta"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := leftFiles{waitingFiles{begun: make(chan string, 1), end: make(chan struct{})}}
			log := &lines{written: make(chan struct{}, 100)}
			o := fakeOptions()
			database := leftDatabase{Database: o.Database, waitingFiles: files.waitingFiles}
			o.Database, o.Sitemap, o.Releases = database, database, database
			o.Files, o.Log, o.Metrics = files, slog.New(slog.NewTextHandler(log, nil)), NewMetrics(Sources{})
			server := httptest.NewServer(Handler(o))
			defer server.Close()
			c, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c, test.request); err != nil {
				t.Fatal(err)
			}
			if test.begins != "" {
				<-files.begun
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			text := log.until(t, "msg=request")
			if !strings.Contains(text, "status=499") || strings.Contains(text, "INTERNAL") || strings.Contains(text, "level=ERROR") || strings.Contains(text, "level=WARN") {
				t.Errorf("the log says\n%s", text)
			}
			for end := time.Now().Add(10 * time.Second); !strings.Contains(metricsText(o.Metrics), `jisi_requests_total{code="499",operation="none"} 1`); time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("the metrics say\n%s", metricsText(o.Metrics))
				}
			}
		})
	}
}

// lines is a log that is waited for.
type lines struct {
	mu      sync.Mutex
	text    bytes.Buffer
	written chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.written <- struct{}{} }()
	return l.text.Write(p)
}

// until returns the log once it has a text.
func (l *lines) until(t *testing.T, want string) string {
	t.Helper()
	end := time.After(10 * time.Second)
	for {
		l.mu.Lock()
		text := l.text.String()
		l.mu.Unlock()
		if strings.Contains(text, want) {
			return text
		}
		select {
		case <-l.written:
		case <-end:
			t.Fatalf("the log never says %s:\n%s", want, text)
		}
	}
}
