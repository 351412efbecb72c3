package release

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// Files opens a file of a release by its path in it.
type Files func(name string) (io.ReadCloser, error)

// In returns the files of the release in a folder.
func In(dir string) Files {
	return func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, filepath.FromSlash(name))) }
}

// Compare calls yield with what differs between two releases, contents and all, from
// the change number from (counted from 0) to just before number to, and returns how
// many changes there are. They come kind by kind, in the order of catalog.RecordKinds:
// what was added or changed in the order of the later release, then what was removed.
// A record has changed where its content has, whatever its version. Of the earlier
// release it holds the records of one kind that differ, of the later a line.
func Compare(ctx context.Context, before, after Files, from, to int, yield func(*catalog.ReleaseChange) error) (int, error) {
	changes, err := differing(before, after)
	if err != nil {
		return 0, err
	}
	wanted := changes[min(from, len(changes)):min(max(to, from), len(changes))]
	for len(wanted) > 0 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n := slices.IndexFunc(wanted, func(c *catalog.ReleaseChange) bool { return c.Kind != wanted[0].Kind })
		if n < 0 {
			n = len(wanted)
		}
		if err := contents(before, after, wanted[:n], yield); err != nil {
			return 0, fmt.Errorf("compare the %s of two releases: %w", plurals[wanted[0].Kind], err)
		}
		wanted = wanted[n:]
	}
	return len(changes), nil
}

// differing compares the indexes.
func differing(before, after Files) ([]*catalog.ReleaseChange, error) {
	was, err := readIndexOf(before)
	if err != nil {
		return nil, fmt.Errorf("the index of the earlier release: %w", err)
	}
	is, err := readIndexOf(after)
	if err != nil {
		return nil, fmt.Errorf("the index of the later release: %w", err)
	}
	gone := map[[2]string]indexed{}
	for _, x := range was {
		gone[[2]string{x.kind, x.slug}] = x
	}
	byKind := map[string][]*catalog.ReleaseChange{}
	for _, x := range is {
		c := &catalog.ReleaseChange{Change: catalog.ReleaseAdded, Kind: catalog.RecordKind(x.kind), Slug: x.slug, VersionAfter: &x.version}
		old, there := gone[[2]string{x.kind, x.slug}]
		if there {
			delete(gone, [2]string{x.kind, x.slug})
			c.Change, c.VersionBefore = catalog.ReleaseChanged, &old.version
		}
		if !there || old.digest != x.digest {
			byKind[x.kind] = append(byKind[x.kind], c)
		}
	}
	for _, x := range was {
		if _, there := gone[[2]string{x.kind, x.slug}]; there {
			byKind[x.kind] = append(byKind[x.kind], &catalog.ReleaseChange{
				Change: catalog.ReleaseRemoved, Kind: catalog.RecordKind(x.kind), Slug: x.slug, VersionBefore: &x.version,
			})
		}
	}
	var all []*catalog.ReleaseChange
	for _, kind := range catalog.RecordKinds {
		all = append(all, byKind[string(kind)]...)
	}
	return all, nil
}

func readIndexOf(files Files) ([]indexed, error) {
	f, err := files(fileIndex)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readIndexFrom(f)
}

