package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/data"
	"github.com/jisiguangyi/jisi/exchange/jsonl"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// seedActor names the writer of the documented records in their revisions.
var seedActor = catalog.Actor{Name: "documented records"}

// Seeded is a database that may hold the documented records of an earlier
// edition. It is safe for concurrent use.
type Seeded interface {
	Sink
	// SeedEdition returns the latest edition that the actor has written, 0 where
	// it has written none.
	SeedEdition(ctx context.Context, actor catalog.Actor) (int, error)
	// ChangedByOthers returns those of the slugs whose records somebody other
	// than the actor wrote last.
	ChangedByOthers(ctx context.Context, actor catalog.Actor, kind catalog.RecordKind, slugs []string) ([]string, error)
}

// Seed writes the records that come with the binary, all or nothing: the
// divisions, committees and topics, and what was taken from the province's
// document. To seed again finds everything SAME. A refusal is an error, which
// names the first; the report has them all.
func Seed(ctx context.Context, sink Sink) (Report, error) { return seed(ctx, sink, nil) }

// Renewed is what became of a database that held an earlier edition of the
// documented records.
type Renewed struct {
	Report
	From, To int      // the editions; equal where there was nothing to do
	Kept     []string // the records, as "case slug", that somebody has changed here, and that stay as they are
}

// Renew brings a database that holds an earlier edition of the documented records
// up to the binary's: what the edition mends is a new version, what it withdraws
// is archived and leads on. Records that somebody else wrote last stay as they
// are. A database that has never been seeded stays without.
func Renew(ctx context.Context, into Seeded) (Renewed, error) {
	r := Renewed{To: data.Edition}
	var err error
	if r.From, err = into.SeedEdition(ctx, seedActor); err != nil {
		return r, fmt.Errorf("renew: %w", err)
	}
	if r.From == 0 || r.From >= r.To {
		r.To = r.From
		return r, nil
	}
	kept := map[string]bool{}
	for kind, slugs := range seedNames() {
		changed, err := into.ChangedByOthers(ctx, seedActor, kind, slugs)
		if err != nil {
			return r, fmt.Errorf("renew: %w", err)
		}
		for _, slug := range changed {
			kept[seedName(kind, slug)] = true
			r.Kept = append(r.Kept, seedName(kind, slug))
		}
	}
	slices.Sort(r.Kept)
	r.Report, err = seed(ctx, into, kept)
	return r, err
}

// seed writes the documented records but those to be kept as they are.
func seed(ctx context.Context, sink Sink, kept map[string]bool) (Report, error) {
	var files []reading.File
	for name, r := range data.Records() {
		if len(kept) > 0 {
			r = without(r, kept)
		}
		files = append(files, reading.File{Name: name, Reader: r})
	}
	report, err := Import(ctx, editionSink{sink}, seedActor, files, ImportOptions{Strict: true})
	if err != nil && len(report.Refusals) > 0 {
		return report, fmt.Errorf("seed: %s: %w", report.Refusals[0], err)
	}
	if err != nil {
		return report, fmt.Errorf("seed: %w", err)
	}
	return report, nil
}

// editionSink notes the edition in the transaction that writes it, where the sink
// keeps such notes.
type editionSink struct{ Sink }

type editionWriter struct{ Writer }

func (s editionSink) Begin(ctx context.Context, actor catalog.Actor) (Writer, error) {
	w, err := s.Sink.Begin(ctx, actor)
	if err != nil {
		return nil, err
	}
	return editionWriter{w}, nil
}

func (w editionWriter) Commit(ctx context.Context) error {
	if n, ok := w.Writer.(interface {
		SeedEdition(ctx context.Context, edition int) error
	}); ok {
		if err := n.SeedEdition(ctx, data.Edition); err != nil {
			return err
		}
	}
	return w.Writer.Commit(ctx)
}

// seedLine is what tells a line's record.
type seedLine struct {
	Type string `json:"type"`
	Slug string `json:"slug"`
}

func seedName(kind catalog.RecordKind, slug string) string { return jsonl.TypeName(kind) + " " + slug }

// seedNames returns the slugs of the documented records by kind. What is not JSON,
// which the tests rule out, the import refuses.
func seedNames() map[catalog.RecordKind][]string {
	names := map[catalog.RecordKind][]string{}
	for _, r := range data.Records() {
		all, _ := io.ReadAll(r)
		for line := range bytes.Lines(all) {
			var l seedLine
			if json.Unmarshal(line, &l) == nil {
				kind := catalog.RecordKind(strings.ToUpper(l.Type))
				names[kind] = append(names[kind], l.Slug)
			}
		}
	}
	return names
}

// without leaves the named records out of a file's lines.
func without(r io.Reader, kept map[string]bool) io.Reader {
	all, err := io.ReadAll(r)
	if err != nil {
		return io.MultiReader(bytes.NewReader(all), r) // which says so again
	}
	var out bytes.Buffer
	for line := range bytes.Lines(all) {
		var l seedLine
		if json.Unmarshal(line, &l) == nil && kept[l.Type+" "+l.Slug] {
			continue
		}
		out.Write(line)
	}
	return &out
}
