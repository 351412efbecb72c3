package e2e

import (
	"bufio"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// TestWhatIsImportedBesideAServerIsToldToItsSubscribers runs the whole way: the
// change is another process's, the names are read for the event, and a stop
// completes the stream.
func TestWhatIsImportedBesideAServerIsToldToItsSubscribers(t *testing.T) {
	p := newStartedPlace(t)
	s := p.serve(t)
	body := `{"query":"subscription { caseChanged(filter: {levels: [COUNTY]}) { slug title committee { name } } }"}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := make(chan string, 10)
	go func() {
		defer close(lines)
		scanner := bufio.NewScanner(response.Body)
		for scanner.Scan() {
			if line := scanner.Text(); line != "" && line != ":" {
				lines <- line
			}
		}
	}()

	p.must(t, strings.NewReader(`{"type":"case","slug":"sheng","title":"省里的","origin":"SYNTHETIC","level":"PROVINCE"}
{"type":"case","slug":"caogao","title":"草稿","origin":"SYNTHETIC","status":"DRAFT","level":"COUNTY"}
{"type":"case","slug":"xian","title":"县里的","origin":"SYNTHETIC","level":"COUNTY","committee":"长春市朝阳区政协"}
`), "import", "-")
	for _, want := range []string{"event: next", `data: {"data":{"caseChanged":{"slug":"xian","title":"县里的","committee":{"name":"长春市朝阳区政协"}}}}`} {
		if got := <-lines; got != want {
			t.Fatalf("%s, want %s; the server's log:\n%s", got, want, s.log)
		}
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"event: complete", "data: "} {
		if got := <-lines; got != want {
			t.Errorf("at the stop: %q, want %q", got, want)
		}
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d; its log:\n%s", code, s.log)
	}
}
