package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/web"
)

// What the page for developers says that the server answers is what it answers, and
// its samples have the server's own address.
func TestSamplesForDevelopersAreAnsweredAsThePageSays(t *testing.T) {
	site := sitetest.Open(t)
	token := site.Token(t, "编辑", catalog.RoleEditor, "changchun")
	ask := func(query, token string) (answer any) {
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		site.Handler.ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		return answer
	}
	tree := page(t, site.Handler, "/developers")
	code := func(id string) string {
		n := byID(tree, id)
		if n == nil {
			t.Fatalf("there is no sample %s", id)
		}
		return textOf(n)
	}
	// The query within a command of curl.
	written := func(id string) string {
		text := code(id)
		var body struct{ Query string }
		start, end := strings.Index(text, "'")+1, strings.Index(text, "}'")+1
		if err := json.Unmarshal([]byte(text[start:end]), &body); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return body.Query
	}
	for _, tt := range []struct{ what, query, token, want string }{
		{"writing", written("sample-write"), token, web.Created},
		{"an error", code("sample-error"), "", web.Refused},
	} {
		var want any
		if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, ask(tt.query, tt.token)); diff != "" {
			t.Errorf("%s (-page +server):\n%s", tt.what, diff)
		}
	}
	for _, id := range []string{"sample-search", "sample-learn", "sample-quote", "sample-pages", "sample-reports"} {
		answer, ok := ask(code(id), "").(map[string]any)
		if !ok || answer["errors"] != nil || answer["data"] == nil {
			t.Errorf("%s is answered by %v", id, answer)
		}
	}
	for _, id := range []string{"sample-curl", "sample-write", "sample-sse"} {
		if !strings.Contains(code(id), "http://example.com/graphql") {
			t.Errorf("%s does not have the server's address:\n%s", id, code(id))
		}
	}
	if text := textOf(tree); strings.Contains(text, "本站地址") {
		t.Error("an address is left to be filled in")
	}
	copies := 0
	for _, button := range all(tree, "button") {
		if from := attribute(button, "data-copy"); from != "" {
			copies++
			if byID(tree, from) == nil {
				t.Errorf("a button copies %s, which is not there", from)
			}
		}
	}
	if copies < 9 {
		t.Errorf("only %d samples can be copied", copies)
	}
}
