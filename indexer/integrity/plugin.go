package integrity

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Checked returns the format of segments, whose merges read copies of the files that
// they have looked at the sums of. A merge of a damaged segment would write what it has
// read under a new and good sum, and nobody would ever find out; and a length that is
// damaged while it is being merged may ask for more memory than there is, which ends the
// process. Nobody can reach a copy, as it has no name.
//
// A merge that panics is one that fails: bleve would end the process, or the goroutine
// that merges, and nobody would merge again.
func Checked(format scorch.SegmentPlugin) scorch.SegmentPlugin { return checked{format} }

type checked struct{ scorch.SegmentPlugin }

// pauseAfter is how long a merge that failed waits: bleve tries again at once.
const pauseAfter = 100 * time.Millisecond

// MergeUsing merges segments whose files are whole into a new file.
func (c checked) MergeUsing(segments []segment.Segment, drops []*roaring.Bitmap, path string, closed chan struct{}, s segment.StatsReporter, config map[string]any) (numbers [][]uint64, written uint64, err error) {
	defer func() {
		if err != nil {
			_ = os.Remove(path) // it is no part of the index
			select {
			case <-closed:
			case <-time.After(pauseAfter):
			}
		}
	}()
	defer recovered(filepath.Dir(path), &err)()
	copies, closeAll, err := c.copies(segments, filepath.Dir(path), config)
	defer closeAll()
	if err != nil {
		return nil, 0, fmt.Errorf("merge segments: %w", err)
	}
	return c.SegmentPlugin.MergeUsing(copies, drops, path, closed, s, config)
}

// copyOf is how the copies of files that are merged are called while they have a name.
const copyOf = "merge-*.copy"

// copies returns the segments with copies in the place of those that have files, whole
// ones, and what closes these. A segment whose file is gone has been merged into another:
// what was mapped of it nobody can change.
func (c checked) copies(segments []segment.Segment, dir string, config map[string]any) (out []segment.Segment, closeAll func(), err error) {
	var opened []segment.Segment
	closeAll = func() {
		for _, s := range opened {
			_ = s.Close() // it was only read
		}
	}
	if slices.ContainsFunc(segments, func(s segment.Segment) bool { _, ok := s.(interface{ Path() string }); return ok }) {
		left, _ := filepath.Glob(filepath.Join(dir, copyOf)) // of a process that was killed: one merges files at a time
		for _, path := range left {
			_ = os.Remove(path)
		}
	}
	for _, s := range segments {
		onDisk, ok := s.(interface{ Path() string })
		if !ok {
			out = append(out, s)
			continue
		}
		copied, err := c.copied(onDisk.Path(), dir, config)
		switch {
		case errors.Is(err, os.ErrNotExist):
			copied = s
		case err != nil:
			return nil, closeAll, err
		default:
			opened = append(opened, copied)
		}
		out = append(out, copied)
	}
	return out, closeAll, nil
}

// copied opens a copy of a segment's file, which has no name any more and is whole.
func (c checked) copied(path, dir string, config map[string]any) (s segment.Segment, err error) {
	from, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := os.CreateTemp(dir, copyOf)
	if err != nil {
		return nil, err
	}
	defer to.Close()
	defer os.Remove(to.Name())
	if _, err := io.Copy(to, from); err != nil {
		return nil, fmt.Errorf("copy %s: %w", path, err)
	}
	if err := sum(to); err != nil { // before it is read: what is damaged may not be opened
		return nil, err
	}
	if s, err = c.SegmentPlugin.OpenUsing(to.Name(), config); err != nil {
		return nil, err
	}
	if err = os.Remove(to.Name()); err == nil {
		err = sum(to) // nobody can reach it any more
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenUsing opens a segment's file.
func (c checked) OpenUsing(path string, config map[string]any) (s segment.Segment, err error) {
	defer recovered(filepath.Dir(path), &err)()
	return c.SegmentPlugin.OpenUsing(path, config)
}
