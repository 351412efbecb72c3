package e2e

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

// patience bounds every wait; what is waited for takes a second or two on an
// idle machine.
const patience = 2 * time.Minute

// binary is the jisi under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

// runAll builds jisi and runs the tests, and returns their exit code.
func runAll(m *testing.M) (code int) {
	failed := func(what string, err error) int {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		return 1
	}
	if binary = os.Getenv("JISI_E2E_BINARY"); binary == "" { // else one that is built already, or another processor's
		dir, err := os.MkdirTemp("", "jisi-e2e")
		if err != nil {
			return failed("building jisi", err)
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "jisi")
		flags := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=e2e", "-o", binary}, raced...)
		if out, err := exec.Command("go", append(flags, "../cmd/jisi")...).CombinedOutput(); err != nil {
			return failed("building jisi", fmt.Errorf("%w\n%s", err, out))
		}
	}
	remove, err := makePrepared()
	if err != nil {
		return failed("making a folder for what is prepared", err)
	}
	defer remove()
	return m.Run() // not by pgtest.Main, which does not return
}

// place is a data directory, and the empty directory from which jisi runs.
type place struct {
	data, cwd string
	database  string // its url; "" is the private one
	program   string // the jisi that runs there; "" is the binary under test
	// environment is what the jisi finds besides, as NAME=value.
	environment []string
}

func newPlace(t *testing.T) place {
	t.Helper()
	dir, err := os.MkdirTemp(pgtest.TempDir(), "jisi-e2e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	p := place{data: filepath.Join(dir, "data"), cwd: filepath.Join(dir, "empty")}
	// Where root runs this, the private PostgreSQL's user has to pass; below one
	// of t.TempDir it could not, and the database would be put elsewhere.
	if err := errors.Join(os.Chmod(dir, 0o711), os.Mkdir(p.cwd, 0o700)); err != nil {
		t.Fatal(err)
	}
	return p
}

// command prepares a jisi at the place with an environment that has nothing of
// the tester's but PATH.
func (p place) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, cmp.Or(p.program, binary), args...)
	c.Dir = p.cwd
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.cwd, "JISI_DATA_DIR=" + p.data}
	if p.database != "" {
		c.Env = append(c.Env, "DATABASE_URL="+p.database)
	}
	c.Env = append(c.Env, p.environment...)
	return c
}

// result is what a run of jisi came to.
type result struct {
	code     int
	out, err string
}

// run runs a jisi to its end.
func (p place) run(t *testing.T, stdin io.Reader, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := p.command(ctx, args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = stdin, &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("jisi %q: %v", args, err)
	}
	return result{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// must runs a jisi that has to succeed.
func (p place) must(t *testing.T, stdin io.Reader, args ...string) result {
	t.Helper()
	r := p.run(t, stdin, args...)
	if r.code != 0 {
		t.Fatalf("jisi %q: exit code %d\n%s%s", args, r.code, r.out, r.err)
	}
	return r
}

// server is a running jisi serve.
type server struct {
	url   string
	cmd   *exec.Cmd
	log   *buffer
	ended chan struct{} // closed when it has ended
}

// buffer gathers a process's words while a test reads them.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// launch starts a jisi serve and does not wait for it to serve. Its lines on
// standard output come from the channel, which is closed at its end.
func (p place) launch(t *testing.T, args ...string) (*server, <-chan string) {
	t.Helper()
	s := &server{log: &buffer{}, ended: make(chan struct{})}
	s.cmd = p.command(context.Background(), append([]string{"serve", "-listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 10)
	go func() {
		defer close(s.ended)
		scanner := bufio.NewScanner(out)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		close(lines)
		_ = s.cmd.Wait() // its state says how it ended
	}()
	t.Cleanup(func() {
		select {
		case <-s.ended:
		default:
			_ = s.cmd.Process.Signal(syscall.SIGTERM)
			s.wait(t)
		}
		if strings.Contains(s.log.String(), "DATA RACE") { // see race_on_test.go
			t.Errorf("the server has a race:\n%s", s.log)
		}
	})
	return s, lines
}

var addressPattern = regexp.MustCompile(`http://\S+`)

// serve starts a jisi serve and returns when it serves.
func (p place) serve(t *testing.T, args ...string) *server {
	t.Helper()
	s, lines := p.launch(t, args...)
	select {
	case line, ok := <-lines:
		if s.url = addressPattern.FindString(line); !ok || s.url == "" {
			s.wait(t)
			t.Fatalf("it printed %q instead of an address; its log:\n%s", line, s.log)
		}
	case <-time.After(patience):
		t.Fatalf("no address after %v; its log:\n%s", patience, s.log)
	}
	return s
}

// wait waits until the process has ended and returns its exit code, -1 where a
// signal ended it.
func (s *server) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		t.Errorf("it did not end in %v; its log:\n%s", patience, s.log)
		<-s.ended
	}
	return s.cmd.ProcessState.ExitCode()
}

// stop ends the server as a user does, and checks that it ends well.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d after SIGTERM; its log:\n%s", code, s.log)
	}
}

// kill ends the server as a power cut does.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wait(t)
}

// ask sends a query and puts its data into the value; errors fail the test.
func (s *server) ask(t *testing.T, query string, variables map[string]any, data any) {
	t.Helper()
	if err := s.try(t.Context(), query, variables, data); err != nil {
		t.Fatalf("%s: %v; its log:\n%s", query, err, s.log)
	}
}

// try sends a query and puts its data into the value.
func (s *server) try(ctx context.Context, query string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Errors != nil {
		return fmt.Errorf("errors: %s", answer.Errors)
	}
	return json.Unmarshal(answer.Data, data)
}

// get fetches a page.
func (s *server) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// eventually tries until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not in %v: %s", patience, what)
		}
	}
}

// counts is how many records of each kind a server shows.
type counts struct {
	Cases, Brands, Proposals, Practices, Committees count
}

type count struct{ TotalCount int }

const countsQuery = `{ cases { totalCount } brands { totalCount } proposals { totalCount } practices { totalCount } committees { totalCount } }`

func (s *server) counts(t *testing.T) counts {
	t.Helper()
	var c counts
	s.ask(t, countsQuery, nil, &c)
	return c
}

// shows waits until a server shows so many cases. What another process writes a
// server hears of soon, not at once.
func (s *server) shows(t *testing.T, cases int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d cases are shown", cases), func() bool { return s.counts(t).Cases.TotalCount == cases })
}

// found returns what a search finds: type and slug of each hit, in order.
func (s *server) found(t *testing.T, query string) []string {
	t.Helper()
	var data struct {
		Search struct {
			Edges []struct {
				Node struct {
					Type string `json:"__typename"`
					Slug string
				}
			}
		}
	}
	s.ask(t, `query($q: String!) { search(query: $q, first: 100) { edges { node { __typename ... on Record { slug } } } } }`, map[string]any{"q": query}, &data)
	var hits []string
	for _, e := range data.Search.Edges {
		hits = append(hits, strings.ToLower(e.Node.Type)+" "+e.Node.Slug)
	}
	return hits
}
