package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/corpus"
	"github.com/jisiguangyi/jisi/indexer/integrity"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// Options are the settings of an index. The zero value is good.
type Options struct {
	// CacheBytes bounds the memory for lists of documents that are kept between
	// searches; an eighth more is for documents and what is made of them. 0 is 256 MiB.
	CacheBytes int64
	// Workers is how many goroutines cut texts in a rebuild; 0 is one a processor.
	Workers int
	// CheckEvery is how often the files are checked while they are followed, seldomer
	// where that would take more than 3 % of the time; 0 is DefaultCheckEvery.
	CheckEvery time.Duration
	// From, where it is set and the words are still being loaded, has Open return at
	// once: the index is opened and brought up to date with it beside whatever else
	// the process does, and who asks it before waits. What goes wrong there is logged,
	// and tried again by Follow.
	From Source
	// Meaning finds what is near in meaning; nil where words alone are searched.
	Meaning Meaning
	// Building is told how many records a rebuild has read so far, one after the other,
	// those among them that were there when it was gone on with; nil is not.
	Building func(records int)
	// Logger gets what an operator should know; nil is slog's default.
	Logger *slog.Logger
}

// Index is a search index in a folder. All its methods are safe for concurrent
// use; any number of searches run beside one writer.
type Index struct {
	dir   string
	words *Words
	form  func() string // specimenForm of the words, worked out once
	o     Options
	lock  *os.File

	view   atomic.Pointer[view] // nil until there is something to search
	old    snapshots            // views that a reader may still be paging through
	warmer warmer
	tidy   tidier
	sorts  chan struct{} // has one for each concordance whose lines are in memory to be sorted

	looking chan struct{} // has one for each look for peers that is at work
	opened  chan struct{} // closed once the index may be asked
	stop    func()        // ends bringing it up to date before

	batchBytes int // see rebuildBatch

	layWords atomic.Uint64 // how often lay words were replaced

	writing sync.Mutex  // held while changes are applied or generations swapped
	gen     *generation // the one in use, nil where a rebuild is needed

	rebuilding sync.Mutex // held by the one rebuild there may be
	building   atomic.Bool
	open       []*generation // those that may not be closed yet; guarded by rebuilding
	closed     atomic.Bool

	sound soundness // of its files

	mu        sync.Mutex // guards what follows
	lastError error
	applied   time.Time
}

// State is how an index does.
type State struct {
	Ready       bool           // there is an index to search; false until the first build has gone through
	Rebuilding  bool           // one is being built beside it
	Documents   int            // that can be found
	Cursor      catalog.Cursor // the last change that is in it
	DataVersion uint64         // grows whenever the index changes, over restarts and rebuilds too
	AppliedAt   time.Time      // when the last change was applied; zero where none was since the start
	LastError   error          // of the follower or of writing to disk, nil since it last went well
}

