package integrity

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// ErrNothing says that an index has no segment that could be opened.
var ErrNothing = errors.New("integrity: none of the index's files can be read")

// File returns an error where a segment's file is not as it was written: the CRC-32 at
// its end is not that of what stands before. It reads the whole file.
func File(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("integrity: check %s: %w", path, err)
	}
	defer f.Close()
	return sum(f)
}

// sum returns an error where an open file of a segment is not as it was written.
func sum(f *os.File) error {
	path := f.Name()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("integrity: check %s: %w", path, err)
	}
	sum := crc32.NewIEEE()
	if info.Size() < 4 {
		return fmt.Errorf("integrity: %s is cut off", path)
	}
	r := bufio.NewReaderSize(io.NewSectionReader(f, 0, info.Size()), 1<<20)
	if _, err := io.CopyN(sum, r, info.Size()-4); err != nil {
		return fmt.Errorf("integrity: check %s: %w", path, err)
	}
	var said [4]byte
	if _, err := io.ReadFull(r, said[:]); err != nil {
		return fmt.Errorf("integrity: check %s: %w", path, err)
	}
	if binary.BigEndian.Uint32(said[:]) != sum.Sum32() {
		return fmt.Errorf("integrity: %s is damaged: its checksum is another", path)
	}
	return nil
}

// Snapshots checks the files of the segments of snapshots, each file once; the first
// snapshot has to have segments, or the error is ErrNothing. A segment that is not on
// the disk yet has no file. One that is not there any more has been merged into
// another: what still reads it reads what was mapped, and nobody can change that.
func Snapshots(readers ...index.IndexReader) error {
	checked := map[string]bool{}
	for i, reader := range readers {
		snapshot, ok := reader.(*scorch.IndexSnapshot)
		if !ok {
			return fmt.Errorf("integrity: a snapshot is a %T", reader)
		}
		segments := snapshot.Segments()
		if i == 0 && len(segments) == 0 {
			return ErrNothing
		}
		for _, s := range segments {
			if err := checkOnce(s.Segment(), checked); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkOnce checks a segment's file, where it has one that is not in checked, and adds
// it there.
func checkOnce(s any, checked map[string]bool) error {
	onDisk, ok := s.(interface{ Path() string })
	if !ok || checked[onDisk.Path()] {
		return nil
	}
	checked[onDisk.Path()] = true
	if err := File(onDisk.Path()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Folder opens the index in a folder for reading, without what bleve does beside, which
// would end the process over a damaged file, and checks each file that is part of it
// and the state that root.bolt has. What a crash left half written is no part of it.
// An index of which nothing was ever written is whole.
func Folder(path string) (err error) {
	defer recovered(path, &err)()
	if err := NewRoot(path).Check(); err != nil {
		return err
	}
	queue := index.NewAnalysisQueue(1)
	defer queue.Close()
	idx, err := scorch.NewScorch(scorch.Name, map[string]any{"path": path, "read_only": true, "bolt_timeout": "5s"}, queue)
	if err == nil {
		err = idx.Open()
	}
	if err != nil {
		return fmt.Errorf("integrity: open %s: %w", path, err)
	}
	defer idx.Close()
	reader, err := idx.Reader()
	if err != nil {
		return fmt.Errorf("integrity: open a snapshot: %w", err)
	}
	defer reader.Close()
	err = Snapshots(reader)
	if errors.Is(err, ErrNothing) {
		// bleve passes over a state whose files it cannot open, down to none.
		if files, _ := filepath.Glob(filepath.Join(path, "*.zap")); len(files) == 0 {
			err = nil
		}
	}
	return err
}

// recovered is deferred around what reads files that may be damaged: a panic, or a
// fault of memory that is mapped to a file which is shorter by now, is an error.
func recovered(path string, err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		p := recover()
		debug.SetPanicOnFault(before)
		if p != nil {
			*err = fmt.Errorf("integrity: the index at %s is damaged: %v", path, p)
		}
	}
}

// panicOnFault has the goroutine that calls it panic from now on where it would end the
// process over memory that is mapped to a file which is shorter by now.
func panicOnFault() { debug.SetPanicOnFault(true) }
