package files

import (
	"context"
	"encoding/json"
	"io"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
	"github.com/jisiguangyi/jisi/exchange/export"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/store"
)

// How much of a preview can be mended on its page: further records come in as they
// were read.
const (
	maxMended     = 30
	maxMendedText = 400 << 10 // bytes
)

// draftSink is where drafts go; it remembers the first of what it wrote.
type draftSink struct {
	store    *store.Store
	names    *export.Names
	dryRun   bool
	fields   bool // whole fields, to be mended
	written  []server.ImportedRecord
	at       map[string]int // place in written, by kind and slug
	accepted io.Writer      // gets all that it wrote, as records of a preview; nil where nobody wants it
	count    int            // of what accepted got
	text     int            // bytes of the fields that written has
	// previewed are the records of a preview that are brought in, a line each; nil where
	// files are read.
	previewed []previewedRecord
	// named are the cases and proposals that changed records refer to, and those of the
	// same import, by slug.
	named map[catalog.RecordKind]map[string]string
}

func newDraftSink(s *store.Store, im server.Import, names *export.Names) *draftSink {
	return &draftSink{store: s, names: names, dryRun: im.DryRun, fields: im.Accepted != nil, written: []server.ImportedRecord{}, at: map[string]int{}, accepted: im.Accepted,
		named: map[catalog.RecordKind]map[string]string{catalog.KindCase: {}, catalog.KindProposal: {}}}
}

// Begin starts a transaction of the context's viewer, whose name revisions have.
func (s *draftSink) Begin(ctx context.Context, _ catalog.Actor) (exchange.Writer, error) {
	w, err := s.store.BeginDrafts(ctx)
	if err != nil {
		return nil, err
	}
	return &draftWriter{w, s, map[catalog.Input]newPersons{}}, nil
}

type draftWriter struct {
	*store.Writer
	sink *draftSink
	made map[catalog.Input]newPersons // by the inputs that make some
}

// Put notes the persons that the inputs make before it puts them: Came keeps the inputs
// as they were.
func (w *draftWriter) Put(ctx context.Context, inputs []catalog.Input) ([]catalog.Written, error) {
	for _, in := range inputs {
		if made := newPersonsOf(in); len(made.mentions) > 0 {
			w.made[in] = made
		}
	}
	return w.Writer.Put(ctx, inputs)
}

var _ exchange.Traced = (*draftWriter)(nil)

// Came remembers what became of the inputs, keeps them for who wants them, and
// attaches their originals to those that are new.
func (w *draftWriter) Came(ctx context.Context, inputs []catalog.Input, written []catalog.Written, from []exchange.From) error {
	changes, err := w.Changes(ctx, written)
	if err != nil {
		return err
	}
	for i, one := range written {
		in := inputs[i]
		if one.Action != catalog.WriteNew && one.Action != catalog.WriteChanged {
			continue
		}
		of := w.sink.previewedOf(from[i])
		w.sink.name(in, one.Action)
		r := server.ImportedRecord{
			Action: one.Action, Kind: one.Kind, Slug: one.Slug, Title: catalog.TitleOf(in), Version: one.Version, Changes: changes[one.ID],
			File: of.File, Sheet: of.Sheet, Line: of.Line, Record: w.sink.count, Understood: []server.ImportedField{},
		}
		if w.sink.previewed != nil {
			r.Record = from[i].Place.Line - 1
		}
		if r.Changes == nil {
			r.Changes = []catalog.FieldChange{}
		}
		if one.Action == catalog.WriteNew || w.sink.fields {
			r.Understood = w.sink.understood(in)
		}
		w.sink.remember(r)
		if w.sink.accepted != nil {
			made := w.made[in]
			made.restore()
			err := of.write(w.sink.accepted, in)
			made.replace()
			if err != nil {
				return err
			}
			w.sink.count++
		}
		if one.Kind == catalog.KindCase && one.Action == catalog.WriteNew && of.Original != "" && !w.sink.dryRun && (!of.many() || !isAdmin(ctx)) {
			if err := w.AttachOriginal(ctx, one.ID, of.Original, of.Name, of.Media); err != nil {
				return err
			}
		}
	}
	return nil
}

// isAdmin reports whether the viewer may bring in cases of several committees: a table
// of these is nobody's original.
func isAdmin(ctx context.Context) bool {
	v := catalog.ViewerFrom(ctx)
	return v == nil || v.Role == catalog.RoleAdmin
}

