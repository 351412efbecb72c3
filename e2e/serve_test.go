package e2e

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/internal/pgtest"
)

func TestANewServerServesWhatTheDocumentNames(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	s := p.serve(t)
	c := s.counts(t)
	for name, n := range map[string][2]int{
		"cases": {c.Cases.TotalCount, 12}, "brands": {c.Brands.TotalCount, 11}, "proposals": {c.Proposals.TotalCount, 4},
		"practices": {c.Practices.TotalCount, 10}, "committees": {c.Committees.TotalCount, 70},
	} {
		if n[0] < n[1] {
			t.Errorf("%d %s, want at least %d", n[0], name, n[1])
		}
	}
	for query, want := range map[string]string{
		"三点半": "case ", "小学生课后": "case ", "小县生": "case ", "营商环境": "", "海洋经济": "", "夜经济": "", "蛋谷": "", "黑土地": "",
	} {
		if hits := s.found(t, query); len(hits) == 0 || !strings.HasPrefix(hits[0], want) {
			t.Errorf("search for %s finds %q", query, hits)
		}
	}
	left, err := os.ReadDir(p.cwd)
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v in the directory it was run from (%v)", left, err)
	}
	if info, err := os.Stat(p.data); err != nil || info.Mode().Perm()&0o066 != 0 {
		t.Errorf("others can read the data directory: %v %v", info.Mode(), err)
	}

	s.stop(t)
	if _, err := os.Stat(p.pidFile()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the private PostgreSQL was not stopped: %v", err)
	}
	again := p.serve(t)
	if diff := cmp.Diff(c, again.counts(t)); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
	if strings.Contains(again.log.String(), "loaded the documented records") {
		t.Error("a restart loaded the records again")
	}
}

// quoted is a record with its citations, and these with their sources.
type quoted struct {
	Slug      string
	Citations []struct {
		Quote      string
		Start, End int
		Source     struct{ Slug string }
	}
}

