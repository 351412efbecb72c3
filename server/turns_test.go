package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// waitingFiles are Files whose exports and imports go on until they are let go.
type waitingFiles struct {
	Files
	begun chan string
	end   chan struct{}
}

func (f waitingFiles) MediaType(string) string { return "application/x-ndjson" }

func (f waitingFiles) ExportCases(ctx context.Context, w io.Writer, _ string, _ catalog.CaseFilter) error {
	return f.wait(ctx, "export")
}

func (f waitingFiles) MayImport(context.Context) error { return nil }

func (f waitingFiles) Import(ctx context.Context, _ Import) (*ImportReport, error) {
	return &ImportReport{}, f.wait(ctx, "import")
}

func (f waitingFiles) wait(ctx context.Context, what string) error {
	f.begun <- what
	select {
	case <-f.end:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Whoever reads exports slowly keeps nobody from bringing something in, and has one of
// them at a time.
func TestExportsAndImportsTakeTurnsOfTheirOwnOneACaller(t *testing.T) {
	files := waitingFiles{begun: make(chan string), end: make(chan struct{})}
	o := fakeOptions()
	o.Files = files
	h := Handler(o)
	send := func(method, target, from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader("{}"))
		r.RemoteAddr = from + ":1234"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	done := make(chan int)
	begin := func(method, target, from, what string) {
		t.Helper()
		go func() { done <- send(method, target, from).Code }()
		select {
		case got := <-files.begun:
			if got != what {
				t.Fatalf("%s began, want %s", got, what)
			}
		case <-time.After(turnWait / 2):
			t.Fatalf("the %s from %s waits", what, from)
		}
	}
	for _, from := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		begin(http.MethodGet, "/export/cases.jsonl", from, "export")
	}
	begin(http.MethodPost, "/import?file=a.jsonl", "192.0.2.1", "import")
	for _, again := range []struct{ method, target, want string }{
		{http.MethodGet, "/export/cases.jsonl", "您已有一个导出正在进行"},
		{http.MethodPost, "/import?file=a.jsonl", "您已有一个导入正在进行"},
	} {
		w := send(again.method, again.target, "192.0.2.1")
		if w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), again.want) || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %s, Retry-After %q", again.target, w.Code, w.Body, w.Header().Get("Retry-After"))
		}
	}
	close(files.end)
	for range 4 {
		if code := <-done; code != http.StatusOK {
			t.Errorf("status %d", code)
		}
	}
	go func() { <-files.begun }()
	if w := send(http.MethodGet, "/export/cases.jsonl", "192.0.2.1"); w.Code != http.StatusOK {
		t.Errorf("when it is done: %d %s", w.Code, w.Body)
	}
}

// This machine's own requests are nobody's in particular.
func TestACallerWithoutANameTakesAnyNumberOfTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2, "导出", "export")
		first, err := turns.take(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := turns.take(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		if _, err := turns.take(t.Context(), "a"); catalog.ErrorKindOf(err) != catalog.KindUnavailable || errors.Is(err, errUnderWay) {
			t.Errorf("a third one: %v", err)
		}
		first()
		if _, err := turns.take(t.Context(), "a"); err != nil {
			t.Errorf("who had waited in vain is not let in afterwards: %v", err)
		}
	})
}

// slowly is a reader or writer that takes a while for each piece.
type slowly struct {
	http.ResponseWriter
	pause time.Duration
}

func (s slowly) Write(p []byte) (int, error) { time.Sleep(s.pause); return len(p), nil }
func (s slowly) Read(p []byte) (int, error)  { time.Sleep(s.pause); return len(p), nil }
func (s slowly) Close() error                { return nil }

func TestWhoReadsOrSendsTooSlowlyIsLeft(t *testing.T) {
	const piece = 32 << 10
	for name, c := range map[string]struct {
		pause time.Duration
		ends  bool
		after time.Duration // at the latest
	}{
		"at once":           {0, false, 0},
		"at 40 KiB/s":       {800 * time.Millisecond, false, 0},
		"at 16 KiB/s":       {2 * time.Second, true, 70 * time.Second},
		"a piece each 29 s": {29 * time.Second, true, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				other := slowly{httptest.NewRecorder(), c.pause}
				reader := &fileWriter{w: other, deadline: http.NewResponseController(other), media: "text/plain", name: "a.txt"}
				sender := &patientBody{ReadCloser: other, deadline: http.NewResponseController(other)}
				for what, once := range map[string]func() error{
					"reader": func() error { _, err := reader.Write(make([]byte, piece)); return err },
					"sender": func() error { _, err := sender.Read(make([]byte, piece)); return err },
				} {
					start, err := time.Now(), error(nil)
					for range 1000 {
						if err = once(); err != nil {
							break
						}
					}
					switch took := time.Since(start); {
					case !c.ends && err != nil:
						t.Errorf("the %s is left after %v: %v", what, took, err)
					case c.ends && (!errors.Is(err, errSlowReader) && !errors.Is(err, os.ErrDeadlineExceeded) || took > c.after):
						t.Errorf("the %s: %v after %v", what, err, took)
					}
				}
			})
		})
	}
}