// previewedOf returns where a record is from: as the preview kept it, or as it was read.
func (s *draftSink) previewedOf(from exchange.From) previewedRecord {
	if n := from.Place.Line; s.previewed != nil && n > 0 && n <= len(s.previewed) {
		return s.previewed[n-1]
	}
	k := previewedRecord{File: from.Place.File, Sheet: from.Place.Sheet, Line: from.Place.Line}
	if from.Original != "" {
		k.Original, k.Media, _ = splitOriginal(from.Original)
		k.Name = from.Name
	}
	return k
}

// name remembers what a record is called, and what it refers to.
func (s *draftSink) name(in catalog.Input, action catalog.WriteAction) {
	if known, ok := s.named[in.Kind()]; ok {
		known[in.Head().Slug] = catalog.TitleOf(in)
	}
	if action != catalog.WriteChanged {
		return
	}
	for _, ref := range in.References() {
		if known, ok := s.named[ref.Kind]; ok && known[*ref.Name] == "" {
			known[*ref.Name] = ""
		}
	}
}

// namesFor returns the names of what changed records refer to: cases and proposals
// are looked up, as far as the viewer may read them.
func (s *draftSink) namesFor(ctx context.Context) (map[catalog.RecordKind]map[string]string, error) {
	cases, err := s.store.CasesBySlug(ctx, nameless(s.named[catalog.KindCase]))
	if err != nil {
		return nil, err
	}
	proposals, err := s.store.ProposalsBySlug(ctx, nameless(s.named[catalog.KindProposal]))
	if err != nil {
		return nil, err
	}
	for slug, c := range cases {
		s.named[catalog.KindCase][slug] = c.Title
	}
	for slug, p := range proposals {
		s.named[catalog.KindProposal][slug] = p.Title
	}
	for _, r := range s.written {
		if len(r.Changes) > 0 {
			return s.names.With(s.named), nil
		}
	}
	return nil, nil
}

func nameless(names map[string]string) []string {
	var slugs []string
	for slug, name := range names {
		if name == "" {
			slugs = append(slugs, slug)
		}
	}
	return slugs
}

// understood returns what a record says, of a case whole where it can be mended.
func (s *draftSink) understood(in catalog.Input) []server.ImportedField {
	c, ok := in.(*catalog.CaseInput)
	if !ok {
		return cellsOf(in, s.names.Name)
	}
	list := []server.ImportedField{}
	whole := s.fields && len(s.written) < maxMended && s.text < maxMendedText
	for _, f := range exchange.CaseFields(c, s.names.Name) {
		if f.Text == "" && !whole {
			continue
		}
		one := server.ImportedField{Field: f.Name, Label: f.Label, Begins: f.Begins(), Length: f.Length()}
		if whole {
			text := f.Text
			one.Text, one.Prose = &text, f.Prose
			s.text += len(text)
		}
		list = append(list, one)
	}
	return list
}

func (s *draftSink) remember(r server.ImportedRecord) {
	key := string(r.Kind) + " " + r.Slug
	if at, ok := s.at[key]; ok { // the file has it twice
		s.written[at] = r
		return
	}
	if len(s.written) < exchange.MaxRefusals {
		s.at[key] = len(s.written)
		s.written = append(s.written, r)
	}
}

// previewedRecord is a line of what a preview keeps between its pages: a record as it would
// be written, and where it is from.
type previewedRecord struct {
	Record   json.RawMessage `json:"record"`
	File     string          `json:"file,omitempty"`
	Sheet    string          `json:"sheet,omitempty"`
	Line     int             `json:"line,omitempty"`
	Original string          `json:"original,omitempty"` // SHA-256 of the file
	Name     string          `json:"name,omitempty"`
	Media    string          `json:"media,omitempty"`
}

// previewedTold is the last line of what a preview keeps: what it has told of its files.
type previewedTold struct {
	Told *previewedReport `json:"told"`
}

// previewedReport is what was not taken of the files of a preview, which is told again of the
// import that follows it.
type previewedReport struct {
	Refused  int               `json:"refused,omitempty"`
	More     bool              `json:"more,omitempty"`
	Refusals []json.RawMessage `json:"refusals,omitempty"`
}

func (k previewedTold) write(w io.Writer) error {
	line, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// many reports whether the record is one of many in its file.
func (k previewedRecord) many() bool { return k.Line > 0 }

func (k previewedRecord) write(w io.Writer, in catalog.Input) (err error) {
	if k.Record, err = jsonl.Encode(in); err != nil {
		return err
	}
	line, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
