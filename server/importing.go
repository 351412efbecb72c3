package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// Import is what a caller wants brought in.
type Import struct {
	Files  []ImportFile
	DryRun bool // say what would change, and change nothing
	Strict bool // all of it or nothing
	// Refused gets every refusal and note as it comes, a JSON object a line.
	Refused io.Writer
	// Accepted gets every record that is new or changed, as a line of an import,
	// so that what was shown by a dry run can be brought in afterwards; nil where
	// nobody wants them.
	Accepted io.Writer
}

// ImportFile is one file, whose name says its form.
type ImportFile struct {
	Name   string
	Reader io.Reader
	Size   int64 // 0 where it is not known
}

// ImportReport says what an import did, or would have done.
type ImportReport struct {
	DryRun    bool `json:"dryRun"`
	Committed bool `json:"committed"` // whether anything was written
	New       int  `json:"new"`
	Changed   int  `json:"changed"`
	Same      int  `json:"same"`
	Refused   int  `json:"refused"`
	// More reports whether so much was refused that the rest was not read.
	More bool `json:"more"`
	// Records are the first of those that are new or changed.
	Records []ImportedRecord `json:"records"`
	// Refusals are the first of what was refused, or left out with a note, each
	// as a line of the file of refusals.
	Refusals []json.RawMessage `json:"refusals"`
}

// ImportedRecord is a record that an import wrote, or would have written.
type ImportedRecord struct {
	Action  catalog.WriteAction `json:"action"`
	Slug    string              `json:"slug"`
	Title   string              `json:"title"`
	Version int                 `json:"version"`
	// Changes are what is new in a record that was there, empty in a new one.
	Changes []catalog.FieldChange `json:"changes"`
	// Understood is what a new record says, field by field, so that who brings it in
	// sees what was made of the file; empty in one that was there.
	Understood []ImportedField `json:"understood"`
}

// ImportedField is one field of a new record.
type ImportedField struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Begins string `json:"begins"` // its first words
	Length int    `json:"length"` // of the whole, in code points
}

const (
	// importPause is how long a sender may take for one piece, and for all of them
	// beyond the time that leastSpeed gives it.
	importPause = 30 * time.Second
	// importWhole bounds the whole of an import, with its answer.
	importWhole = 15 * time.Minute
	// importMemory is how much of a form is kept in memory; the rest goes to
	// temporary files.
	importMemory = 1 << 20
)

// importing answers POST /import: the files of a form, or one file as the body,
// named by the parameter file. Parameters: dryRun, strict, and report=file, which
// returns the file of refusals in the place of the report.
func (e *exporting) importing(w http.ResponseWriter, r *http.Request) {
	refused, err := os.CreateTemp("", "jisi-refused-*")
	if err != nil {
		e.auth.refuse(w, r, e.auth.log(r, err))
		return
	}
	defer func() { _ = refused.Close(); _ = os.Remove(refused.Name()) }()
	report, asFile, err := e.bringIn(w, r, Import{Refused: refused})
	if err != nil {
		e.refuseTurn(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if asFile {
		sendRefused(w, refused)
		return
	}
	text, err := json.Marshal(report)
	if err != nil {
		panic(err) // recovered tells the client
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(text)
}

// Import is importing for a page, which shows the report: as JSON, like a
// client's. An error is one that may be shown.
func (e *exporting) Import(w http.ResponseWriter, r *http.Request, accepted io.Writer) (json.RawMessage, error) {
	report, _, err := e.bringIn(w, r, Import{Accepted: accepted})
	if err != nil {
		return nil, known(err)
	}
	return json.Marshal(report)
}

// bringIn does what the request asks for, into the writers of im. What an error
// does not tell its reader is in the log.
func (e *exporting) bringIn(w http.ResponseWriter, r *http.Request, im Import) (report *ImportReport, asFile bool, err error) {
	if err := e.files.MayImport(r.Context()); err != nil {
		return nil, false, err
	}
	if r.ContentLength > int64(e.most) {
		return nil, false, e.tooLarge(&http.MaxBytesError{Limit: int64(e.most)})
	}
	done, err := e.imports.take(r.Context(), e.caller(r))
	if err != nil {
		return nil, false, err
	}
	defer done()
	// The limits of New are for small requests.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(importWhole + importPause)) // a recorder of a test has none
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	ctx, cancel := context.WithTimeout(good, importWhole)
	defer cancel()
	r.Body = http.MaxBytesReader(w, &patientBody{ReadCloser: r.Body, deadline: http.NewResponseController(w)}, int64(e.most))
	asFile, remove, err := im.read(r)
	defer remove()
	if err != nil {
		return nil, false, e.tooLarge(err)
	}
	if report, err = e.files.Import(ctx, im); err != nil {
		return nil, false, e.auth.log(r, e.tooLarge(endedFor(good, err)))
	}
	return report, asFile, nil
}

func sendRefused(w http.ResponseWriter, refused *os.File) {
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "导入报告.jsonl"}))
	if _, err := refused.Seek(0, io.SeekStart); err == nil {
		_, _ = io.Copy(w, refused)
	}
}

