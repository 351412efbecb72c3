package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// MaxRefusals is how many refusals a Report keeps; further ones are counted.
const MaxRefusals = 1000

// Place is where in a file something stands.
type Place struct {
	File   string
	Line   int // from 1
	Column int // in code points from 1; 0 for the line as a whole
}

// String gives file:line or file:line:column.
func (p Place) String() string {
	if p.Column > 0 {
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Refusal is one record that was not written, and why.
type Refusal struct {
	Place    Place
	Kind     catalog.RecordKind // "" where the line does not say
	Slug     string             // "" where the line does not say
	Problems catalog.Problems   // one or more
}

// String gives the refusal in one line: place, record, and each problem with
// its field, in Chinese and in English.
func (r Refusal) String() string {
	var b strings.Builder
	b.WriteString(r.Place.String() + ": ")
	if r.Kind != "" {
		b.WriteString(typeName(r.Kind) + " " + r.Slug + ": ")
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

// MarshalJSON gives the refusal as a line of the file of refusals: file, line,
// column, type, slug, and problems with path, kind, zh and en.
func (r Refusal) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		File     string        `json:"file"`
		Line     int           `json:"line"`
		Column   int           `json:"column,omitempty"`
		Type     string        `json:"type,omitempty"`
		Slug     string        `json:"slug,omitempty"`
		Problems []problemJSON `json:"problems"`
	}{r.Place.File, r.Place.Line, r.Place.Column, typeName(r.Kind), r.Slug, problemsToJSON(r.Problems)})
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
	// Refusals are the first MaxRefusals refused records.
	Refusals []Refusal
	// Waiting counts records that were put off because they refer to records
	// that had not come yet, and that an import which was stopped has not
	// decided on. It is 0 after an import that ran to its end.
	Waiting int
	// Committed says whether what was counted was written: false for a dry run,
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
