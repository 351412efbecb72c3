package e2e

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// imported is the report of an import over HTTP.
type imported struct {
	DryRun, Committed           bool
	New, Changed, Same, Refused int
	Records                     []struct{ Action, Slug, Title string }
	Refusals                    []struct {
		File     string
		Line     int
		Slug     string
		Problems []struct{ Path, Kind, Zh, En string }
	}
}

// bring sends a file to be imported.
func (s *server) bring(t *testing.T, path, bearer, media string, content []byte) imported {
	t.Helper()
	got := s.send(t, http.MethodPost, path, bearer, media, content)
	var report imported
	if err := json.Unmarshal([]byte(got.body), &report); got.status != http.StatusOK || err != nil {
		t.Fatalf("%s: %d, %s", path, got.status, got.body)
	}
	return report
}

func TestEditorsBringInDraftsOverHTTP(t *testing.T) {
	t.Parallel()
	p := newStartedPlace(t)
	s := p.serve(t, "-max-import", "2000000")
	editor := p.token(t, "-role", "editor", "-committee", "changchun", "-name", "长春编辑")
	reader := p.token(t, "-role", "reader", "-name", "读者")
	shown := s.counts(t).Cases.TotalCount

	const csv = "永久链接,标题,委员会,背景\r\nhttp-a,关于供热管网改造的协商,长春市政协,老旧管网漏损严重。\r\nhttp-b,关于公园座椅的协商,,市民休息没有座椅。\r\nhttp-c,,长春市政协,没有标题。\r\nhttp-d,另一家的案例,吉林市政协,不属于本会。\r\n"
	for name, status := range map[string]int{"": http.StatusUnauthorized, reader: http.StatusForbidden} {
		if got := s.send(t, http.MethodPost, "/import?file=a.csv", name, "text/csv", []byte(csv)); got.status != status || !strings.Contains(got.body, `"code"`) {
			t.Errorf("without leave: %d, want %d: %s", got.status, status, got.body)
		}
	}
	dry := s.bring(t, "/import?dryRun=true&file=a.csv", editor, "text/csv", []byte(csv))
	if !dry.DryRun || dry.Committed || dry.New != 2 || dry.Refused != 2 || len(dry.Records) != 2 || dry.Records[0].Action != "NEW" || dry.Records[0].Title != "关于供热管网改造的协商" {
		t.Errorf("a dry run: %+v", dry)
	}
	got := s.bring(t, "/import?file=a.csv", editor, "text/csv", []byte(csv))
	if got.DryRun || !got.Committed || got.New != 2 || got.Refused != 2 || len(got.Refusals) != 2 {
		t.Fatalf("the import: %+v", got)
	}
	for i, want := range []struct {
		line       int
		path, kind string
	}{{4, "title", "INVALID"}, {5, "committee", "FORBIDDEN"}} {
		r := got.Refusals[i]
		if r.File != "a.csv" || r.Line != want.line || len(r.Problems) != 1 || r.Problems[0].Path != want.path || r.Problems[0].Kind != want.kind || r.Problems[0].Zh == "" {
			t.Errorf("refusal %d: %+v, want line %d, %s", i, r, want.line, want.path)
		}
	}
	if n := s.counts(t).Cases.TotalCount; n != shown {
		t.Errorf("%d cases are shown to everybody, want %d: what came in are drafts", n, shown)
	}
	file := s.send(t, http.MethodPost, "/import?file=a.csv&report=file", editor, "text/csv", []byte(csv))
	if strings.Count(file.body, "\n") != 2 || !strings.HasPrefix(file.header.Get("Content-Type"), "application/x-ndjson") {
		t.Errorf("the file of refusals: %s", file.body)
	}

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, text := range map[string]string{"b.csv": csv, "c.jsonl": strings.ReplaceAll(twoCases, "e2e-", "form-")} {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.bring(t, "/import", editor, w.FormDataContentType(), form.Bytes()); got.New != 2 || got.Same != 2 || got.Refused != 2 {
		t.Errorf("a form with two files: %+v", got)
	}

	// A published record stays as it is, whatever is brought in: what is the same is told
	// as the same.
	p.must(t, strings.NewReader(`{"type":"case","slug":"http-a","title":"关于供热管网改造的协商","committee":"changchun","background":"老旧管网漏损严重。","status":"PUBLISHED"}`+"\n"), "import", "-")
	again := s.bring(t, "/import?file=a.csv", editor, "text/csv", []byte(csv))
	if again.Same != 2 || again.Refused != 2 || again.Changed != 0 {
		t.Errorf("with one of them published meanwhile: %+v", again)
	}
	differs := s.bring(t, "/import?file=a.jsonl", editor, "application/x-ndjson", []byte(`{"type":"case","slug":"http-a","title":"改了","committee":"changchun"}`+"\n"))
	if differs.Same != 0 || differs.Refused != 1 || differs.Changed != 0 {
		t.Errorf("with a published one that differs: %+v", differs)
	}
	if n := s.counts(t).Cases.TotalCount; n != shown+1 {
		t.Errorf("%d cases are shown, want %d", n, shown+1)
	}
	for path, status := range map[string]int{"/import": 400, "/import?file=a.pdf": 200, "/import?file=a.csv&dryRun=perhaps": 400} {
		if got := s.send(t, http.MethodPost, path, editor, "text/csv", []byte(csv)); got.status != status {
			t.Errorf("%s: %d, want %d: %s", path, got.status, status, got.body)
		}
	}
	if got := s.send(t, http.MethodPost, "/import?file=a.csv", editor, "text/csv", append([]byte("标题\r\n"), bytes.Repeat([]byte("题目很多\r\n"), 150_000)...)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a file past the limit: %d %s", got.status, got.body)
	}
}
