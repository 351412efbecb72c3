// Package playground serves GraphiQL, a page to write queries on, from files
// that are part of the binary. The page loads nothing from anywhere else and has
// no script or style within it, so that ContentSecurityPolicy holds. Where its
// files are from is in README.md.
package playground

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"time"
)

//go:embed assets
var files embed.FS

// ContentSecurityPolicy is what the page needs and no more. GraphiQL's dialogs
// write a style element into the page to keep it from scrolling behind them, so
// that styles may be inline; scripts may not.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// mediaTypes are those of the files, which must not hang on what the machine
// has in its own table.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
}

// asset is one file, ready to be sent.
type asset struct {
	name      string
	mediaType string
	etag      string
	content   []byte
}

// Handler serves the page at /playground and its files below that; any other
// path is not found. It is safe for concurrent use.
func Handler() http.Handler {
	assets := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "index.html"
		if r.URL.Path != "/playground" {
			name = path.Base(r.URL.Path)
		}
		a, ok := assets[name]
		if !ok || r.URL.Path != "/playground" && r.URL.Path != "/playground/"+name {
			http.NotFound(w, r)
			return
		}
		header := w.Header()
		header.Set("Content-Type", a.mediaType)
		header.Set("Content-Security-Policy", ContentSecurityPolicy)
		header.Set("Cache-Control", "no-cache") // ask again, and hear 304 as long as the binary is the same
		header.Set("ETag", a.etag)
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.content))
	})
}

// load reads the embedded files; that they are there was settled at build time.
func load() map[string]asset {
	assets := map[string]asset{}
	entries, _ := fs.ReadDir(files, "assets")
	for _, entry := range entries {
		content, _ := fs.ReadFile(files, "assets/"+entry.Name())
		sum := sha256.Sum256(content)
		assets[entry.Name()] = asset{
			name:      entry.Name(),
			mediaType: mediaTypes[path.Ext(entry.Name())],
			etag:      `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
			content:   content,
		}
	}
	return assets
}
