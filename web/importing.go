package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/jisiguangyi/jisi/catalog"
)

var importPage = page{name: "import", nav: "write"}

// maxKept bounds what a page keeps of an import between its preview and its
// confirmation, in bytes of the form. Nothing is kept on a server, so that any of
// several can bring in what another has shown, and nothing has to be cleared up.
const maxKept = 4 << 20

// importExtra is what the page of imports needs.
type importExtra struct {
	Problem string        // why there is no report
	Report  *importReport // nil before anything was sent
	// Kept are the records that would be new or changed, as the form for bringing
	// them in sends them; "" where there are none, or too many.
	Kept    string
	TooMany bool
}

// importReport is the report of POST /import.
type importReport struct {
	DryRun, Committed           bool
	New, Changed, Same, Refused int
	More                        bool // so much was refused that the rest was not read
	Records                     []importedRecord
	Refusals                    []importRefusal
}

// Total is how many records the files have.
func (r importReport) Total() int { return r.New + r.Changed + r.Same + r.Refused }

// Writing is how many records are written, or would be.
func (r importReport) Writing() int { return r.New + r.Changed }

// Notes are what was left out of records that were taken.
func (r importReport) Notes() []importRefusal { return r.only(true) }

// Failures are the records that were refused.
func (r importReport) Failures() []importRefusal { return r.only(false) }

func (r importReport) only(notes bool) []importRefusal {
	var found []importRefusal
	for _, one := range r.Refusals {
		if one.Note == notes {
			found = append(found, one)
		}
	}
	return found
}

// Unlisted is how many new and changed records are not among Records.
func (r importReport) Unlisted() int { return r.Writing() - len(r.Records) }

type importedRecord struct {
	Action, Slug, Title string
	Changes             []map[string]any
	Understood          []importedField
}

// importedField is one field of a new record, by its first words.
type importedField struct {
	Label, Begins string
	Length        int
}

// importRefusal is a line of the file of refusals.
type importRefusal struct {
	Note         bool
	File, Sheet  string
	Line, Column int
	Slug         string
	Problems     []importProblem
}

type importProblem struct {
	Path string
	Kind catalog.ErrorKind
	Zh   string
}

// Field names the field of a problem, "" where it is about the whole record.
func (p importProblem) Field() string {
	if p.Path == "" {
		return ""
	}
	return catalog.FieldLabel("", p.Path)
}

// Advice is what to do about a problem, "" where its sentence says so.
func (p importProblem) Advice() string {
	switch p.Kind {
	case catalog.KindNotFound:
		return "请核对写法，或改成列表里已有的名称。"
	case catalog.KindDuplicate:
		return "请换一个永久链接，或留空由系统生成。"
	case catalog.KindForbidden:
		return "请核对承办政协；不是本政协的，请交给该政协导入。"
	case catalog.KindLimit:
		return "请删短或拆成几条。"
	}
	return "" // the sentence says it
}

func (s *site) showImport(w http.ResponseWriter, r *http.Request) {
	s.writeImport(w, r, http.StatusOK, importExtra{})
}

func (s *site) writeImport(w http.ResponseWriter, r *http.Request, status int, extra importExtra) {
	v := s.newView(importPage, r)
	v.Extra = extra
	w.Header().Set("Cache-Control", "no-store")
	s.write(w, r, status, importPage.name, v)
}

// previewImport says what the files of the form would change, and keeps the
// records in the form that brings them in.
func (s *site) previewImport(w http.ResponseWriter, r *http.Request) {
	kept := &keeper{}
	report, err := s.runImport(w, r, url.Values{"dryRun": {"true"}}, kept)
	if err != nil {
		s.refuseImport(w, r, err)
		return
	}
	extra := importExtra{Report: report, Kept: kept.String()}
	extra.TooMany = extra.Kept == "" && report.Writing() > 0
	s.writeImport(w, r, http.StatusOK, extra)
}

// confirmImport brings in what previewImport has shown. Meanwhile others may have
// written: the report says what has come of it now.
func (s *site) confirmImport(w http.ResponseWriter, r *http.Request) {
	records, err := unkept(r.PostFormValue("records"))
	if err != nil {
		s.refuseImport(w, r, badAddress("表单不完整，请重新选择文件。"))
		return
	}
	in := r.Clone(r.Context())
	in.Body, in.ContentLength = io.NopCloser(records), -1
	in.Header.Set("Content-Type", "application/x-ndjson")
	report, err := s.runImport(w, in, url.Values{"file": {"预览过的记录.jsonl"}}, nil)
	if err != nil {
		s.refuseImport(w, r, err)
		return
	}
	s.writeImport(w, r, http.StatusOK, importExtra{Report: report})
}

// runImport runs the request as POST /import with the parameters.
func (s *site) runImport(w http.ResponseWriter, r *http.Request, parameters url.Values, kept io.Writer) (*importReport, error) {
	in := r.Clone(r.Context())
	in.URL.RawQuery = parameters.Encode()
	raw, err := s.Import.Import(w, in, kept)
	if err != nil {
		return nil, err
	}
	var report importReport
	if err := json.Unmarshal(raw, &report); err != nil {
		return nil, fmt.Errorf("reading the report of an import: %w", err)
	}
	return &report, nil
}

// refuseImport shows the page with the reason why there is no report.
func (s *site) refuseImport(w http.ResponseWriter, r *http.Request, err error) {
	var known *catalog.Error
	var bad badAddress
	switch {
	case errors.As(err, &bad):
		s.writeImport(w, r, http.StatusBadRequest, importExtra{Problem: string(bad)})
	case errors.As(err, &known) && known.Kind == catalog.KindForbidden:
		s.fail(w, r, refusal{http.StatusForbidden, "您不能导入案例", known.Zh + "。"})
	case errors.As(err, &known) && known.Kind == catalog.KindLimit:
		s.writeImport(w, r, http.StatusRequestEntityTooLarge, importExtra{Problem: known.Zh + "。请分成几次导入。"})
	case errors.As(err, &known) && known.Kind == catalog.KindInvalid:
		s.writeImport(w, r, http.StatusUnprocessableEntity, importExtra{Problem: known.Zh + "。"})
	case errors.As(err, &known) && known.Kind == catalog.KindUnavailable:
		s.fail(w, r, &queryError{page: importPage.name, errors: []GraphQLError{{Code: string(known.Kind), Message: known.Zh}}})
	default:
		s.fail(w, r, err)
	}
}

// keeper packs what is written to it for a field of a form, as long as that is
// not too much. Its zero value is ready to be written to.
type keeper struct {
	packed bytes.Buffer
	zip    *gzip.Writer
	full   bool
}

// Write packs a piece; of too much it keeps nothing.
func (k *keeper) Write(piece []byte) (int, error) {
	if k.zip == nil {
		k.zip = gzip.NewWriter(&k.packed)
	}
	if k.full = k.full || base64.URLEncoding.EncodedLen(k.packed.Len()) > maxKept; k.full {
		return len(piece), nil
	}
	return k.zip.Write(piece)
}

// String ends the packing and returns what was kept, "" where that is nothing or
// would have been too much.
func (k *keeper) String() string {
	if k.zip == nil || k.full || k.zip.Close() != nil || base64.URLEncoding.EncodedLen(k.packed.Len()) > maxKept {
		return ""
	}
	return base64.URLEncoding.EncodeToString(k.packed.Bytes())
}

// unkept unpacks what keeper has packed, or what somebody else has made up: how
// much comes out is for its reader to bound.
func unkept(field string) (io.Reader, error) {
	return gzip.NewReader(base64.NewDecoder(base64.URLEncoding, strings.NewReader(field)))
}
