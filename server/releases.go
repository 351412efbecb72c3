package server

import (
	"archive/zip"
	"context"
	"errors"
	"io"
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
	// Release returns what is known of a release; an error of the kind NOT_FOUND
	// where there is none.
	Release(ctx context.Context, name string) (*catalog.Release, error)
}

// archiveOf is the name of the archive that holds all files of a release.
func archiveOf(name string) string { return "jisi-" + name + ".zip" }

// mediaTypes are those of the endings of a release's files.
var mediaTypes = map[string]string{
	".csv": "text/csv; charset=utf-8", ".jsonl": "application/x-ndjson", ".jsonld": "application/ld+json", ".json": "application/json", ".parquet": "application/vnd.apache.parquet",
	".md": "text/markdown; charset=utf-8", ".bib": "application/x-bibtex; charset=utf-8", ".ris": "application/x-research-info-systems; charset=utf-8",
	".cff": "application/yaml; charset=utf-8", ".txt": "text/plain; charset=utf-8", "": "text/plain; charset=utf-8",
}

// releaseTimeout bounds a download.
const releaseTimeout = time.Hour

// ReleaseFiles serves the files of releases, which never change, all of one as an
// archive, and pages for the paths that end in a slash. The path's values are name
// and file. It is safe for concurrent use.
func ReleaseFiles(from Releases, pages http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, file := r.PathValue("name"), r.PathValue("file")
		if file == "" {
			pages.ServeHTTP(w, r)
			return
		}
		if file == archiveOf(name) {
			releaseArchive(w, r, from, name, pages, log)
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

// releaseArchive writes all files of a release as one ZIP, in a folder of the
// release's name, in the order of their names and dated by the release's last
// change, so that it is the same for everybody. It is made while it is sent: a
// file that cannot be read breaks the download off.
func releaseArchive(w http.ResponseWriter, r *http.Request, from Releases, name string, pages http.Handler, log *slog.Logger) {
	known, err := from.Release(r.Context(), name)
	if err != nil {
		pages.ServeHTTP(w, r) // which has no such page, and says so
		return
	}
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(releaseTimeout)); err != nil {
		log.DebugContext(r.Context(), "no time could be set for a download", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+archiveOf(name)+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method == http.MethodHead {
		return
	}
	archive := zip.NewWriter(w)
	for _, f := range known.Files {
		if err = addToArchive(r.Context(), archive, from, known, f.Name); err != nil {
			break
		}
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		log.ErrorContext(r.Context(), "a release could not be sent as a whole", "release", name, "error", err)
		panic(http.ErrAbortHandler) // or half an archive would look like a whole one
	}
}

func addToArchive(ctx context.Context, archive *zip.Writer, from Releases, of *catalog.Release, name string) error {
	f, _, err := from.ReleaseFile(ctx, of.Name, name)
	if err != nil {
		return err
	}
	defer f.Close()
	to, err := archive.CreateHeader(&zip.FileHeader{Name: "jisi-" + of.Name + "/" + name, Method: zip.Deflate, Modified: of.AsOf.UTC()})
	if err == nil {
		_, err = io.Copy(to, f)
	}
	return err
}
