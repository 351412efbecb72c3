package meaning_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/meaning/meaningtest"
)

func serve(t *testing.T, s *meaningtest.Server) string {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

func newClient(t *testing.T, s meaning.Settings) *meaning.Client {
	t.Helper()
	if s.Model == "" {
		s.Model = "demonstration"
	}
	if s.Budget == 0 {
		s.Budget = 5 * time.Second // the machine may be busy
	}
	c, err := meaning.NewClient(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnAnswerThatIsNotWhatWasAskedForIsRefused(t *testing.T) {
	for _, m := range meaningtest.Manners() {
		s := &meaningtest.Server{Wait: time.Minute}
		s.Manner.Store(int32(m))
		c := newClient(t, meaning.Settings{URL: serve(t, s), Dimensions: 64})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if m == meaningtest.Slow {
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
		}
		passages, err := c.Passages(ctx, []string{"黑土地保护", "校外托管"})
		_, queryErr := c.Query(ctx, "孩子没人管")
		cancel()
		if m == meaningtest.Well {
			if err != nil || queryErr != nil || len(passages) != 2 || len(passages[0]) != 64 {
				t.Errorf("of a server that is well: %d vectors, %v, %v", len(passages), err, queryErr)
			}
			continue
		}
		if err == nil || queryErr == nil {
			t.Errorf("manner %d: passages %v, query %v, want both refused", m, err, queryErr)
		}
	}
}

func TestTheAddressIsCompletedAndTheKeyKept(t *testing.T) {
	s := &meaningtest.Server{Key: "geheim"}
	address := serve(t, s)
	for _, url := range []string{address, address + "/", address + "/v1", address + "/v1/", address + "/v1/embeddings"} {
		c := newClient(t, meaning.Settings{URL: url, Key: "geheim", QueryPrefix: "query: ", PassagePrefix: "passage: "})
		if n, _, err := c.Check(t.Context()); err != nil || n != 256 {
			t.Errorf("%s: %d, %v", url, n, err)
		}
	}
	sent := strings.Join(s.Sent(), "\n")
	if !strings.Contains(sent, "query: 吉林") || !strings.Contains(sent, "passage: 吉林") {
		t.Errorf("sent %q, want both prefixes", sent)
	}
	// Where the server leads elsewhere, the key does not go along.
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer other.Close()
	leading := httptest.NewServer(http.RedirectHandler(other.URL+"/v1/embeddings", http.StatusTemporaryRedirect))
	defer leading.Close()
	_, err := newClient(t, meaning.Settings{URL: leading.URL, Key: "geheim"}).Query(t.Context(), "学校")
	if err == nil || elsewhere != 0 {
		t.Errorf("asked elsewhere %d times, %v", elsewhere, err)
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("the error has the key: %v", err)
	}
	for _, url := range []string{"", "ftp://example.cn", "nowhere"} {
		if _, err := meaning.NewClient(meaning.Settings{URL: url}); err == nil {
			t.Errorf("%q is taken for an address", url)
		}
	}
}
