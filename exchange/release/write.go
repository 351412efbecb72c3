package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
)

// Source returns the records of a release: kind by kind in the order of
// catalog.RecordKinds, by slug within one, all as of one moment.
type Source interface {
	Released(ctx context.Context, origins []catalog.Origin, yield func(*catalog.Released) error) error
}

// Options say what a release is. Name must be set.
type Options struct {
	Name      string
	Address   string // where the public finds the knowledge base; "" where nobody has said
	Software  string // the program's version
	Licence   string // of the data, in its owner's words; "" where none was stated
	Synthetic bool   // made-up records too, which are otherwise left out
	Since     string // the earlier release to tell the changes from; "" for none
	SinceDir  string // where that one's files are
}

// The files that stand at the root of every release.
const (
	fileIndex     = "records.csv"
	fileChanges   = "changes.csv"
	fileDelta     = "changes.jsonl"
	filePackage   = "datapackage.json"
	fileCodebook  = "codebook.csv"
	fileReadme    = "README.md"
	fileCitation  = "CITATION.txt"
	fileCFF       = "CITATION.cff"
	fileBibTeX    = "citation.bib"
	fileRIS       = "citation.ris"
	fileCSL       = "citation.csl.json"
	fileLicence   = "LICENSE.txt"
	fileChecksums = "SHA256SUMS"
)

// Write writes a release into the folder dir, which must be there and empty,
// and returns what is to be kept of it. It stops at the first error and leaves
// what it wrote; ctx ends it.
func Write(ctx context.Context, dir string, from Source, o Options) (*catalog.Release, error) {
	if !catalog.ValidReleaseName(o.Name) {
		return nil, &catalog.Error{
			Kind: catalog.KindInvalid, Path: "name",
			Zh: "发布的名称只用小写字母、数字、连字符和点，如 2026-11", En: "a release's name has small letters, digits, hyphens and points only, as in 2026-11",
		}
	}
	w := &writer{dir: dir, o: o, counts: map[string]int{}}
	err := w.records(ctx, from)
	if err == nil {
		err = w.about(ctx)
	}
	if err != nil {
		w.abandon()
		return nil, fmt.Errorf("write release %s: %w", o.Name, err)
	}
	return &catalog.Release{
		Name: o.Name, Software: o.Software, AsOf: w.asOf, Records: len(w.index), Synthetic: o.Synthetic, Since: o.Since, Files: w.files,
	}, nil
}

// writer is a release on its way.
type writer struct {
	dir    string
	o      Options
	files  []*catalog.ReleaseFile
	counts map[string]int // rows of each table
	index  []indexed
	asOf   time.Time

	kind    int // of catalog.RecordKinds, the one that is being written
	lines   *file
	jsonl   export.RecordWriter
	tables  []*tableWriter
	started bool
}

// origins are those of the records that a release holds.
func (o Options) origins() []catalog.Origin {
	real := []catalog.Origin{catalog.OriginDocumented, catalog.OriginContributed, catalog.OriginReference}
	if o.Synthetic {
		return append(real, catalog.OriginSynthetic)
	}
	return real
}

// records writes the files of all kinds, those of kinds without records too.
func (w *writer) records(ctx context.Context, from Source) error {
	err := from.Released(ctx, w.o.origins(), func(r *catalog.Released) error {
		if err := w.goTo(slices.Index(catalog.RecordKinds, r.Input.Kind())); err != nil {
			return err
		}
		return w.record(ctx, r)
	})
	if err != nil {
		return err
	}
	return w.goTo(len(catalog.RecordKinds))
}

// goTo ends the kind that is being written, and begins and ends those between,
// up to kind, which it begins.
func (w *writer) goTo(kind int) error {
	for ; w.kind < kind; w.kind++ {
		if !w.started {
			if err := w.begin(catalog.RecordKinds[w.kind]); err != nil {
				return err
			}
		}
		if err := w.end(); err != nil {
			return err
		}
		w.started = false
	}
	if kind < w.kind {
		return errors.New("records are not in the order of their kinds")
	}
	if kind == len(catalog.RecordKinds) || w.started {
		return nil
	}
	return w.begin(catalog.RecordKinds[kind])
}

func (w *writer) begin(kind catalog.RecordKind) (err error) {
	w.started = true
	if w.lines, err = w.create("jsonl/" + plurals[kind] + ".jsonl"); err != nil {
		return err
	}
	if w.jsonl, err = export.NewRecordWriter(w.lines, export.FormatJSONL, []catalog.RecordKind{kind}); err != nil {
		return err
	}
	w.tables = nil
	for _, t := range tablesOf(kind) {
		tw, err := w.beginTable(t)
		if err != nil {
			return err
		}
		w.tables = append(w.tables, tw)
	}
	return nil
}

func (w *writer) end() error {
	err := w.jsonl.Close()
	err = errors.Join(err, w.keep(w.lines))
	for _, t := range w.tables {
		err = errors.Join(err, w.endTable(t))
	}
	w.lines, w.tables = nil, nil
	return err
}

// record writes one record to the files of its kind.
func (w *writer) record(ctx context.Context, r *catalog.Released) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.jsonl.Write(r.Input); err != nil {
		return err
	}
	for _, t := range w.tables {
		if err := t.add(r); err != nil {
			return err
		}
	}
	one, err := indexOf(r)
	if err != nil {
		return err
	}
	w.index = append(w.index, one)
	if r.UpdatedAt.After(w.asOf) {
		w.asOf = r.UpdatedAt
	}
	return nil
}

// file is a file of the release on its way to the disk.
type file struct {
	name  string
	f     *os.File
	sum   hash.Hash
	bytes int64
}

func (w *writer) create(name string) (*file, error) {
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a release is for everybody to read
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // as above
	if err != nil {
		return nil, err
	}
	return &file{name: name, f: f, sum: sha256.New()}, nil
}

// Write writes to the file and its checksum.
func (f *file) Write(b []byte) (int, error) {
	n, err := f.f.Write(b)
	f.sum.Write(b[:n])
	f.bytes += int64(n)
	return n, err
}

// keep ends a file and takes it into the release.
func (w *writer) keep(f *file) error {
	if err := errors.Join(f.f.Sync(), f.f.Close()); err != nil {
		return err
	}
	w.files = append(w.files, &catalog.ReleaseFile{Name: f.name, Bytes: f.bytes, SHA256: hex.EncodeToString(f.sum.Sum(nil))})
	return nil
}

// put writes a whole file.
func (w *writer) put(name string, content []byte) error {
	f, err := w.create(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, bytes.NewReader(content)); err != nil {
		return errors.Join(err, f.f.Close())
	}
	return w.keep(f)
}

// abandon closes what is open after an error.
func (w *writer) abandon() {
	if w.lines != nil {
		_ = w.lines.f.Close()
	}
	for _, t := range w.tables {
		_ = t.csvFile.f.Close()
		_ = t.parquetFile.f.Close()
	}
}

// about writes what tells of the release, and last the checksums of all.
func (w *writer) about(ctx context.Context) error {
	steps := []func() error{w.writeIndex, w.writeChanges, func() error { return w.writeDelta(ctx) }, w.writeCodebook, w.writeCitations, w.writeLicence, w.writeMetadata, w.writePackage, w.writeReadme}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	slices.SortFunc(w.files, func(a, b *catalog.ReleaseFile) int { return strings.Compare(a.Name, b.Name) })
	var b bytes.Buffer
	for _, f := range w.files {
		fmt.Fprintf(&b, "%s  %s\n", f.SHA256, f.Name)
	}
	return w.put(fileChecksums, b.Bytes())
}
