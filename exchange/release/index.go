package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/export"
)

// indexed is a record's line in the index of a release: what tells whether it
// has changed.
type indexed struct {
	kind, slug, origin string
	version            int
	updatedAt          string
	digest             string // SHA-256 of its line in jsonl/
	revision           string // the digest of its revision, which those before it belong to; "" where none was kept
}

var indexHeader = []string{"kind", "slug", "origin", "version", "updatedAt", "sha256", "revision"}

// withoutRevisions is the header that indexes had at first.
var withoutRevisions = indexHeader[:6]

func indexOf(r *catalog.Released) (indexed, error) {
	var line bytes.Buffer
	to, err := export.NewRecordWriter(&line, export.FormatJSONL, []catalog.RecordKind{r.Input.Kind()})
	if err == nil {
		err = errors.Join(to.Write(r.Input), to.Close())
	}
	sum := sha256.Sum256(line.Bytes())
	h := r.Input.Head()
	return indexed{string(r.Input.Kind()), h.Slug, string(h.Origin), r.Version, instant(r.UpdatedAt), hex.EncodeToString(sum[:]), hex.EncodeToString(r.Digest)}, err
}

func (w *writer) writeIndex() error {
	return w.putCSV(fileIndex, indexHeader, len(w.index), func(i int) []string {
		x := w.index[i]
		return []string{x.kind, x.slug, x.origin, strconv.Itoa(x.version), x.updatedAt, x.digest, x.revision}
	})
}

// putCSV writes a small table as a whole.
func (w *writer) putCSV(name string, header []string, rows int, row func(i int) []string) error {
	var b bytes.Buffer
	c := csv.NewWriter(&b)
	_ = c.Write(header) // a buffer takes all
	for i := range rows {
		_ = c.Write(row(i))
	}
	c.Flush()
	return w.put(name, b.Bytes())
}

var changesHeader = []string{"change", "kind", "slug", "versionBefore", "versionAfter"}

// writeChanges tells what has changed since the earlier release: added and
// changed records in the order of this one, and then those that were removed.
func (w *writer) writeChanges() error {
	if w.o.Since == "" {
		return nil
	}
	lines, err := readIndex(filepath.Join(w.o.SinceDir, fileIndex))
	if err != nil {
		return fmt.Errorf("the index of release %s: %w", w.o.Since, err)
	}
	before := map[[2]string]indexed{}
	for _, x := range lines {
		before[[2]string{x.kind, x.slug}] = x
	}
	var rows [][]string
	for _, x := range w.index {
		name := [2]string{x.kind, x.slug}
		switch was, ok := before[name]; {
		case !ok:
			rows = append(rows, []string{"added", x.kind, x.slug, "", strconv.Itoa(x.version)})
		case was.digest != x.digest:
			rows = append(rows, []string{"changed", x.kind, x.slug, strconv.Itoa(was.version), strconv.Itoa(x.version)})
		}
		delete(before, name)
	}
	for _, was := range lines {
		if _, ok := before[[2]string{was.kind, was.slug}]; ok {
			rows = append(rows, []string{"removed", was.kind, was.slug, strconv.Itoa(was.version), ""})
		}
	}
	return w.putCSV(fileChanges, changesHeader, len(rows), func(i int) []string { return rows[i] })
}

// readIndex reads the index of an earlier release, in the order of its lines.
func readIndex(path string) ([]indexed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readIndexFrom(f)
}

func readIndexFrom(f io.Reader) ([]indexed, error) {
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil || !slices.Equal(header, indexHeader) && !slices.Equal(header, withoutRevisions) {
		return nil, errors.Join(err, fmt.Errorf("its header is %q", header))
	}
	var lines []indexed
	for {
		row, err := r.Read() // as many cells as the header
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		version, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", len(lines)+1, err)
		}
		x := indexed{kind: row[0], slug: row[1], origin: row[2], version: version, updatedAt: row[4], digest: row[5]}
		if len(row) == len(indexHeader) {
			x.revision = row[6]
		}
		lines = append(lines, x)
	}
}

// Versions returns the versions that the release in a folder holds.
func Versions(dir, name string) ([]catalog.ReleasedVersion, error) {
	lines, err := readIndex(filepath.Join(dir, fileIndex))
	if err != nil {
		return nil, fmt.Errorf("the index of release %s: %w", name, err)
	}
	versions := make([]catalog.ReleasedVersion, len(lines))
	for i, x := range lines {
		versions[i] = catalog.ReleasedVersion{
			Release: name, Kind: catalog.RecordKind(x.kind), Slug: x.slug, Origin: catalog.Origin(x.origin), Version: x.version, Digest: x.revision,
		}
	}
	return versions, nil
}
