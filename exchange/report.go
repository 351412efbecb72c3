package exchange

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// MaxRefusals is how many refusals a Report keeps; further ones are counted.
const MaxRefusals = 1000

// Refusal is one record that was not written, and why; or, where Note is set,
// a part of a file (a column, a paragraph) that was left out while the records
// beside it were taken. Notes are not counted as refused records.
type Refusal struct {
	Note     bool
	Place    reading.Place
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