// tooLarge turns the error of a body past its limit into what to tell.
func (e *exporting) tooLarge(err error) error {
	var large *http.MaxBytesError
	if !errors.As(err, &large) {
		return err
	}
	most := strconv.Itoa(e.most >> 20)
	return &catalog.Error{Kind: catalog.KindLimit, Zh: "文件超过上限 " + most + " MB", En: "the files exceed the limit of " + most + " MB", Err: err}
}

// patientBody allows the pieces of a body a time of their own, as long as they come at
// leastSpeed.
type patientBody struct {
	io.ReadCloser
	deadline *http.ResponseController
	pace     pace
}

// Read reads a piece.
func (b *patientBody) Read(p []byte) (int, error) {
	left := b.pace.left(importPause)
	if left <= 0 {
		return 0, os.ErrDeadlineExceeded
	}
	_ = b.deadline.SetReadDeadline(time.Now().Add(left)) // a recorder of a test has none
	defer b.pace.begin()()
	n, err := b.ReadCloser.Read(p)
	b.pace.bytes += int64(n)
	return n, err
}

// read reads what is wanted. done is to be called at the end, whatever came of
// it.
func (im *Import) read(r *http.Request) (asFile bool, done func(), err error) {
	done = func() {}
	query := r.URL.Query()
	for _, flag := range []struct {
		name string
		into *bool
	}{{"dryRun", &im.DryRun}, {"strict", &im.Strict}} {
		if text := query.Get(flag.name); text != "" {
			if *flag.into, err = strconv.ParseBool(text); err != nil {
				return false, done, badParameter(flag.name, "须为 true 或 false", "must be true or false")
			}
		}
	}
	switch query.Get("report") {
	case "", "json":
	case "file":
		asFile = true
	default:
		return false, done, badParameter("report", "须为 json 或 file", "must be json or file")
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "multipart/form-data" {
		done, err = im.fromForm(r)
		return asFile, done, err
	}
	name := query.Get("file")
	if name == "" {
		return asFile, done, badParameter("file", "请以参数 file 给出文件名，如 ?file=cases.xlsx", "name the file by the parameter file, as in ?file=cases.xlsx")
	}
	im.Files = []ImportFile{{Name: fileName(name), Reader: r.Body, Size: max(r.ContentLength, 0)}}
	return asFile, done, nil
}

// fromForm takes the files of a form, in the order of its fields' names.
func (im *Import) fromForm(r *http.Request) (done func(), err error) {
	done = func() {}
	if err := r.ParseMultipartForm(importMemory); err != nil { //nolint:gosec // the body is bounded by http.MaxBytesReader
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return done, err
		}
		return done, badParameter("", "表单无法读取", "the form cannot be read")
	}
	var opened []io.Closer
	done = func() {
		for _, f := range opened {
			_ = f.Close() // it was only read
		}
		_ = r.MultipartForm.RemoveAll() // among temporary files
	}
	for _, field := range slices.Sorted(maps.Keys(r.MultipartForm.File)) {
		for _, header := range r.MultipartForm.File[field] {
			f, err := header.Open()
			if err != nil {
				return done, err
			}
			opened = append(opened, f)
			im.Files = append(im.Files, ImportFile{Name: fileName(header.Filename), Reader: f, Size: header.Size})
		}
	}
	if len(im.Files) == 0 {
		return done, badParameter("file", "表单中没有文件", "there is no file in the form")
	}
	return done, nil
}
