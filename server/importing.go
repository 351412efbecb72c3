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
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web"
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
	// Previewed are the records that Accepted got, to be brought in in the place of Files;
	// nil for none. Mended has what somebody has written in their fields, by the
	// place of the record and the field's name, and Dropped which are not wanted.
	// Either all of them are written or none.
	Previewed io.Reader
	Mended    map[int]map[string]string
	Dropped   map[int]bool
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
	// Names are those of records that the changes name, by kind and slug.
	Names map[catalog.RecordKind]map[string]string `json:"-"`
	// Problems are what is wrong with records of a preview as they were mended.
	Problems []RecordProblem `json:"problems,omitempty"`
}

// RecordProblem is what is wrong with a field of a record of a preview.
type RecordProblem struct {
	Record int    `json:"record"`
	Field  string `json:"field"` // "" where it is the record as a whole
	Zh     string `json:"zh"`
	En     string `json:"en"`
}

// Add adds what is wrong with a record.
func (r *ImportReport) Add(record int, problems catalog.Problems) {
	for _, p := range problems {
		field, _, _ := strings.Cut(p.Path, ".")
		if field == "steps" {
			field = p.Path
		}
		r.Problems = append(r.Problems, RecordProblem{record, field, p.Zh, p.En})
	}
}

// ImportedRecord is a record that an import wrote, or would have written.
type ImportedRecord struct {
	Action  catalog.WriteAction `json:"action"`
	Kind    catalog.RecordKind  `json:"kind"`
	Slug    string              `json:"slug"`
	Title   string              `json:"title"`
	Version int                 `json:"version"`
	// Changes are what is new in a record that was there, empty in a new one.
	Changes []catalog.FieldChange `json:"changes"`
	// File, Sheet and Line are where it stood; Line is 0 where it is the only one of its
	// file or sheet.
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet,omitempty"`
	Line  int    `json:"line,omitempty"`
	// Record is its place among what a preview keeps, and Dropped whether it is not
	// wanted.
	Record  int  `json:"-"`
	Dropped bool `json:"-"`
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
	// Text is the whole, where it can be mended, and Prose whether it may have
	// paragraphs.
	Text  *string `json:"-"`
	Prose bool    `json:"-"`
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

// Prepare gets ready to read files, where the context's viewer may bring some in.
func (e *exporting) Prepare(ctx context.Context) {
	if e.files.MayImport(ctx) == nil {
		e.files.Prepare()
	}
}

// Preview says what the files of a page's form would change. What can be brought in is
// written to kept. An error is one that may be shown.
func (e *exporting) Preview(w http.ResponseWriter, r *http.Request, kept io.Writer) (*web.ImportReport, error) {
	in := r.Clone(r.Context())
	in.URL.RawQuery = "dryRun=true"
	report, _, err := e.bringIn(w, in, Import{Accepted: kept})
	if err != nil {
		return nil, known(err)
	}
	return shownReport(report), nil
}

// Bring brings in what Preview has kept, as somebody has mended it, or says only what
// that would change. An error is one that may be shown.
func (e *exporting) Bring(w http.ResponseWriter, r *http.Request, b web.Bringing) (*web.ImportReport, error) {
	report, err := e.inTurn(w, r, func(ctx context.Context) (*ImportReport, error) {
		return e.files.Import(ctx, Import{Previewed: b.Kept, Mended: b.Mended, Dropped: b.Dropped, DryRun: b.DryRun})
	})
	if err != nil {
		return nil, known(err)
	}
	return shownReport(report), nil
}

// shownReport is a report as a page shows it.
func shownReport(from *ImportReport) *web.ImportReport {
	to := &web.ImportReport{DryRun: from.DryRun, Committed: from.Committed, New: from.New, Changed: from.Changed, Same: from.Same, Refused: from.Refused, More: from.More, Names: from.Names}
	for _, line := range from.Refusals {
		var one web.ImportRefusal
		if json.Unmarshal(line, &one) == nil { // it was marshalled just now
			to.Refusals = append(to.Refusals, one)
		}
	}
	for _, p := range from.Problems {
		to.Problems = append(to.Problems, web.RecordProblem{Record: p.Record, Field: p.Field, Text: p.Zh})
	}
	for _, r := range from.Records {
		one := web.ImportedRecord{Action: string(r.Action), Kind: string(r.Kind), Slug: r.Slug, Title: r.Title, File: r.File, Sheet: r.Sheet, Line: r.Line, Record: r.Record, Dropped: r.Dropped}
		for _, c := range r.Changes {
			one.Changes = append(one.Changes, map[string]any{"path": c.Path, "before": textOrNil(c.Before), "after": textOrNil(c.After)})
		}
		for _, f := range r.Understood {
			one.Understood = append(one.Understood, web.ImportedField{Name: f.Field, Label: f.Label, Begins: f.Begins, Length: f.Length, Text: f.Text, Prose: f.Prose})
		}
		to.Records = append(to.Records, one)
	}
	return to
}

func textOrNil(s *string) any {
	if s == nil {
		return nil
	}
	return *s
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
	report, err = e.inTurn(w, r, func(ctx context.Context) (*ImportReport, error) {
		r.Body = http.MaxBytesReader(w, &patientBody{ReadCloser: r.Body, deadline: http.NewResponseController(w), gone: func() { noteGone(r.Context()) }}, int64(e.most))
		// Whoever is still sending reads no answer: where the rest is not wanted, its
		// connection would be reset and the report lost. It comes within the same limits.
		defer func() { _, _ = io.Copy(io.Discard, r.Body) }()
		var remove func()
		asFile, remove, err = im.read(r)
		defer remove()
		if err != nil {
			return nil, err
		}
		return e.files.Import(ctx, im)
	})
	return report, asFile, err
}

// inTurn runs an import when its turn has come, within its time and for as long as the
// caller has its rights.
func (e *exporting) inTurn(w http.ResponseWriter, r *http.Request, run func(context.Context) (*ImportReport, error)) (*ImportReport, error) {
	done, err := e.imports.take(r.Context(), e.caller(r))
	if err != nil {
		return nil, err
	}
	defer done()
	// The limits of New are for small requests.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(importWhole + importPause)) // a recorder of a test has none
	good, stop := e.auth.whileGood(r.Context())
	defer stop()
	ctx, cancel := context.WithTimeout(good, importWhole)
	defer cancel()
	report, err := run(ctx)
	if err != nil {
		return nil, e.auth.log(r, e.tooLarge(endedFor(good, err)))
	}
	return report, nil
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
	gone     func() // is called where the body ends before its end
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
	if errors.Is(err, io.ErrUnexpectedEOF) && b.gone != nil {
		b.gone()
	}
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
				return false, done, catalog.Invalid(flag.name, "须为 true 或 false", "must be true or false")
			}
		}
	}
	switch query.Get("report") {
	case "", "json":
	case "file":
		asFile = true
	default:
		return false, done, catalog.Invalid("report", "须为 json 或 file", "must be json or file")
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && media == "multipart/form-data" {
		done, err = im.fromForm(r)
		return asFile, done, err
	}
	name := query.Get("file")
	if name == "" {
		return asFile, done, catalog.Invalid("file", "请以参数 file 给出文件名，如 ?file=cases.xlsx", "name the file by the parameter file, as in ?file=cases.xlsx")
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
		return done, catalog.Invalid("", "表单无法读取", "the form cannot be read")
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
		return done, catalog.Invalid("file", "表单中没有文件", "there is no file in the form")
	}
	return done, nil
}
