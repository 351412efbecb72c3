package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/web/changes"
)

var importPage = page{name: "import", nav: "write"}

// maxImportForm bounds the form that brings in what a preview has kept: that, and the
// texts that can be mended, in bytes.
const maxImportForm = maxKept + 4<<20

// maxKept bounds what a page keeps of an import between its preview and its
// confirmation, in bytes of the form. Nothing is kept on a server, so that any of
// several can bring in what another has shown, and nothing has to be cleared up.
const maxKept = 4 << 20

// importExtra is what the page of imports needs.
type importExtra struct {
	Problem string        // why there is no report
	Report  *ImportReport // nil before anything was sent
	// Kept are the records that would be new or changed, as the form for bringing
	// them in sends them; "" where there are none, or too many.
	Kept    string
	TooMany bool
	// Again says that they were to be brought in, and are shown again for what is wrong.
	Again bool
	Cards []importCard
	// Written is what somebody has written in the fields of the form.
	Written map[int]map[string]string
	Known   changes.Names // of what the changes name
}

// ImportReport says what an import did, or would do.
type ImportReport struct {
	DryRun, Committed           bool
	New, Changed, Same, Refused int
	More                        bool // so much was refused that the rest was not read
	Records                     []ImportedRecord
	Refusals                    []ImportRefusal
	Problems                    []RecordProblem // with records of a preview as they were mended
	// Names are those of records that the changes name, by kind and slug.
	Names map[catalog.RecordKind]map[string]string
}

// Total is how many records the files have.
func (r ImportReport) Total() int { return r.New + r.Changed + r.Same + r.Refused }

// Writing is how many records are written, or would be.
func (r ImportReport) Writing() int { return r.New + r.Changed }

// Failures are the records that were refused.
func (r ImportReport) Failures() []ImportRefusal {
	var found []ImportRefusal
	for _, one := range r.Refusals {
		if !one.Note {
			found = append(found, one)
		}
	}
	return found
}

// Unlisted is how many new and changed records are not among Records.
func (r ImportReport) Unlisted() int { return max(0, r.Writing()-len(r.Records)) }

// ImportedRecord is a record that an import wrote, or would write.
type ImportedRecord struct {
	Action, Kind, Slug, Title string
	File, Sheet               string // where it stood
	Line                      int    // 0 where it is alone in its file or sheet
	Record                    int    // its place among what is kept
	Dropped                   bool   // it is not wanted
	Changes                   []map[string]any
	Understood                []ImportedField
}

// ImportedField is one field of a record, by its first words; Text is the whole where
// it can be mended.
type ImportedField struct {
	Name, Label, Begins string
	Length              int
	Text                *string
	Prose               bool
}

// ImportRefusal is a line of the file of refusals.
type ImportRefusal struct {
	Note               bool
	File, Sheet        string
	Line, Column, Page int
	Slug               string
	Problems           []ImportProblem
}

// LeftOut reports whether a note says that something was left out; others say how
// something was read.
func (r ImportRefusal) LeftOut() bool {
	return slices.ContainsFunc(r.Problems, func(p ImportProblem) bool {
		return strings.Contains(p.Zh, "没有导入") || strings.Contains(p.Zh, "没有作为") || strings.Contains(p.Zh, "没有采用")
	})
}

// Unit names what Line counts.
func (r ImportRefusal) Unit() string {
	switch strings.ToLower(path.Ext(r.File)) {
	case ".docx", ".docm", ".dotx", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".ofd", ".html", ".htm":
		return "段"
	}
	return "行"
}

// RecordProblem is what is wrong with a field of a record as it was mended.
type RecordProblem struct {
	Record      int
	Field, Text string
}

// Bringing is what is to be brought in of a preview.
type Bringing struct {
	Kept    io.Reader
	Mended  map[int]map[string]string // texts by record and field
	Dropped map[int]bool
	DryRun  bool
}

// ImportProblem is what is wrong with a field of a file, or was left out of it.
type ImportProblem struct {
	Path string
	Kind catalog.ErrorKind
	Zh   string
}

// Sentence returns what is wrong as a sentence.
func (p ImportProblem) Sentence() string { return strings.TrimRight(p.Zh, "。：") + "。" }

// Field names the field of a problem, "" where it is about the whole record.
func (p ImportProblem) Field() string {
	if p.Path == "" {
		return ""
	}
	return catalog.FieldLabel("", p.Path)
}

// Advice is what to do about a problem, "" where its sentence says so.
func (p ImportProblem) Advice() string {
	switch p.Kind {
	case catalog.KindNotFound:
		return "请核对写法，或改成列表里已有的名称。"
	case catalog.KindDuplicate:
		return "请换一个永久链接，或留空由系统生成。"
	case catalog.KindForbidden:
		if p.Path == "slug" || p.Path == "type" {
			return "" // it is no matter of whose it is
		}
		return "请核对承办政协；不是本政协的，请交给该政协导入。"
	case catalog.KindLimit:
		return "请删短或拆成几条。"
	}
	return "" // the sentence says it
}

func (s *site) showImport(w http.ResponseWriter, r *http.Request) {
	s.Import.Prepare(r.Context())
	s.writeImport(w, r, http.StatusOK, importExtra{})
}

func (s *site) writeImport(w http.ResponseWriter, r *http.Request, status int, extra importExtra) {
	v := s.newView(importPage, r)
	if extra.Report != nil {
		extra.Known = changes.Names{}
		for kind, names := range extra.Report.Names {
			for slug, name := range names {
				extra.Known[changes.Named{Kind: kind, Slug: slug}] = name
			}
		}
		extra.Cards = importCards(extra.Report, extra.Kept != "", extra.Written)
	}
	v.Extra = extra
	w.Header().Set("Cache-Control", "no-store")
	s.write(w, r, status, importPage.name, v)
}

// previewImport says what the files of the form would change, and keeps the
// records in the form that brings them in.
func (s *site) previewImport(w http.ResponseWriter, r *http.Request) {
	kept := &keeper{}
	report, err := s.Import.Preview(w, r, kept)
	if err != nil {
		s.refuseImport(w, r, err)
		return
	}
	extra := importExtra{Report: report, Kept: kept.String()}
	extra.TooMany = extra.Kept == "" && report.Writing() > 0
	s.writeImport(w, r, http.StatusOK, extra)
}

// confirmImport brings in what previewImport has shown, as it was mended. Meanwhile
// others may have written, and what was mended may be wrong: then nothing is written,
// and all of it is shown again.
func (s *site) confirmImport(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(maxImportForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		s.refuseImport(w, r, badAddress("表单不完整，请重新选择文件。"))
		return
	}
	kept := r.PostFormValue("records")
	records, err := unkept(kept)
	if err != nil {
		s.refuseImport(w, r, badAddress("表单不完整，请重新选择文件。"))
		return
	}
	b := readMended(r.PostForm)
	b.Kept, b.DryRun = records, r.PostFormValue("then") == "preview"
	report, err := s.Import.Bring(w, r, b)
	if err != nil {
		s.refuseImport(w, r, err)
		return
	}
	extra := importExtra{Report: report, Written: b.Mended}
	switch wrong := len(report.Problems) > 0; {
	case wrong || b.DryRun || !report.Committed && report.Same == 0:
		extra.Kept, extra.Again = kept, wrong && !b.DryRun
		report.DryRun = true
	}
	s.writeImport(w, r, http.StatusOK, extra)
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
