package server

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Books brings collections and calls out in files. Its methods are safe for concurrent
// use, return what the context's viewer may read, and NOT_FOUND for the rest. They ask
// for where to write only when they can.
type Books interface {
	// Book writes the collection of that slug as .docx, .pdf, .epub, .xlsx, or, for researchers, .csv or .jsonl.
	Book(ctx context.Context, slug string, as BookForm, to func(title, media string) io.Writer) error
	// CallFile writes the notice of the call of that slug (.docx), or the form (.xlsx).
	CallFile(ctx context.Context, slug string, as BookForm, to func(title, media string) io.Writer) error
	// CallResults reads what became of a call of earlier years from a workbook of size
	// bytes. An error is one for users.
	CallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error)
	// Campaign writes what was submitted to the call of that slug, as .xlsx, for its
	// caller.
	Campaign(ctx context.Context, slug string, to func(title, media string) io.Writer) error
}

// BookForm says how a collection or a call is written.
type BookForm struct {
	Ending  string // with its dot
	Address string // where the public finds the server, "" where it is not known
}

// books adds the files of collections and calls to the mux; every other address there
// is a page's.
func (e *exporting) books(mux *http.ServeMux, counted func(http.Handler) http.Handler, page http.Handler) {
	from, ok := e.files.(Books)
	if !ok {
		return
	}
	orPage := func(endings string, write func(ctx context.Context, slug string, as BookForm, to func(title, media string) io.Writer) error) http.Handler {
		file := lowered(counted(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { e.book(w, r, write) })))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ending := strings.ToLower(path.Ext(r.PathValue("file"))); ending != "" && strings.Contains(endings, ending+" ") {
				file.ServeHTTP(w, r)
				return
			}
			page.ServeHTTP(w, r)
		})
	}
	mux.Handle("GET /collections/{file}", orPage(".docx .pdf .xlsx .epub .csv .jsonl ", from.Book))
	mux.Handle("GET /calls/{file}", orPage(".docx .xlsx ", from.CallFile))
	mux.Handle("GET /calls/{slug}/{file}", orPage(".xlsx ", func(ctx context.Context, _ string, _ BookForm, to func(title, media string) io.Writer) error {
		return from.Campaign(ctx, slugOf(ctx), to)
	}))
}

type slugKey struct{}

func slugOf(ctx context.Context) string { s, _ := ctx.Value(slugKey{}).(string); return s }

func (e *exporting) book(w http.ResponseWriter, r *http.Request, write func(ctx context.Context, slug string, as BookForm, to func(title, media string) io.Writer) error) {
	ending := path.Ext(r.PathValue("file"))
	done, err := e.exports.take(r.Context(), e.caller(r))
	if err != nil {
		e.refuseTurn(w, r, err)
		return
	}
	defer done()
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	ctx := context.WithValue(good, slugKey{}, r.PathValue("slug"))
	file := &fileWriter{w: w, deadline: http.NewResponseController(w)}
	err = again(ctx, file, func(ctx context.Context) error {
		return write(ctx, strings.TrimSuffix(r.PathValue("file"), ending), BookForm{Ending: ending, Address: e.address}, func(title, media string) io.Writer {
			file.name, file.media = title+ending, media
			return file
		})
	})
	if err == nil && !file.begun {
		err = catalog.NotFound(catalog.KindCollection, r.PathValue("file"))
	}
	e.finish(file, r, endedFor(good, err))
}

// CallResults reads what became of a call of earlier years from a workbook, for a page.
func (e *exporting) CallResults(r io.ReaderAt, size int64) ([]catalog.CallResultInput, error) {
	if from, ok := e.files.(Books); ok {
		return from.CallResults(r, size)
	}
	return nil, catalog.NotFound(catalog.KindCall, "file")
}
