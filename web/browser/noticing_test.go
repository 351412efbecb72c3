package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/web"
)

// badPage does all that no page may.
const badPage = `<!doctype html><html lang="zh-CN"><title>坏页</title><body>
<script>document.title = 'ran'</script><img src="http://127.0.0.1:1/x.png">
<script src="/script.js"></script><input><p class="wide">一段颜色太浅的长长的文字</p>
<link rel="stylesheet" href="/style.css"></body></html>`

// noticing makes sure that the tests see what they look for.
func noticing(s *stage, t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", web.ContentSecurityPolicy)
		switch r.URL.Path {
		case "/script.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, "console.error('a complaint'); setTimeout(() => { nothing() })")
		case "/style.css":
			w.Header().Set("Content-Type", "text/css")
			_, _ = io.WriteString(w, ".wide { width: 2000px; color: #eee; background: #fff }")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, badPage)
		}
	}))
	t.Cleanup(server.Close)
	b := newTab(s.browser, t, server)
	b.visit("/", 200)
	if title := eval[string](b, "document.title"); title != "坏页" {
		t.Errorf("a script within the page ran: the title is %s", title)
	}
	eval[any](b, axe+"; null")
	found := strings.Join(violations(b, allRules), "\n")
	for _, rule := range []string{"label:", "image-alt:", "color-contrast:"} {
		if !strings.Contains(found, rule) {
			t.Errorf("axe-core does not find %s it finds %s", rule, found)
		}
	}
	if len(tooWide(b)) == 0 {
		t.Error("nothing runs off the screen")
	}
	for _, want := range []string{"asks another origin", "content security policy", "console has error", "a script failed"} {
		b.await(want)
	}
	b.forget()
}
