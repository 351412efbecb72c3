package server

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Files brings records out in files, and in. Its methods are safe for concurrent use,
// and return what the context's viewer may read.
type Files interface {
	// MediaType returns the media type of a format, by its ending, "" where there
	// is no such format.
	MediaType(format string) string
	// ExportCases writes the cases that the filter lets through, in constant
	// memory. An error that comes before anything was written may be shown.
	ExportCases(ctx context.Context, w io.Writer, format string, f catalog.CaseFilter) error
	// Document returns the case of that slug as a file of a form, with its title
	// and its media type.
	Document(ctx context.Context, slug string, as DocumentForm) (title, media string, file []byte, err error)
	// ExportRecords writes the records of another kind that the filter lets through, in
	// constant memory. An error that comes before anything was written may be shown.
	ExportRecords(ctx context.Context, w io.Writer, kind catalog.RecordKind, format string, f RecordFilter) error
	// Figures writes what activities of these years add up to, as a workbook.
	Figures(ctx context.Context, w io.Writer, years []int) error
	// CanPrintPDF reports whether Document can make a PDF.
	CanPrintPDF() bool
	// Found writes the cases of these slugs, in their order, as one file: docx, xlsx or
	// csv. address is where the public finds the server, "" where that is not known.
	Found(ctx context.Context, w io.Writer, format string, slugs []string, address string) error
	// Template writes a workbook for committees to fill their cases in.
	Template(ctx context.Context, w io.Writer) error
	// MayImport returns nil where the context's viewer may bring in drafts.
	MayImport(ctx context.Context) error
	// Prepare gets ready to read files, behind what asks for them.
	Prepare()
	// Import brings in drafts in the name of the context's viewer. Run again
	// after an error, it goes on where it was.
	Import(ctx context.Context, im Import) (*ImportReport, error)

	// Attach attaches a file to the case of the slug, in the name of the context's
	// viewer; Detach removes the attachment of that id.
	Attach(ctx context.Context, slug string, a NewAttachment) error
	Detach(ctx context.Context, id string) error
	// Attachment returns an attachment that the context's viewer may see, its bytes,
	// and whether everybody may.
	Attachment(ctx context.Context, id string) (a *catalog.Attachment, content []byte, public bool, err error)
}

// DocumentForm says how a case is written as a document.
type DocumentForm struct {
	// PDF asks for a .pdf in the place of a .docx.
	PDF bool
	// Exchange asks for what an import reads back without a difference, and not for
	// what an office prints.
	Exchange bool
	// Address is that of the case's page, "" where the public has none.
	Address string
}

const (
	// How many exports, imports and prints run at once, each kind in turns of its own,
	// so that slow readers keep nobody from bringing something in: an export holds a
	// connection to the database for as long as its reader takes.
	exports = 3
	imports = 3
	prints  = 2
	// exportPause is how long a reader may take for one piece, of 32 KiB or so, and
	// for all of them beyond the time that leastSpeed gives it. The whole may take as
	// long as it takes: New's own limit is for answers that are small.
	exportPause = 30 * time.Second
	// exportWhole bounds the whole all the same: whoever reads a byte at a time
	// holds up the database's tidying.
	exportWhole = time.Hour
)

// exporting answers with files, and takes them.
type exporting struct {
	files                    Files
	auth                     *authenticator
	exports, imports, prints *turns
	proxies                  []netip.Prefix
	most                     int // bytes of an import
	// address is where the public finds the server, "" where it is not known.
	address string
}

func newExporting(a *authenticator, o Options) *exporting {
	return &exporting{
		files: o.Files, auth: a, most: o.Limits.ImportBytes, address: o.PublicURL, proxies: o.Proxies,
		exports: newTurns(exports, "导出", "export"), imports: newTurns(imports, "导入", "import"), prints: newTurns(prints, "生成 PDF", "print"),
	}
}

// caller names who may have one export and one import under way. This machine's own
// are not counted, as with rates.
func (e *exporting) caller(r *http.Request) string {
	if local(r) && catalog.ViewerFrom(r.Context()) == nil {
		return ""
	}
	return callerOf(r, e.proxies)
}

// refuseTurn answers with an error of turns, 429 where the caller has one already, and
// with any other.
func (e *exporting) refuseTurn(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, errUnderWay):
		w.Header().Set("Retry-After", "10")
		e.auth.endpoint.Refuse(w, r, http.StatusTooManyRequests, known(err))
		return
	case catalog.ErrorKindOf(err) == catalog.KindUnavailable:
		w.Header().Set("Retry-After", "30")
	}
	e.auth.refuse(w, r, err)
}

