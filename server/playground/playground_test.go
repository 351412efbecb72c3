package playground

import (
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

func TestPageAndAllThatItNamesAreServed(t *testing.T) {
	page := get(t, "/playground")
	if page.Code != http.StatusOK {
		t.Fatalf("/playground: status %d", page.Code)
	}
	named := regexp.MustCompile(`(?:src|href)="(playground/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(named) != 6 {
		t.Errorf("the page names %d files, want 6", len(named))
	}
	for _, m := range named {
		w := get(t, "/"+m[1])
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("/%s: status %d, %d bytes", m[1], w.Code, w.Body.Len())
		}
		if got, want := w.Header().Get("Content-Type"), mediaTypes[path.Ext(m[1])]; got != want || want == "" {
			t.Errorf("/%s: type %q, want %q", m[1], got, want)
		}
	}
}

func TestOnlyItsOwnPathsAreServed(t *testing.T) {
	for _, target := range []string{"/", "/graphiql.js", "/playground/", "/playground/none.js", "/playground/x/graphiql.js", "/playground/../playground.go"} {
		if w := get(t, target); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", target, w.Code)
		}
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	first := get(t, "/playground/graphiql.js")
	r := httptest.NewRequest(http.MethodGet, "/playground/graphiql.js", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 with none", w.Code, w.Body.Len())
	}
}

// What a page, style sheet or script can load by itself. Links that a reader
// may follow, and namespaces such as SVG's, load nothing.
var loading = map[string]*regexp.Regexp{
	".html": regexp.MustCompile(`(?i)(?:src|<link[^>]*href|action|poster)\s*=\s*["']?\s*(?:https?:)?//`),
	".css":  regexp.MustCompile(`(?i)(?:url\(\s*["']?\s*(?:https?:)?//|@import|@font-face)`),
	".js":   regexp.MustCompile(`(?:\b(?:fetch|import|importScripts|Worker|EventSource|WebSocket)\s*\(\s*|\.(?:src|href)\s*=\s*)["'` + "`" + `](?:https?:|wss?:)?//`),
}

func TestNoFileLoadsAnythingFromAnotherHost(t *testing.T) {
	checked := 0
	for name, a := range load() {
		pattern := loading[path.Ext(name)]
		if pattern == nil {
			continue
		}
		checked++
		if found := pattern.Find(a.content); found != nil {
			t.Errorf("%s loads from elsewhere: %s", name, found)
		}
	}
	if checked != 7 {
		t.Errorf("checked %d files, want 7", checked)
	}
	for ext, sample := range map[string]string{
		".html": `<script src="https://cdn.example/x.js">`,
		".css":  `a{background:url(//cdn.example/x.png)}`,
		".js":   `fetch("https://cdn.example/x")`,
	} {
		if !loading[ext].MatchString(sample) {
			t.Errorf("the pattern for %s does not see %s", ext, sample)
		}
	}
}

func TestPageHasNoScriptOrStyleWithinIt(t *testing.T) {
	page := get(t, "/playground")
	for _, pattern := range []string{`(?i)<script[^>]*>[^<]`, `(?i)<style`, `(?i)\sstyle=`, `(?i)\son[a-z]+=`, `(?i)javascript:`} {
		if found := regexp.MustCompile(pattern).FindString(page.Body.String()); found != "" {
			t.Errorf("the page has %q within it", found)
		}
	}
	policy := page.Header().Get("Content-Security-Policy")
	for _, part := range strings.Split(policy, ";") {
		if name, values, _ := strings.Cut(strings.TrimSpace(part), " "); name == "script-src" && values != "'self'" {
			t.Errorf("script-src is %s, want 'self'", values)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self';") {
		t.Errorf("policy %q", policy)
	}
}
