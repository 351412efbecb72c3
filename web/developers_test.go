package web_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
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
		{"adopting", written("sample-adopt"), token, web.Adopted},
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
	for _, id := range []string{"sample-search", "sample-learn", "sample-quote", "sample-pages", "sample-reports", "sample-adoptions", "sample-needs", "sample-calls"} {
		answer, ok := ask(code(id), "").(map[string]any)
		if !ok || answer["errors"] != nil || answer["data"] == nil {
			t.Errorf("%s is answered by %v", id, answer)
		}
	}
	// Who may not submit is told so, and not that the statement is none.
	refused, _ := json.Marshal(ask(strings.Replace(code("sample-submit"), "$call: ID!, $case: ID!", `$call: ID! = "x", $case: ID! = "y"`, 1), token))
	if strings.Contains(string(refused), "GRAPHQL_") || !strings.Contains(string(refused), `"userErrors":[{`) {
		t.Errorf("submitting is answered by %s", refused)
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

// The receiver on the page takes what is signed as Standard Webhooks says, and neither
// what was changed on its way, nor what is old, nor what is signed by another key.
func TestTheWebhookReceiverOnThePageChecksSignatures(t *testing.T) {
	tree := page(t, sitetest.Open(t).Handler, "/developers")
	key := []byte("0123456789abcdef0123456789abcdef")
	program := strings.Replace(textOf(byID(tree, "sample-webhook")), "whsec_…", "whsec_"+base64.StdEncoding.EncodeToString(key), 1)
	const body = `{"id":"msg_1","type":"notices","timestamp":"2026-07-01T08:00:00Z","notices":[]}`
	signed := func(key []byte, id, sent, body string) string {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + sent + "." + body))
		return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	const now = 1782892800
	right := signed(key, "msg_1", "1782892800", body)
	type message struct {
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
	}
	head := func(id, sent, signature string) map[string]string {
		return map[string]string{"webhook-id": id, "webhook-timestamp": sent, "webhook-signature": signature}
	}
	messages := []message{
		{head("msg_1", "1782892800", right), body},
		{head("msg_1", "1782892800", "v1,b3RoZXI= "+right), body}, // of two keys, while one replaces the other
		{head("msg_1", "1782892800", right), body + " "},
		{head("msg_2", "1782892800", right), body},
		{head("msg_1", "1782892801", right), body},
		{head("msg_1", "1782892000", signed(key, "msg_1", "1782892000", body)), body},
		{head("msg_1", "1782892800", signed([]byte("another key"), "msg_1", "1782892800", body)), body},
		{map[string]string{}, body},
	}
	given, err := json.Marshal(messages)
	if err != nil {
		t.Fatal(err)
	}
	ask := exec.CommandContext(t.Context(), "python3", "-c", program[:strings.Index(program, "if __name__")]+fmt.Sprintf(`
import sys
print(json.dumps([verified(m["headers"], m["body"].encode(), %d) for m in json.load(sys.stdin)]))
`, now))
	ask.Stdin = bytes.NewReader(given)
	out, err := ask.CombinedOutput()
	if got, want := strings.TrimSpace(string(out)), "[true, true, false, false, false, false, false, false]"; err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