// Open opens the index in dir, which is made where it is not there. Where the
// index is absent, damaged, or made by other dictionaries or code, Open
// succeeds with an index that finds nothing until CatchUp, Follow or Rebuild
// has built it. ErrLocked where another process has it open.
func Open(ctx context.Context, dir string, words *Words, o Options) (*Index, error) {
	if o.CacheBytes == 0 {
		o.CacheBytes = 256 << 20
	}
	if o.CheckEvery <= 0 {
		o.CheckEvery = DefaultCheckEvery
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("indexer: open %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("indexer: make the folder %s: %w", dir, err)
	}
	lock, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	if err := putBackRequest(dir); err != nil {
		_ = lock.Close()
		return nil, err
	}
	x := &Index{dir: dir, batchBytes: rebuildBatch, words: words, o: o, form: sync.OnceValue(func() string { return specimenForm(words) }), lock: lock, sorts: make(chan struct{}, corpus.SortsAtOnce), looking: make(chan struct{}, runtime.GOMAXPROCS(0)), sound: soundness{found: make(chan struct{}, 1), suspect: make(chan struct{}, 1)}, opened: make(chan struct{}), stop: func() {}}
	if o.From != nil && !words.Loaded() {
		if name, err := readCurrent(dir); err == nil && name != "" {
			ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
			x.stop = cancel
			go x.openBeside(ctx)
			return x, nil
		}
	}
	defer close(x.opened)
	if err := x.openCurrent(); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return x, nil
}

// openBeside opens the index and brings it up to date.
func (x *Index) openBeside(ctx context.Context) {
	defer close(x.opened)
	start := time.Now()
	err := follow.Recovered(ctx, func(ctx context.Context) error {
		if err := x.openCurrent(); err != nil {
			return err
		}
		return x.catchUp(ctx, x.o.From)
	})
	if err != nil {
		x.o.Logger.Error("the search index could not be brought up to date at the start", "error", err)
		x.note(err)
		return
	}
	x.o.Logger.Info("the index is up to date", "records", x.State().Documents, "took", time.Since(start).Round(time.Millisecond))
}

// Opened reports whether Open has returned with an index that can be asked without
// waiting; see Options.From.
func (x *Index) Opened() bool {
	select {
	case <-x.opened:
		return true
	default:
		return false
	}
}

// await waits until the index may be asked.
func (x *Index) await(ctx context.Context) error {
	select {
	case <-x.opened:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("indexer: wait for the index to be opened: %w", ctx.Err())
	}
}

// held returns the current view, held, once the index has been opened; nil where there
// is none yet. ctx is that of who asks.
func (x *Index) held(ctx context.Context) (*view, error) {
	if err := x.await(ctx); err != nil {
		return nil, err
	}
	if v := x.acquire(); v != nil {
		return v, nil
	}
	return nil, x.nothing()
}

// openCurrent opens the generation in use where it can be used, and removes
// all others.
func (x *Index) openCurrent() error {
	name, err := readCurrent(x.dir)
	if err != nil {
		return err
	}
	if name != "" {
		g, v, err := x.tryGeneration(filepath.Join(x.dir, name))
		if err != nil {
			x.o.Logger.Warn("the search index will be built anew", "reason", err)
			name = ""
		} else {
			x.gen = g
			x.show(v)
		}
	}
	unfinished, err := readName(x.dir, unfinishedFile)
	if err != nil {
		return err
	}
	return removeOthers(x.dir, name, unfinished)
}

// tryGeneration opens a generation and checks that it is whole and of this
// code's making. Reading a damaged file may panic in bleve; that is an error
// here like any other.
func (x *Index) tryGeneration(path string) (g *generation, v *view, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil, fmt.Errorf("indexer: the current index is gone: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			g, v, err = nil, nil, fmt.Errorf("indexer: the index at %s is damaged: %v", path, p)
		}
	}()
	began := time.Now()
	if err := integrity.Folder(path); err != nil {
		setAsideFolder(x.dir, filepath.Base(path))
		return nil, nil, err
	}
	x.sound.began, x.sound.took = began, time.Since(began)
	g, err = x.openGeneration(path)
	if err != nil {
		return nil, nil, err
	}
	v, err = g.view(nil)
	if err == nil {
		var m marks
		if m, err = readMarks(v.reader); err == nil && (!m.complete || m.print != x.fingerprint()) {
			err = fmt.Errorf("indexer: the index at %s is incomplete or was made by other dictionaries or code", path)
		}
		if err != nil {
			v.release()
		}
	}
	if err != nil {
		g.release()
		<-g.closed
		return nil, nil, err
	}
	x.hold(g)
	return g, v, nil
}

// hold makes Close wait for the generation.
func (x *Index) hold(g *generation) {
	x.open = slices.DeleteFunc(x.open, func(g *generation) bool {
		select {
		case <-g.closed:
			return true
		case <-g.broken: // a goroutine of bleve's that has ended may never let it close
			return true
		default:
			return false
		}
	})
	x.open = append(x.open, g)
}

