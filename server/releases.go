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
	"strings"
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
	// ReleaseDelta writes what differs between two releases as JSON Lines; an error of
	// the kind NOT_FOUND, before anything is written, where the files of either are not here.
	ReleaseDelta(ctx context.Context, before, after string, to io.Writer) error
}

// deltaOf is the name of the file that tells what differs from an earlier release.
func deltaOf(file string) (earlier string, ok bool) {
	file, begins := strings.CutPrefix(file, "changes-since-")
	earlier, ends := strings.CutSuffix(file, ".jsonl")
	return earlier, begins && ends
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
		if earlier, ok := deltaOf(file); ok {
			releaseDelta(w, r, from, earlier, name, pages, log)
			return
		}
		f, known, err := from.ReleaseFile(r.Context(), name, file)
		switch catalog.ErrorKindOf(err) {
		case "":
		case catalog.KindNotFound:
			pages.ServeHTTP(w, r) // which has no such page, and says so
			return
		default:
			logFailure(r.Context(), log, "a release's file could not be opened", "release", name, "error", err)
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

// releaseDelta writes what differs between two releases. It is worked out while it is
// sent, and broken off where a file cannot be read.
func releaseDelta(w http.ResponseWriter, r *http.Request, from Releases, earlier, name string, pages http.Handler, log *slog.Logger) {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(releaseTimeout)); err != nil {
		log.DebugContext(r.Context(), "no time could be set for a download", "error", err)
	}
	to := &download{w: w, name: "jisi-" + name + "-since-" + earlier + ".jsonl", media: mediaTypes[".jsonl"]}
	err := from.ReleaseDelta(r.Context(), earlier, name, to)
	switch {
	case err == nil:
		to.begin() // of two releases that say the same nothing was written
	case to.begun:
		to.breakOff(r.Context(), log, "the changes between two releases could not be sent as a whole", "release", name, "since", earlier, "error", err)
	case catalog.ErrorKindOf(err) == catalog.KindNotFound:
		pages.ServeHTTP(w, r) // which has no such page, and says so
	default:
		logFailure(r.Context(), log, "two releases could not be compared", "release", name, "since", earlier, "error", err)
		http.Error(w, "暂时无法读取 · cannot be read just now", http.StatusServiceUnavailable)
	}
}

// download is a file that is made while it is sent: its head is set before its first
// byte, and never changes, as releases do not.
type download struct {
	w           http.ResponseWriter
	name, media string
	begun       bool
	gone        bool // it could not be written: its reader has gone, or is too slow
}

func (d *download) begin() {
	if d.begun {
		return
	}
	d.begun = true
	h := d.w.Header()
	h.Set("Content-Type", d.media)
	h.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
}

// Write writes a piece.
func (d *download) Write(p []byte) (int, error) {
	d.begin()
	n, err := d.w.Write(p)
	d.gone = d.gone || err != nil
	return n, err
}

// breakOff ends the connection, or half a file would look like a whole one. That its
// reader has gone is no failure, and is not logged as one.
func (d *download) breakOff(ctx context.Context, log *slog.Logger, what string, about ...any) {
	if d.gone {
		noteGone(ctx)
	} else {
		logFailure(ctx, log, what, about...)
	}
	panic(http.ErrAbortHandler)
}

// releaseArchive writes all files of a release as one ZIP, in a folder of the
// release's name, in the order of their names and dated by the release's last
// change, so that it is the same for everybody. Each file is opened before the first
// byte, by which size and sum are compared: a damaged one is an error, and no archive. It
// is made while it is sent: a file that cannot be read by then breaks the download off.
func releaseArchive(w http.ResponseWriter, r *http.Request, from Releases, name string, pages http.Handler, log *slog.Logger) {
	known, err := from.Release(r.Context(), name)
	if err != nil {
		pages.ServeHTTP(w, r) // which has no such page, and says so
		return
	}
	for _, one := range known.Files {
		f, _, err := from.ReleaseFile(r.Context(), name, one.Name)
		if err != nil {
			logFailure(r.Context(), log, "a release's file could not be opened", "release", name, "file", one.Name, "error", err)
			http.Error(w, "暂时无法读取 "+one.Name+" · "+one.Name+" cannot be read just now", http.StatusServiceUnavailable)
			return
		}
		_ = f.Close() // it was only looked at
	}
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(releaseTimeout)); err != nil {
		log.DebugContext(r.Context(), "no time could be set for a download", "error", err)
	}
	to := &download{w: w, name: archiveOf(name), media: "application/zip"}
	to.begin()
	if r.Method == http.MethodHead {
		return
	}
	archive := zip.NewWriter(to)
	for _, f := range known.Files {
		if err = addToArchive(r.Context(), archive, from, known, f.Name); err != nil {
			break
		}
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		to.breakOff(r.Context(), log, "a release could not be sent as a whole", "release", name, "error", err)
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
