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
	"strconv"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange"
)

// indexed is a record's line in the index of a release: what tells whether it
// has changed.
type indexed struct {
	kind, slug, origin string
	version            int
	updatedAt          string
	digest             string // SHA-256 of its line in jsonl/
}

var indexHeader = []string{"kind", "slug", "origin", "version", "updatedAt", "sha256"}

func indexOf(r *catalog.Released) (indexed, error) {
	var line bytes.Buffer
	to, err := exchange.NewRecordWriter(&line, exchange.FormatJSONL, []catalog.RecordKind{r.Input.Kind()})
	if err == nil {
		err = errors.Join(to.Write(r.Input), to.Close())
	}
	sum := sha256.Sum256(line.Bytes())
	h := r.Input.Head()
	return indexed{string(r.Input.Kind()), h.Slug, string(h.Origin), r.Version, instant(r.UpdatedAt), hex.EncodeToString(sum[:])}, err
}

func (w *writer) writeIndex() error {
	return w.putCSV(fileIndex, indexHeader, len(w.index), func(i int) []string {
		x := w.index[i]
		return []string{x.kind, x.slug, x.origin, strconv.Itoa(x.version), x.updatedAt, x.digest}
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
	before, order, err := readIndex(filepath.Join(w.o.SinceDir, fileIndex))
	if err != nil {
		return fmt.Errorf("the index of release %s: %w", w.o.Since, err)
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
	for _, name := range order {
		if was, ok := before[name]; ok {
			rows = append(rows, []string{"removed", was.kind, was.slug, strconv.Itoa(was.version), ""})
		}
	}
	return w.putCSV(fileChanges, changesHeader, len(rows), func(i int) []string { return rows[i] })
}

// readIndex reads the index of an earlier release, and the order of its lines.
func readIndex(path string) (map[[2]string]indexed, [][2]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = len(indexHeader)
	lines, order := map[[2]string]indexed{}, [][2]string(nil)
	for n := 0; ; n++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, order, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if n == 0 {
			continue
		}
		version, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		name := [2]string{row[0], row[1]}
		lines[name] = indexed{row[0], row[1], row[2], version, row[4], row[5]}
		order = append(order, name)
	}
}