// State says how the index does.
func (x *Index) State() State {
	s := State{Rebuilding: x.building.Load()}
	x.mu.Lock()
	s.LastError, s.AppliedAt = x.lastError, x.applied
	x.mu.Unlock()
	if v := x.acquire(); v != nil {
		s.Ready, s.Documents, s.Cursor, s.DataVersion = true, v.live, v.cursor, v.version
		if s.LastError == nil {
			s.LastError = writeErrorListener.of(v.generation.path)
		}
		v.release()
	}
	return s
}

// acquire returns the current view, held; nil where there is none.
func (x *Index) acquire() *view {
	for {
		v := x.view.Load()
		if v == nil || v.acquire() {
			return v
		}
		// It was swapped between the two steps; the next one is there already.
	}
}

// failed wraps the error of an operation. It logs the stack of a panic, which the
// error does not carry to whoever asked.
func (x *Index) failed(operation string, err error) error {
	var p *corpus.Panic
	if errors.As(err, &p) {
		x.o.Logger.Error("a goroutine of the index panicked", "operation", operation, "panic", p.Value, "stack", string(p.Stack))
	}
	return wrap(operation, err)
}

// errClosed is what a closed index answers.
var errClosed = &catalog.Error{Kind: catalog.KindUnavailable, Zh: "检索服务正在关闭，请稍后再试", En: "the index is closed; try again later"}

// nothing is the error of a request for which there is no view: nil where the index
// has not been built yet, errClosed where it is closed, errDamaged where it is set aside.
func (x *Index) nothing() error {
	if x.closed.Load() {
		return errClosed
	}
	if x.isDamaged() {
		return errDamaged
	}
	return nil
}

// show makes v the view that searches see from now on.
func (x *Index) show(v *view) {
	if before := x.view.Swap(v); before != nil {
		x.old.keep(before)
		before.release()
	}
	x.warm(v)
}

// showNext is show for another view of the generation in use, which may have been found
// damaged meanwhile. Its caller holds writing.
func (x *Index) showNext(v *view) {
	x.show(v)
	if x.isDamaged() {
		x.hide(v.generation)
	}
}

// Close closes the index when the searches under way have ended; those that come
// later are answered that it is closed. It waits no longer than closeTimeout, for
// the disk and the searches together: an index that is still read then stays open
// and locked until the process ends, and Close returns an error. Follow must have
// returned.
func (x *Index) Close() error {
	x.stop()
	<-x.opened
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.closed.Swap(true) {
		return nil
	}
	x.tidy.stop()
	x.warmer.stop.Store(true)
	x.warmer.group.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := x.persist(ctx)
	if v := x.view.Swap(nil); v != nil {
		v.release()
	}
	x.old.drop()
	if x.gen != nil {
		x.gen.release()
		x.gen = nil
	}
	for _, g := range x.open {
		select {
		case <-g.closed:
		case <-g.broken:
		case <-ctx.Done():
			return errors.Join(err, fmt.Errorf("indexer: close %s: it is still read after %s", x.dir, closeTimeout))
		}
	}
	return errors.Join(err, x.lock.Close())
}

// closeTimeout is how long Close waits. What is not on the disk then is read from
// the feed again.
const closeTimeout = 10 * time.Second

// persist has all that was applied written to disk, by a batch that says again
// what the view in use holds. It returns nil where ctx ends before.
func (x *Index) persist(ctx context.Context) error {
	v := x.view.Load()
	if v == nil || x.gen == nil || v.generation != x.gen {
		return nil
	}
	b := index.NewBatch()
	m := marks{print: x.fingerprint(), cursor: v.cursor, version: v.version, complete: true}
	if err := m.set(b); err != nil {
		return err
	}
	done, g := make(chan error, 1), x.gen
	go func() { done <- g.batchPersisted(b) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return nil
	}
}

// Analyze cuts a text as the index does: the words, and the words that longer
// ones are made of, in the order of their start, the longer first. Places are
// in code points of the text as given. Any string will do.
func (x *Index) Analyze(text string) []catalog.Token { return x.words.Analyze(text) }