func TestEveryQuoteStandsInItsSource(t *testing.T) {
	t.Parallel()
	s := newStartedPlace(t).serve(t)
	var sources struct {
		Sources struct {
			Nodes []struct{ Slug, Text string }
		}
	}
	s.ask(t, `{ sources(first: 100) { nodes { slug text } } }`, nil, &sources)
	texts := map[string][]rune{}
	for _, source := range sources.Sources.Nodes {
		texts[source.Slug] = []rune(source.Text)
	}
	var records map[string]struct{ Nodes []quoted }
	const cited = `(first: 100) { nodes { slug citations { quote start end source { slug } } } } `
	s.ask(t, "{ cases"+cited+"brands"+cited+"proposals"+cited+"practices"+cited+"indicators"+cited+"}", nil, &records)
	checked := 0
	for kind, list := range records {
		for _, r := range list.Nodes {
			if len(r.Citations) == 0 {
				t.Errorf("%s %s has no citation", kind, r.Slug)
			}
			for _, c := range r.Citations {
				checked++
				text := texts[c.Source.Slug]
				if c.Start < 0 || c.End > len(text) || c.Start > c.End || string(text[c.Start:c.End]) != c.Quote {
					t.Errorf("%s %s: %q is not at %d to %d of %s", kind, r.Slug, c.Quote, c.Start, c.End, c.Source.Slug)
				}
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d quotes were checked", checked)
	}
}

func TestThePagesBesideGraphQL(t *testing.T) {
	t.Parallel()
	s := newPlace(t).serve(t)
	for path, want := range map[string]string{
		"/": "吉思广益", "/schema.graphql": "type Query", "/playground": "查询台", "/healthz": "ok", "/readyz": `"version":"e2e"`,
	} {
		if status, body := s.get(t, path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: status %d, %.200q", path, status, body)
		}
	}
	// The query that the playground opens with is one that works.
	_, page := s.get(t, "/playground/page.js")
	var query strings.Builder
	for _, line := range regexp.MustCompile(`(?m)^    '(.*)',$`).FindAllStringSubmatch(page, -1) {
		query.WriteString(line[1] + "\n")
	}
	var data struct{ Search struct{ TotalCount int } }
	s.ask(t, query.String(), nil, &data)
	if data.Search.TotalCount == 0 {
		t.Errorf("the playground's first query finds nothing: %s", query.String())
	}
}

func TestADatabaseThatIsGivenIsUsed(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	s := p.serve(t, "-database-url", pgtest.New(t, nil))
	if n := s.counts(t).Cases.TotalCount; n == 0 {
		t.Error("no cases")
	}
	if _, err := os.Stat(filepath.Join(p.data, "postgres")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a private PostgreSQL was made all the same: %v", err)
	}
	s.stop(t)
}

func TestWithoutSeedADatabaseStaysEmpty(t *testing.T) {
	t.Parallel()
	s := newPlace(t).serve(t, "-seed=false")
	if diff := cmp.Diff(counts{}, s.counts(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOneServerADataDirectory(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	second := p.run(t, nil, "serve", "-listen", "127.0.0.1:0")
	if second.code != 1 || second.out != "" || !strings.Contains(second.err, "data directory already") {
		t.Errorf("the second: exit code %d, %q, %q", second.code, second.out, second.err)
	}
	taken := p.run(t, nil, "serve", "-listen", strings.TrimPrefix(s.url, "http://"))
	if taken.code != 1 || !strings.Contains(taken.err, "in use") || strings.Count(taken.err, "\n") != 2 {
		t.Errorf("at the same address: exit code %d, %q", taken.code, taken.err)
	}
	if n := s.counts(t).Cases.TotalCount; n == 0 {
		t.Error("the first one serves no longer")
	}
}

func TestInterruptStopsAsWellAsTerminate(t *testing.T) {
	t.Parallel()
	s := newStartedPlace(t).serve(t)
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d; its log:\n%s", code, s.log)
	}
}

// slowRequest sends all of a request but its end, which the caller sends.
func (s *server) slowRequest(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // the test is over
	const body = `{"query":"{ cases { totalCount } }"`
	if _, err := fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: jisi\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body)+1, body); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestARequestUnderWayIsAnsweredBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s := newStartedPlace(t).serve(t)
	conn := s.slowRequest(t)
	s.counts(t) // so that the slow one, which came before, has been accepted
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is stopping", func() bool { return strings.Contains(s.log.String(), "stopping") })
	if _, err := io.WriteString(conn, "}"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") || !strings.Contains(string(answer), "totalCount") {
		t.Errorf("the answer was %q (%v)", answer, err)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d; its log:\n%s", code, s.log)
	}
}

func TestASecondSignalWaitsForNobody(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t, "-drain", "1h")
	s.slowRequest(t)
	s.counts(t)
	start := time.Now()
	for range 2 {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is stopping", func() bool { return strings.Contains(s.log.String(), "stopping") })
	}
	s.wait(t)
	// The request itself would have been cut off after 30 s.
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := os.Stat(p.pidFile()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the private PostgreSQL was not stopped: %v", err)
	}
}

func TestStoppedWhileItStarts(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	s, lines := p.launch(t)
	eventually(t, "it has begun", func() bool { return s.log.String() != "" })
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d; its log:\n%s", code, s.log)
	}
	for line := range lines {
		t.Errorf("it said %q", line)
	}
	if got := p.serve(t).counts(t); got.Cases.TotalCount == 0 {
		t.Error("the next start serves no cases")
	}
}

func TestTheIndexComesBackTheSame(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	queries := []string{"营商环境", "三点半", "协商", "夜经济"}
	before := map[string][]string{}
	for _, q := range queries {
		before[q] = s.found(t, q)
	}
	check := func(s *server, when string) {
		t.Helper()
		for _, q := range queries {
			if diff := cmp.Diff(before[q], s.found(t, q)); diff != "" {
				t.Errorf("%s: search for %s (-before +after):\n%s", when, q, diff)
			}
		}
	}

	// Beside the server, which does it in the background.
	version := dataVersion(t, s)
	if out := p.must(t, nil, "reindex").out; !strings.Contains(out, "running server") {
		t.Errorf("reindex beside a server said %q", out)
	}
	eventually(t, "the server has built the index anew", func() bool { return dataVersion(t, s) != version })
	check(s, "built anew beside searches")
	s.stop(t)

	if err := os.RemoveAll(filepath.Join(p.data, "index")); err != nil {
		t.Fatal(err)
	}
	s = p.serve(t)
	check(s, "deleted")
	s.stop(t)

	if out := p.must(t, nil, "reindex").out; !strings.Contains(out, "the index is built") {
		t.Errorf("reindex without a server said %q", out)
	}
	s = p.serve(t)
	check(s, "built anew without a server")
	s.stop(t)

	// Damage to a file of it, whichever.
	var files []string
	err := filepath.WalkDir(filepath.Join(p.data, "index"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in the index: %v", err)
	}
	slices.Sort(files)
	for _, file := range files {
		if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(p.serve(t), fmt.Sprintf("%d files damaged", len(files)))
}

var versionPattern = regexp.MustCompile(`"dataVersion":(\d+)`)

func dataVersion(t *testing.T, s *server) string {
	t.Helper()
	_, body := s.get(t, "/readyz")
	m := versionPattern.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("/readyz says %s", body)
	}
	return m[1]
}
