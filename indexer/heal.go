package indexer

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
)

// A segment's file ends with the CRC-32 of all before it, which bleve writes and does
// not look at. It is checked before an index is opened, when reading one fails, and now
// and then. One that is damaged is set aside at once, answers UNAVAILABLE, and is built
// anew by whoever follows.

// errDamaged is what an index answers that is damaged, until it has been built anew.
var errDamaged = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "检索索引已损坏，正在重建，请稍后再试", En: "the search index is damaged and is being built anew; try again later"}

const (
	// checkedFor is how long an index that was found whole is taken to be, when
	// reading fails: what fails then is for another reason.
	checkedFor = 10 * time.Second
	// checkEvery is how often an index is checked that nobody complains of, and
	// checkShare how much of the time that may take at most: of an index that is
	// read in ten seconds an hour passes in between.
	checkEvery = time.Minute
	checkShare = 300
)

// soundness is what is known of the files of an index. The zero value knows nothing.
type soundness struct {
	mu      sync.Mutex // held while it is checked
	checked time.Time  // when it was found whole
	took    time.Duration
	damaged bool // and not built anew yet; guarded by Index.mu
	found   chan struct{}
}

// checkFile returns an error where a segment's file is not as it was written.
func checkFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("indexer: check %s: %w", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("indexer: check %s: %w", path, err)
	}
	sum := crc32.NewIEEE()
	if info.Size() < 4 {
		return fmt.Errorf("indexer: %s is cut off", path)
	}
	r := bufio.NewReaderSize(f, 1<<20)
	if _, err := io.CopyN(sum, r, info.Size()-4); err != nil {
		return fmt.Errorf("indexer: check %s: %w", path, err)
	}
	var said [4]byte
	if _, err := io.ReadFull(r, said[:]); err != nil {
		return fmt.Errorf("indexer: check %s: %w", path, err)
	}
	if binary.BigEndian.Uint32(said[:]) != sum.Sum32() {
		return fmt.Errorf("indexer: %s is damaged: its checksum is another", path)
	}
	return nil
}

// checkGeneration opens a generation for reading, without what bleve does beside,
// which would end the process over a damaged file, and checks each file that is part
// of it. What a crash left half written is none.
func checkGeneration(path string) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a file may be shorter than it says
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("indexer: the index at %s is damaged: %v", path, p)
		}
	}()
	queue := index.NewAnalysisQueue(1)
	defer queue.Close()
	idx, err := scorch.NewScorch(scorch.Name, map[string]any{"path": path, "read_only": true, "bolt_timeout": "5s"}, queue)
	if err == nil {
		err = idx.Open()
	}
	if err != nil {
		return fmt.Errorf("indexer: open %s: %w", path, err)
	}
	defer idx.Close()
	reader, err := idx.Reader()
	if err != nil {
		return fmt.Errorf("indexer: open a snapshot: %w", err)
	}
	defer reader.Close()
	err = checkSnapshot(reader)
	if errors.Is(err, errNothing) {
		// bleve passes over a state whose files it cannot open, down to none.
		if files, _ := filepath.Glob(filepath.Join(path, "*.zap")); len(files) == 0 {
			err = nil
		}
	}
	return err
}

// errNothing says that nothing of an index could be opened.
var errNothing = errors.New("indexer: none of the index's files can be read")

// checkSnapshot checks the files of a snapshot's segments. Those that are not on the
// disk yet have none.
func checkSnapshot(reader index.IndexReader) error {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("indexer: a snapshot is a %T", reader)
	}
	segments := snapshot.Segments()
	if len(segments) == 0 {
		return errNothing
	}
	for _, s := range segments {
		onDisk, ok := s.Segment().(interface{ Path() string })
		if !ok {
			continue
		}
		if err := checkFile(onDisk.Path()); err != nil {
			return err
		}
	}
	return nil
}

// guarded is deferred by what reads the index, as in
//
//	defer x.guarded(ctx, "search", &err)()
//
// A panic in there is an error. Where reading failed because a file is damaged the
// index is set aside, and the error says so.
func (x *Index) guarded(ctx context.Context, operation string, err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		p := recover()
		debug.SetPanicOnFault(before)
		if p != nil {
			x.o.Logger.ErrorContext(ctx, "reading the index panicked", "operation", operation, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			*err = fmt.Errorf("indexer: %s: panic: %v", operation, p)
		}
		if *err == nil || catalog.ErrorKindOf(*err) != catalog.KindInternal || ctx.Err() != nil {
			return
		}
		if x.check(checkedFor) {
			*err = errDamaged
		}
	}
}

// check reports whether the index is damaged. One that was found whole for so long is
// not looked at again.
func (x *Index) check(within time.Duration) bool {
	x.sound.mu.Lock()
	defer x.sound.mu.Unlock()
	if x.isDamaged() {
		return true
	}
	v := x.acquire()
	if v == nil || time.Since(x.sound.checked) < within {
		if v != nil {
			v.release()
		}
		return false
	}
	start := time.Now()
	err := checkSnapshot(v.reader)
	g := v.generation
	v.release()
	if errors.Is(err, errNothing) {
		err = nil // nobody has written anything yet
	}
	if errors.Is(err, os.ErrNotExist) && g.retired.Load() {
		return false // another is in use by now
	}
	x.sound.checked, x.sound.took = time.Now(), time.Since(start)
	if err == nil {
		return false
	}
	x.setAside(g, err)
	return true
}

func (x *Index) isDamaged() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sound.damaged
}

// setAside stops using a damaged generation, unless another is in use by now, and has
// whoever follows the index build it anew.
func (x *Index) setAside(g *generation, cause error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.gen != g {
		return
	}
	x.o.Logger.Error("the search index is damaged; it is set aside and built anew", "error", cause)
	x.mu.Lock()
	x.sound.damaged, x.lastError = true, cause
	x.mu.Unlock()
	if v := x.view.Swap(nil); v != nil {
		v.release()
	}
	x.old.drop()
	g.retired.Store(true)
	x.gen = nil
	g.release()
	select {
	case x.sound.found <- struct{}{}:
	default:
	}
}

// mended says that the index has been built anew. Its caller holds writing.
func (x *Index) mended() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sound.damaged {
		x.sound.damaged, x.lastError = false, nil
		x.o.Logger.Info("the search index has been built anew")
	}
}

// waitWhole waits for changes, and returns as well when the index is found damaged,
// which it looks for now and then.
func (x *Index) waitWhole(ctx context.Context, changes Waiter) error {
	x.sound.mu.Lock()
	due := x.sound.checked.Add(max(checkEvery, checkShare*x.sound.took))
	x.sound.mu.Unlock()
	if time.Now().After(due) && x.check(0) {
		return nil
	}
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	watched, woken := make(chan struct{}), false
	go func() {
		defer close(watched)
		select {
		case <-x.sound.found:
			woken = true
			cancel()
		case <-waiting.Done():
		}
	}()
	err := changes.Wait(waiting)
	cancel()
	<-watched
	if woken && ctx.Err() == nil {
		return nil
	}
	return err
}

// setAsideFolder renames a damaged generation that cannot be opened, for whoever wants
// to look at it; the next one takes its place.
func setAsideFolder(dir, name string) {
	to := filepath.Join(dir, damagedFolder)
	_ = os.RemoveAll(to)
	_ = os.Rename(filepath.Join(dir, name), to)
}

// damagedFolder is what the last damaged generation that was found at opening is
// renamed to.
const damagedFolder = "damaged"