// cases answers GET /export/cases.FORMAT with the filters of the API as
// parameters of the address.
func (e *exporting) cases(w http.ResponseWriter, r *http.Request) {
	format, isCases := strings.CutPrefix(r.PathValue("file"), "cases.")
	media := ""
	if isCases {
		media = e.files.MediaType(format)
	}
	if media == "" {
		e.auth.refuse(w, r, &catalog.Error{Kind: catalog.KindNotFound, Zh: "可以导出 cases.jsonl、cases.csv、cases.xlsx", En: "there are cases.jsonl, cases.csv and cases.xlsx"})
		return
	}
	filter, err := readCaseFilter(r.URL.Query())
	if err != nil {
		e.auth.refuse(w, r, err)
		return
	}
	file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: media, name: "案例-" + string(catalog.DayOf(time.Now())) + "." + format}
	if r.Method == http.MethodHead {
		file.begin()
		return
	}
	done, err := e.exports.take(r.Context(), e.caller(r))
	if err != nil {
		e.refuseTurn(w, r, err)
		return
	}
	defer done()
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	ctx, cancel := context.WithTimeout(good, exportWhole)
	defer cancel()
	e.finish(file, r, endedFor(good, again(ctx, file, func(ctx context.Context) error { return e.files.ExportCases(ctx, file, format, filter) })))
}

// template answers GET /export/template.xlsx.
func (e *exporting) template(w http.ResponseWriter, r *http.Request) {
	file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: e.files.MediaType("xlsx"), name: "案例填写模板.xlsx"}
	if r.Method == http.MethodHead {
		file.begin()
		return
	}
	e.finish(file, r, e.files.Template(r.Context(), file))
}

