package indexer

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jisiguangyi/jisi/catalog"
)

// A document is kept in the index in a form of our own: lengths and bytes, in
// the order of the type's fields. It is read some fifty times a search, where
// JSON took longer than all the rest of the search together.

// encodeDocument writes a document down.
func encodeDocument(d *catalog.Document) []byte {
	e := encoder{b: make([]byte, 0, 4096)}
	e.int(int64(d.ID))
	e.string(string(d.Kind))
	e.string(d.Slug)
	e.int(int64(d.Version))
	e.string(d.Title)
	e.strings(d.AlternativeTitles)
	e.int(int64(len(d.Fields)))
	for _, f := range d.Fields {
		e.string(f.Name)
		e.string(f.Text)
	}
	e.strings(d.Names.Committee)
	e.strings(d.Names.Region)
	e.strings(d.Names.Brand)
	e.strings(d.Names.Topics)
	e.string(string(d.Level))
	e.string(d.Region)
	e.strings(d.Regions)
	e.strings(d.Topics)
	e.strings(d.OwnTopics)
	e.string(d.Committee)
	e.strings(d.Brands)
	e.int(int64(d.Year))
	e.string(string(d.Origin))
	e.int(int64(d.Date))
	e.int(int64(len(d.Steps)))
	for _, s := range d.Steps {
		e.string(string(s))
	}
	e.int(int64(d.AdoptionCount))
	e.int(int64(len(d.PossiblySameAs)))
	for _, id := range d.PossiblySameAs {
		e.int(int64(id))
	}
	return e.b
}

// document reads what encodeDocument wrote. All texts of the document are parts
// of one string, which lives as long as any of them does.
func (e *decoder) document() *catalog.Document {
	d := &catalog.Document{
		ID:                catalog.ID(e.int()),
		Kind:              catalog.RecordKind(e.string()),
		Slug:              e.string(),
		Version:           int(e.int()),
		Title:             e.string(),
		AlternativeTitles: e.strings(),
	}
	n := e.count()
	d.Fields = make([]catalog.DocumentField, 0, n)
	for ; n > 0; n-- {
		d.Fields = append(d.Fields, catalog.DocumentField{Name: e.string(), Text: e.string()})
	}
	e.rest(d)
	return d
}

// rest reads what follows a document's own texts.
func (e *decoder) rest(d *catalog.Document) {
	d.Names = catalog.DocumentNames{Committee: e.strings(), Region: e.strings(), Brand: e.strings(), Topics: e.strings()}
	d.Level = catalog.Level(e.string())
	d.Region = e.string()
	d.Regions = e.strings()
	d.Topics = e.strings()
	d.OwnTopics = e.strings()
	d.Committee = e.string()
	d.Brands = e.strings()
	d.Year = int(e.int())
	d.Origin = catalog.Origin(e.string())
	d.Date = int(e.int())
	for n := e.count(); n > 0; n-- {
		d.Steps = append(d.Steps, catalog.StepCode(e.string()))
	}
	d.AdoptionCount = int(e.int())
	for n := e.count(); n > 0; n-- {
		d.PossiblySameAs = append(d.PossiblySameAs, catalog.ID(e.int()))
	}
}

// failure is what went wrong with reading a document of that many bytes.
func (e *decoder) failure(bytes int) error {
	if e.err == nil {
		return nil
	}
	return fmt.Errorf("indexer: read a stored document of %d bytes: %w", bytes, e.err)
}

type encoder struct{ b []byte }

func (e *encoder) int(n int64) { e.b = binary.AppendVarint(e.b, n) }

func (e *encoder) string(s string) {
	e.int(int64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) strings(ss []string) {
	e.int(int64(len(ss)))
	for _, s := range ss {
		e.string(s)
	}
}

var errShort = errors.New("it ends too early")

// decoder reads values until the first that is not there; from then on it
// gives zero values. The strings that it gives are parts of what it reads.
type decoder struct {
	s   string
	err error
}

// fail ends the reading.
func (e *decoder) fail() { e.s, e.err = "", errShort }

// int reads what binary.AppendVarint wrote.
func (e *decoder) int() int64 {
	n := uint64(0)
	for i := range min(len(e.s), binary.MaxVarintLen64) {
		b := e.s[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			e.s = e.s[i+1:]
			return int64(n>>1) ^ -int64(n&1)
		}
	}
	e.fail()
	return 0
}

// count is a length: never negative, never more than there are bytes left.
func (e *decoder) count() int {
	n := e.int()
	if n < 0 || n > int64(len(e.s)) {
		e.fail()
		return 0
	}
	return int(n)
}

func (e *decoder) string() string {
	n := e.count()
	s := e.s[:n]
	e.s = e.s[n:]
	return s
}

func (e *decoder) strings() []string {
	n := e.count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = e.string()
	}
	return out
}
