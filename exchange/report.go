package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/xlsx"
)

// MaxRefusals is how many refusals a Report keeps; further ones are counted.
const MaxRefusals = 1000

// Place is where in a file something stands. A file within a ZIP is named after
// it, as in "cases.zip/a.docx".
type Place struct {
	File  string
	Sheet string // of a workbook; "" elsewhere
	// Line counts from 1: lines of JSON Lines, rows of a table, paragraphs of a
	// document. 0 is the file, or the sheet, as a whole.
	Line int
	// Column counts from 1: code points of a line, cells of a row. 0 is the
	// line or row as a whole.
	Column int
	// Page is the page of a PDF or OFD on which the line is, 0 elsewhere.
	Page int `json:",omitempty"`
}

// String returns file:line or file:line:column, and of a workbook the cell as
// spreadsheets name it, file:sheet!C5.
func (p Place) String() string {
	switch {
	case p.Sheet != "" && p.Line > 0:
		return fmt.Sprintf("%s:%s!%s%d", p.File, p.Sheet, xlsx.Letters(p.Column), p.Line)
	case p.Sheet != "":
		return p.File + ":" + p.Sheet
	case p.Page > 0:
		return fmt.Sprintf("%s:第%d页:%d", p.File, p.Page, p.Line)
	case p.Column > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Refusal is one record that was not written, and why; or, where Note is set,
// a part of a file (a column, a paragraph) that was left out while the records
// beside it were taken. Notes are not counted as refused records.
type Refusal struct {
	Note     bool
	Place    Place
	Kind     catalog.RecordKind // "" where the line does not say
	Slug     string             // "" where the line does not say
	Problems catalog.Problems   // one or more
}

// String returns the refusal in one line: place, record, and each problem with
// its field, in Chinese and in English.
func (r Refusal) String() string {
	var b strings.Builder
	b.WriteString(r.Place.String() + ": ")
	if r.Kind != "" {
		b.WriteString(jsonl.TypeName(r.Kind) + " " + r.Slug + ": ")
	}
	for i, p := range r.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		if p.Path != "" {
			b.WriteString(p.Path + ": ")
		}
		b.WriteString(p.Zh + " | " + p.En)
	}
	return b.String()
}

// MarshalJSON returns the refusal as a line of the file of refusals: note, file,
// sheet, line, column, type, slug, and problems with path, kind, zh and en.
func (r Refusal) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Note     bool          `json:"note,omitempty"`
		File     string        `json:"file"`
		Sheet    string        `json:"sheet,omitempty"`
		Line     int           `json:"line,omitempty"`
		Column   int           `json:"column,omitempty"`
		Page     int           `json:"page,omitempty"`
		Type     string        `json:"type,omitempty"`
		Slug     string        `json:"slug,omitempty"`
		Problems []problemJSON `json:"problems"`
	}{r.Note, r.Place.File, r.Place.Sheet, r.Place.Line, r.Place.Column, r.Place.Page, jsonl.TypeName(r.Kind), r.Slug, problemsToJSON(r.Problems)})
}

// problemJSON is a catalog.Error without its cause, which is not for users.
type problemJSON struct {
	Path string            `json:"path,omitempty"`
	Kind catalog.ErrorKind `json:"kind"`
	Zh   string            `json:"zh"`
	En   string            `json:"en"`
}

func problemsToJSON(problems catalog.Problems) []problemJSON {
	list := make([]problemJSON, len(problems))
	for i, p := range problems {
		list[i] = problemJSON{p.Path, p.Kind, p.Zh, p.En}
	}
	return list
}

func problemsFromJSON(list []problemJSON) catalog.Problems {
	problems := make(catalog.Problems, len(list))
	for i, p := range list {
		problems[i] = &catalog.Error{Kind: p.Kind, Path: p.Path, Zh: p.Zh, En: p.En}
	}
	return problems
}

// Counts says what became of the records of one kind.
type Counts struct{ New, Changed, Same, Refused int }

// Total is the number of records counted.
func (c Counts) Total() int { return c.New + c.Changed + c.Same + c.Refused }

// Report says what an import did, or, where it was stopped, had done.
type Report struct {
	// Kinds counts records by kind; refused lines that do not say their kind
	// stand under "".
	Kinds map[catalog.RecordKind]Counts
	// Refusals are the first MaxRefusals refused records, and notes of what was
	// left out, in the order in which they were met; where More is set, the last is
	// a note that says so.
	Refusals []Refusal
	// Waiting counts records that were put off because they refer to records
	// that had not come yet, and that an import which was stopped has not
	// decided on. It is 0 after an import that ran to its end.
	Waiting int
	// More reports whether the import stopped at ImportOptions.StopAfter, so that
	// what stands behind the last refusal was not read.
	More bool
	// Committed reports whether what was counted was written: false for a dry run,
	// and for a strict import with a refusal.
	Committed bool
	Bytes     int64 // read of the files
	Elapsed   time.Duration
}

// Counts adds up the counts of all kinds.
func (r *Report) Counts() Counts {
	var sum Counts
	for _, c := range r.Kinds {
		sum.New += c.New
		sum.Changed += c.Changed
		sum.Same += c.Same
		sum.Refused += c.Refused
	}
	return sum
}

func (r *Report) count(kind catalog.RecordKind, action catalog.WriteAction) {
	c := r.Kinds[kind]
	switch action {
	case catalog.WriteNew:
		c.New++
	case catalog.WriteChanged:
		c.Changed++
	case catalog.WriteSame:
		c.Same++
	default:
		c.Refused++
	}
	r.Kinds[kind] = c
}

// Progress says how far an import is.
type Progress struct {
	Records    int     // decided: new, changed, same or refused
	Waiting    int     // put off until what they refer to has come
	Rate       float64 // records decided a second, since the start
	Bytes      int64   // read of the files
	TotalBytes int64   // of the files; 0 where the size of one is not known
	Elapsed    time.Duration
}

// problemsOf takes the problems out of any error; one that is not for users is
// told as an internal one, without its text.
func problemsOf(err error) catalog.Problems {
	var problems catalog.Problems
	if errors.As(err, &problems) {
		return problems
	}
	var one *catalog.Error
	if errors.As(err, &one) {
		return catalog.Problems{one}
	}
	return catalog.Problems{{Kind: catalog.KindInternal, Zh: "内部错误", En: "internal error", Err: err}}
}

// onlyNotFound reports whether all that is wrong is that references are not
// known, so that the record may be taken once they are.
func onlyNotFound(problems catalog.Problems) bool {
	for _, p := range problems {
		if p.Kind != catalog.KindNotFound {
			return false
		}
	}
	return len(problems) > 0
}