// Found answers with the cases of these slugs as one file of the name, for a page that
// has searched for them.
func (e *exporting) Found(w http.ResponseWriter, r *http.Request, format, name string, slugs []string) {
	media := e.files.MediaType(format)
	if format == "docx" {
		media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	done, err := e.exports.take(r.Context(), e.caller(r))
	if err != nil {
		e.refuseTurn(w, r, err)
		return
	}
	defer done()
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	file := &fileWriter{w: w, deadline: http.NewResponseController(w), media: media, name: name + "." + format}
	e.finish(file, r, endedFor(good, again(good, file, func(ctx context.Context) error {
		return e.files.Found(ctx, file, format, slugs, strings.TrimSuffix(e.address, "/"))
	})))
}

// CanPrintPDF reports whether a case can be had as a PDF.
func (e *exporting) CanPrintPDF() bool { return e.files.CanPrintPDF() }

// finish tells of an error: as an answer where none has begun, and else by
// breaking off, so that nobody takes the part for the whole.
func (e *exporting) finish(file *fileWriter, r *http.Request, err error) {
	switch {
	case err == nil:
		file.begin() // of no records, and no header line
	case !file.begun:
		e.auth.refuse(file.w, r, e.auth.log(r, err))
	default:
		if r.Context().Err() == nil && !errors.Is(err, errSlowReader) {
			e.auth.logger.ErrorContext(r.Context(), "an export broke off", "error", err)
		} else {
			noteGone(r.Context())
		}
		panic(http.ErrAbortHandler)
	}
}

// orPage answers GET /cases/SLUG.docx and SLUG.pdf, and leaves every other address
// to page.
func (e *exporting) orPage(page http.Handler) http.Handler {
	document := lowered(e.auth.identified(http.HandlerFunc(e.document)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch strings.ToLower(path.Ext(r.PathValue("file"))) {
		case ".docx", ".pdf":
			document.ServeHTTP(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// lowered leads from an address with capitals, as people type it, to the file that is
// meant: no slug and no ending has any. It stands below a folder of ours.
func lowered(file http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := *r.URL
		if own.Path = strings.ToLower(r.URL.Path); own.Path == r.URL.Path {
			file.ServeHTTP(w, r)
			return
		}
		own.RawPath = ""
		http.Redirect(w, r, own.RequestURI(), http.StatusPermanentRedirect)
	})
}

// document answers with a case as an office prints it, or, with form=exchange, as
// an import reads it back.
func (e *exporting) document(w http.ResponseWriter, r *http.Request) {
	slug, ending := r.PathValue("file"), path.Ext(r.PathValue("file"))
	slug = strings.TrimSuffix(slug, ending)
	as := DocumentForm{PDF: ending == ".pdf"}
	switch r.URL.Query().Get("form") {
	case "", "print":
	case "exchange":
		as.Exchange = true
	default:
		e.auth.refuse(w, r, catalog.Invalid("form", "须为 print 或 exchange", "must be print or exchange"))
		return
	}
	if e.address != "" {
		as.Address = strings.TrimSuffix(e.address, "/") + catalog.Permalink(catalog.KindCase, slug)
	}
	if as.PDF {
		done, err := e.prints.take(r.Context(), "") // the next in the reader's list waits
		if err != nil {
			e.refuseTurn(w, r, err)
			return
		}
		defer done()
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(printWhole)) // a recorder of a test has none
	}
	title, media, file, err := e.files.Document(r.Context(), slug, as)
	if err != nil {
		e.auth.refuse(w, r, e.auth.log(r, err))
		return
	}
	to := &fileWriter{w: w, deadline: http.NewResponseController(w), media: media, name: title + ending}
	if _, err := to.Write(file); err != nil {
		noteGone(r.Context())
	}
}

// printWhole bounds the making of a PDF.
const printWhole = 3 * time.Minute

// errSlowReader says that a reader has gone, or takes too long.
var errSlowReader = errors.New("the reader is gone or too slow")

// fileWriter sends a file: its headers with the first piece, and each piece with
// a time of its own.
type fileWriter struct {
	w           http.ResponseWriter
	deadline    *http.ResponseController
	media, name string
	begun       bool
	pace        pace
	hold        int    // bytes that may be held back; at first none
	held        []byte // what is, as long as nothing has been sent
}

// again has a file written, and anew where the database went away before a piece of
// it was sent: another server of the database may take over. So that most files can be,
// the first heldBack bytes are sent together.
func again(ctx context.Context, file *fileWriter, write func(context.Context) error) error {
	file.hold = heldBack
	err := write(ctx)
	for end := time.Now().Add(againFor); catalog.ErrorKindOf(err) == catalog.KindUnavailable && !file.begun && time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(againPause):
		}
		file.held = file.held[:0]
		err = write(ctx)
	}
	if err == nil {
		err = file.release()
	}
	return err
}

// heldBack is how much of a file is made before the first of it is sent, in bytes.
const heldBack = 8 << 20

// How long, and at what intervals, a file is begun again.
const (
	againFor   = 10 * time.Second
	againPause = 200 * time.Millisecond
)

func (f *fileWriter) begin() {
	if f.begun {
		return
	}
	f.begun = true
	h := f.w.Header()
	h.Set("Content-Type", f.media)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(f.name)}))
	h.Set("Cache-Control", "no-store")
	f.w.WriteHeader(http.StatusOK)
}

// Write sends a piece, or holds it back.
func (f *fileWriter) Write(piece []byte) (int, error) {
	if !f.begun && len(f.held)+len(piece) <= f.hold {
		f.held = append(f.held, piece...)
		return len(piece), nil
	}
	if err := f.release(); err != nil {
		return 0, err
	}
	return f.send(piece)
}

// release sends what was held back, as pieces that readers have their time for.
func (f *fileWriter) release() error {
	held := f.held
	f.hold, f.held = 0, nil
	for piece := range slices.Chunk(held, 32<<10) {
		if _, err := f.send(piece); err != nil {
			return err
		}
	}
	return nil
}

func (f *fileWriter) send(piece []byte) (int, error) {
	left := f.pace.left(exportPause)
	if left <= 0 {
		return 0, errSlowReader
	}
	if err := f.deadline.SetWriteDeadline(time.Now().Add(left)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, errSlowReader
	}
	f.begin()
	defer f.pace.begin()()
	n, err := f.w.Write(piece)
	f.pace.bytes += int64(n)
	if err != nil {
		return n, errSlowReader
	}
	return n, nil
}

// fileName makes a title fit for a file's name on every system.
func fileName(title string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return ' '
		}
		return r
	}, title))
	const most = 100
	if len(name) > most {
		ending := name[len(name)-5:]
		name = append(name[:most-5], ending...)
	}
	return strings.TrimSpace(string(name))
}
