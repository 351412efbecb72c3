package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/jisiguangyi/jisi/internal/httpgzip"
)

//go:embed assets
var assetFiles embed.FS

// pictures are compressed as they are.
const pictures = "image/webp"

// mediaTypes are those of the assets, which must not hang on what the machine
// has in its own table. A file of any other type is not served.
var mediaTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
	".webp": pictures,
}

// asset is one file, ready to be sent.
type asset struct {
	mediaType string
	version   string // of its content
	content   []byte
	zipped    func() []byte // the content compressed, once for all
}

// assets are all files by their names.
var assets = loadAssets()

func loadAssets() map[string]asset {
	loaded := map[string]asset{}
	entries, _ := fs.ReadDir(assetFiles, "assets") // embedded: settled at build time
	for _, entry := range entries {
		mediaType, ok := mediaTypes[path.Ext(entry.Name())]
		if !ok {
			continue
		}
		content, _ := fs.ReadFile(assetFiles, "assets/"+entry.Name())
		sum := sha256.Sum256(content)
		loaded[entry.Name()] = asset{
			mediaType, base64.RawURLEncoding.EncodeToString(sum[:9]), content,
			sync.OnceValue(func() []byte { return httpgzip.Compress(content, httpgzip.Smallest) }),
		}
	}
	return loaded
}

// assetURL is a file's address, which changes with its content, so that a
// browser can keep it for ever.
func assetURL(name string) string { return "/assets/" + name + "?v=" + assets[name].version }

// assetHandler serves the files.
func assetHandler(notFound http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		a, ok := assets[name]
		if !ok {
			notFound(w, r)
			return
		}
		keep := "no-cache"
		if r.URL.Query().Get("v") == a.version {
			keep = "public, max-age=31536000, immutable"
		}
		h := w.Header()
		h.Set("Content-Type", a.mediaType)
		h.Set("Cache-Control", keep)
		h.Add("Vary", "Accept-Encoding")
		content, etag := a.content, a.version
		if len(content) >= leastCompressed && a.mediaType != pictures && httpgzip.Accepted(r) {
			content, etag = a.zipped(), a.version+"-gzip"
			h.Set("Content-Encoding", "gzip")
		}
		h.Set("ETag", `"`+etag+`"`)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}
