package e2e

import (
	"bytes"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// answer is what came back of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request with a bearer, "" for none.
func (s *server) send(t *testing.T, method, path, bearer, media string, body []byte) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	if media != "" {
		r.Header.Set("Content-Type", media)
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
	return answer{response.StatusCode, response.Header, string(text)}
}

// token makes a token at the place.
func (p place) token(t *testing.T, args ...string) string {
	t.Helper()
	return strings.TrimSpace(p.must(t, nil, append([]string{"token", "create"}, args...)...).out)
}

func TestCasesGoOutAsFiles(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t)
	p.must(t, strings.NewReader(twoCases+`{"type":"case","slug":"e2e-caogao","title":"一份草稿","status":"DRAFT","committee":"changchun","year":2023}`+"\n"), "import", "-")
	shown := s.counts(t).Cases.TotalCount
	editor := p.token(t, "-role", "editor", "-committee", "changchun", "-name", "长春编辑")
	other := p.token(t, "-role", "editor", "-committee", "jilin", "-name", "吉林编辑")

	lines := func(a answer) int { return strings.Count(a.body, "\n") }
	whole := s.send(t, http.MethodGet, "/export/cases.jsonl", "", "", nil)
	if whole.status != http.StatusOK || lines(whole) != shown || whole.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("cases.jsonl: %d, %d lines, want %d; %v", whole.status, lines(whole), shown, whole.header)
	}
	_, params, err := mime.ParseMediaType(whole.header.Get("Content-Disposition"))
	if err != nil || !strings.HasPrefix(params["filename"], "案例-") || !strings.HasSuffix(params["filename"], ".jsonl") {
		t.Errorf("the file is called %q", whole.header.Get("Content-Disposition"))
	}
	for path, want := range map[string]struct {
		bearer string
		lines  int
	}{
		"/export/cases.jsonl?status=DRAFT&x=":                  {"", -1}, // no such filter
		"/export/cases.jsonl?status=DRAFT":                     {"", 0},
		"/export/cases.jsonl?status=DRAFT&years=2023":          {editor, 1},
		"/export/cases.jsonl?status=DRAFT&years=2022":          {editor, 0},
		"/export/cases.jsonl?status=DRAFT&origins=CONTRIBUTED": {other, 0},
	} {
		got := s.send(t, http.MethodGet, path, want.bearer, "", nil)
		if n := lines(got); want.lines >= 0 && (got.status != http.StatusOK || n != want.lines) || want.lines < 0 && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d, %d lines, want %d", path, got.status, n, want.lines)
		}
	}
	csv := s.send(t, http.MethodGet, "/export/cases.csv", "", "", nil)
	if !strings.HasPrefix(csv.body, "\uFEFF") || !strings.Contains(csv.body, "粮食烘干点") {
		t.Errorf("cases.csv begins %.80q", csv.body)
	}
	xlsx := s.send(t, http.MethodGet, "/export/cases.xlsx", "", "", nil)
	if !strings.HasPrefix(xlsx.body, "PK") {
		t.Errorf("cases.xlsx begins %.20q", xlsx.body)
	}
	for path, status := range map[string]int{"/export/cases.pdf": 404, "/export/brands.csv": 404, "/cases/nowhere.docx": 404, "/cases/e2e-caogao.docx": 404, "/cases/e2e-liangshi": 200} {
		if got := s.send(t, http.MethodGet, path, "", "", nil); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
	if got := s.send(t, http.MethodGet, "/cases/e2e-caogao.docx", editor, "", nil); got.status != http.StatusOK || !strings.HasPrefix(got.body, "PK") {
		t.Errorf("one's own draft as a document: %d", got.status)
	}
	p.sameAsOut(t, whole.body, csv.body, xlsx.body)
}

// sameAsOut brings what was exported into an empty database, where each form
// makes the same cases.
func (p place) sameAsOut(t *testing.T, jsonl, csv, xlsx string) {
	t.Helper()
	into := newMigratedPlace(t)
	for i, file := range []string{writeFile(t, into, "out.jsonl", jsonl), writeFile(t, into, "out.csv", csv), writeFile(t, into, "out.xlsx", xlsx)} {
		r := into.run(t, nil, "import", file)
		if i == 0 && r.code != 0 || i > 0 && !strings.Contains(r.out, "0 new, 0 changed") || strings.Contains(r.out, " 0 same, ") && i > 0 {
			t.Errorf("%s: exit code %d, %s%s", filepath.Base(file), r.code, r.out, r.err)
		}
	}
}

// TestAnImportKilledAtAnyMomentAndRunAgainEndsTheSame kills an import at moments
// that a seed picks, each time at another, and runs it again.
func TestAnImportKilledAtAnyMomentAndRunAgainEndsTheSame(t *testing.T) {
	t.Parallel()
	whole := newMigratedPlace(t)
	file := filepath.Join(whole.cwd, "made.jsonl")
	whole.must(t, nil, "generate", "-cases", "1500", "-seed", "21", "-o", file)
	whole.must(t, nil, "import", file)
	want := whole.must(t, nil, "export").out

	p := newMigratedPlace(t) // so that what is killed is an import, and not the making of a database
	random := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		killed := p.command(t.Context(), "import", file)
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- killed.Wait() }()
		select {
		case <-ended: //nolint:errcheck // it was quick
		case <-time.After(time.Duration(500+random.IntN(2500)) * time.Millisecond):
			if err := killed.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-ended //nolint:errcheck // it was killed
		}
	}
	p.must(t, nil, "import", file)
	if got := p.must(t, nil, "export").out; got != want {
		t.Errorf("%d bytes, want %d: not what an import that nobody killed makes", len(got), len(want))
	}
	p.must(t, nil, "verify")
	if out := p.must(t, nil, "import", file).out; !strings.Contains(out, "0 new, 0 changed") {
		t.Errorf("once more: %s", out)
	}
}