// contents sets the fields of changes of one kind, in their order, and yields them.
func contents(before, after Files, changes []*catalog.ReleaseChange, yield func(*catalog.ReleaseChange) error) error {
	old := map[string][]byte{}
	for _, c := range changes {
		if c.VersionBefore != nil {
			old[c.Slug] = nil
		}
	}
	name := "jsonl/" + plurals[changes[0].Kind] + ".jsonl"
	if len(old) > 0 {
		err := eachLine(before, name, func(slug string, line []byte) error {
			if _, wanted := old[slug]; wanted {
				old[slug] = bytes.Clone(line)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	next := 0
	tell := func(line []byte) error {
		c := changes[next]
		next++
		if c.VersionBefore != nil && old[c.Slug] == nil {
			return fmt.Errorf("the earlier release has no record %s", c.Slug)
		}
		var err error
		if c.Fields, err = fieldsThatDiffer(old[c.Slug], line); err != nil {
			return fmt.Errorf("record %s: %w", c.Slug, err)
		}
		return yield(c)
	}
	if changes[0].VersionAfter != nil { // those that were removed come last
		err := eachLine(after, name, func(slug string, line []byte) error {
			if next == len(changes) || changes[next].VersionAfter == nil {
				return errEnough
			}
			if slug != changes[next].Slug {
				return nil
			}
			return tell(line)
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
	}
	for next < len(changes) {
		if c := changes[next]; c.VersionAfter != nil {
			return fmt.Errorf("the later release has no record %s, or in another order", c.Slug)
		}
		if err := tell(nil); err != nil {
			return err
		}
	}
	return nil
}

// errEnough ends the reading of a file.
var errEnough = errors.New("read enough")

// eachLine calls do with each line of a file and the slug of its record.
func eachLine(files Files, name string, do func(slug string, line []byte) error) error {
	f, err := files(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			slug, bad := slugOf(line)
			if bad != nil {
				return fmt.Errorf("%s: %w", name, bad)
			}
			if bad = do(slug, line); bad != nil {
				return bad
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// slugOf reads a record's slug, which stands among the first fields of its line, and no
// more of it.
func slugOf(line []byte) (string, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", errors.Join(err, errors.New("a line is no object"))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", err
		}
		if name == "slug" {
			var slug string
			err := d.Decode(&slug)
			return slug, err
		}
		var other json.RawMessage
		if err := d.Decode(&other); err != nil {
			return "", err
		}
	}
	return "", errors.New("a line has no slug")
}

// fieldsThatDiffer compares two lines, either of which may be nil, by their fields as
// wholes; by what the change itself names no field does.
func fieldsThatDiffer(before, after []byte) ([]catalog.FieldChange, error) {
	fields, err := catalog.DiffFields(before, after)
	return slices.DeleteFunc(fields, func(f catalog.FieldChange) bool { return f.Path == "type" || f.Path == "slug" }), err
}

// changeLine is a change as a line of JSON has it.
type changeLine struct {
	Change        string             `json:"change"`
	Kind          catalog.RecordKind `json:"kind"`
	Slug          string             `json:"slug"`
	VersionBefore *int               `json:"versionBefore"`
	VersionAfter  *int               `json:"versionAfter"`
	Fields        []fieldLine        `json:"fields"`
}

type fieldLine struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// WriteDelta writes what differs between two releases as JSON Lines, a change a line,
// in the order of Compare.
func WriteDelta(ctx context.Context, to io.Writer, before, after Files) error {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	raw := func(s *string) json.RawMessage {
		if s == nil {
			return json.RawMessage("null")
		}
		return json.RawMessage(*s)
	}
	_, err := Compare(ctx, before, after, 0, int(^uint(0)>>1), func(c *catalog.ReleaseChange) error {
		line := changeLine{strings.ToLower(string(c.Change)), c.Kind, c.Slug, c.VersionBefore, c.VersionAfter, make([]fieldLine, len(c.Fields))}
		for i, f := range c.Fields {
			line.Fields[i] = fieldLine{f.Path, raw(f.Before), raw(f.After)}
		}
		return e.Encode(line)
	})
	return err
}

// writeDelta writes the contents of what changes.csv lists.
func (w *writer) writeDelta(ctx context.Context) error {
	if w.o.Since == "" {
		return nil
	}
	f, err := w.create(fileDelta)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(f)
	if err := errors.Join(WriteDelta(ctx, buffered, In(w.o.SinceDir), In(w.dir)), buffered.Flush()); err != nil {
		return errors.Join(err, f.f.Close())
	}
	return w.keep(f)
}
