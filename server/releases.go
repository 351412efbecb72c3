package server

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Releases opens the files of research releases.
type Releases interface {
	// ReleaseFile opens a file of a release, and says what is known of it; an
	// error of the kind NOT_FOUND where there is none.
	ReleaseFile(ctx context.Context, name, path string) (*os.File, *catalog.ReleaseFile, error)
}

// mediaTypes are those of the endings of a release's files.
var mediaTypes = map[string]string{
	".csv": "text/csv; charset=utf-8", ".jsonl": "application/x-ndjson", ".json": "application/json", ".parquet": "application/vnd.apache.parquet",
	".md": "text/markdown; charset=utf-8", ".bib": "application/x-bibtex; charset=utf-8", ".ris": "application/x-research-info-systems; charset=utf-8",
	".cff": "application/yaml; charset=utf-8", ".txt": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8",
}

// releaseTimeout bounds a download.
const releaseTimeout = time.Hour

// releaseFiles serves the files of releases, which never change, and pages for
// the paths that end in a slash.
func releaseFiles(from Releases, pages http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, file := r.PathValue("name"), r.PathValue("file")
		if file == "" {
			pages.ServeHTTP(w, r)
			return
		}
		f, known, err := from.ReleaseFile(r.Context(), name, file)
		switch catalog.ErrorKindOf(err) {
		case "":
		case catalog.KindNotFound:
			pages.ServeHTTP(w, r) // which has no such page, and says so
			return
		default:
			log.ErrorContext(r.Context(), "a release's file could not be opened", "release", name, "error", err)
			http.Error(w, "暂时无法读取 · cannot be read just now", http.StatusServiceUnavailable)
			return
		}
		defer f.Close()
		// A file may be long, and a reader's line slow.
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(releaseTimeout)); err != nil {
			log.DebugContext(r.Context(), "no time could be set for a download", "error", err)
		}
		h := w.Header()
		h.Set("Content-Type", mediaTypes[path.Ext(known.Name)])
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", `"`+known.SHA256+`"`)
		http.ServeContent(w, r, "", time.Time{}, f)
	})
}
