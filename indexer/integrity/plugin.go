package integrity

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Checked returns the format of segments, whose merges look at the sums of what they
// read. A merge of a damaged segment would write what it has read under a new and good
// sum, and nobody would ever find out. The sums are looked at again when the merge is
// done: what is damaged meanwhile is damaged still.
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
	if err := checkAll(segments); err != nil {
		return nil, 0, err
	}
	if numbers, written, err = c.SegmentPlugin.MergeUsing(segments, drops, path, closed, s, config); err != nil {
		return nil, 0, err
	}
	if err := checkAll(segments); err != nil {
		return nil, 0, err
	}
	return numbers, written, nil
}

// OpenUsing opens a segment's file.
func (c checked) OpenUsing(path string, config map[string]any) (s segment.Segment, err error) {
	defer recovered(filepath.Dir(path), &err)()
	return c.SegmentPlugin.OpenUsing(path, config)
}

func checkAll(segments []segment.Segment) error {
	seen := map[string]bool{}
	for _, s := range segments {
		if err := checkOnce(s, seen); err != nil {
			return fmt.Errorf("merge segments: %w", err)
		}
	}
	return nil
}
