package document

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
	e.places(d.Fields)
	return e.b
}

// places writes down where those texts of a document that are parts of a field stand in
// it.
func (e *encoder) places(fields []catalog.DocumentField) {
	parts := 0
	for _, f := range fields {
		if f.Start != 0 || f.Section != nil {
			parts++
		}
	}
	e.int(int64(parts))
	for i, f := range fields {
		if f.Start == 0 && f.Section == nil {
			continue
		}
		e.int(int64(i))
		e.int(int64(f.Start))
		e.strings(sectionTitle(f.Section))
		if f.Section != nil {
			e.int(int64(f.Section.Start))
			e.int(int64(f.Section.End))
		}
	}
}

// sectionTitle returns a list of the section's title, empty for none.
func sectionTitle(s *catalog.Section) []string {
	if s == nil {
		return nil
	}
	return []string{s.Title}
}

// places reads what encoder.places wrote, of the first of the fields that are wanted.
func (e *Decoder) places(fields []catalog.DocumentField) {
	for n := e.Count(); n > 0; n-- {
		i, start := e.int(), int(e.int())
		var section *catalog.Section
		if title := e.strings(); len(title) > 0 {
			section = &catalog.Section{Title: title[0], Start: int(e.int()), End: int(e.int())}
		}
		if i >= 0 && i < int64(len(fields)) {
			fields[i].Start, fields[i].Section = start, section
		}
	}
}

// document reads what encodeDocument wrote. All texts of the document are parts
// of one string, which lives as long as any of them does.
func (e *Decoder) document() *catalog.Document {
	d := &catalog.Document{
		ID:                catalog.ID(e.int()),
		Kind:              catalog.RecordKind(e.String()),
		Slug:              e.String(),
		Version:           int(e.int()),
		Title:             e.String(),
		AlternativeTitles: e.strings(),
	}
	n := e.Count()
	d.Fields = make([]catalog.DocumentField, 0, n)
	for ; n > 0; n-- {
		d.Fields = append(d.Fields, catalog.DocumentField{Name: e.String(), Text: e.String()})
	}
	e.rest(d)
	return d
}

// rest reads what follows a document's own texts.
func (e *Decoder) rest(d *catalog.Document) {
	d.Names = catalog.DocumentNames{Committee: e.strings(), Region: e.strings(), Brand: e.strings(), Topics: e.strings()}
	d.Level = catalog.Level(e.String())
	d.Region = e.String()
	d.Regions = e.strings()
	d.Topics = e.strings()
	d.OwnTopics = e.strings()
	d.Committee = e.String()
	d.Brands = e.strings()
	d.Year = int(e.int())
	d.Origin = catalog.Origin(e.String())
	d.Date = int(e.int())
	for n := e.Count(); n > 0; n-- {
		d.Steps = append(d.Steps, catalog.StepCode(e.String()))
	}
	d.AdoptionCount = int(e.int())
	for n := e.Count(); n > 0; n-- {
		d.PossiblySameAs = append(d.PossiblySameAs, catalog.ID(e.int()))
	}
	e.places(d.Fields)
}

// failure is what went wrong with reading a document of that many bytes.
func (e *Decoder) failure(bytes int) error {
	if e.Err == nil {
		return nil
	}
	return fmt.Errorf("indexer: read a stored document of %d bytes: %w", bytes, e.Err)
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

var ErrShort = errors.New("it ends too early")

// Decoder reads values until the first that is not there; from then on it
// returns zero values. The strings that it returns are parts of what it reads.
type Decoder struct {
	Rest string
	Err  error
}

// fail ends the reading.
func (e *Decoder) fail() { e.Rest, e.Err = "", ErrShort }

// int reads what binary.AppendVarint wrote.
func (e *Decoder) int() int64 {
	n := uint64(0)
	for i := range min(len(e.Rest), binary.MaxVarintLen64) {
		b := e.Rest[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			e.Rest = e.Rest[i+1:]
			return int64(n>>1) ^ -int64(n&1)
		}
	}
	e.fail()
	return 0
}

// Count is a length: never negative, never more than there are bytes left.
func (e *Decoder) Count() int {
	n := e.int()
	if n < 0 || n > int64(len(e.Rest)) {
		e.fail()
		return 0
	}
	return int(n)
}

func (e *Decoder) String() string {
	n := e.Count()
	s := e.Rest[:n]
	e.Rest = e.Rest[n:]
	return s
}

func (e *Decoder) strings() []string {
	n := e.Count()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = e.String()
	}
	return out
}
