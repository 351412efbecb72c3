package indexer

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/corpus"
	"github.com/jisiguangyi/jisi/indexer/docset"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/integrity"
	"github.com/jisiguangyi/jisi/indexer/rerank"
	"github.com/jisiguangyi/jisi/internal/follow"
)

// The index folder holds a folder for each generation and the file current,
// which names the one in use:
//
//	lock        held by the process that has the index open
//	current     for instance gen-000003
//	gen-000003  a bleve index
//	unfinished  names the one that is being built, or was when that was stopped
//	rebuild     there when somebody asked for a rebuild; see RequestRebuild
//
// A generation is built beside the one in use. current is written, by rename,
// only when all of it is on disk; whatever neither names is left over from a crash
// and is removed at the next start.
const (
	currentFile      = "current"
	rebuildFile      = "rebuild"
	begunFile        = "rebuild-begun" // the request, while it is being done
	lockFile         = "lock"
	generationPrefix = "gen-"
)

// What the index knows of itself, kept in it under these keys.
var (
	keyPrint    = []byte("jisi.fingerprint") // of dictionaries, fields and code; see Index.fingerprint
	keyCursor   = []byte("jisi.cursor")      // the last change that is in it
	keyVersion  = []byte("jisi.version")     // the data version
	keyComplete = []byte("jisi.complete")    // there once a build went through
	keyWritten  = []byte("jisi.written")     // while it is built: all records up to this id are in it
	keyRead     = []byte("jisi.read")        // likewise: the cursor of the last snapshot
)

// marks are the values under those keys.
type marks struct {
	print    string
	cursor   catalog.Cursor
	version  uint64
	complete bool
	written  catalog.ID
	read     catalog.Cursor
}

func (m marks) set(b *index.Batch) error {
	set := func(key []byte, c catalog.Cursor) error {
		text, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("indexer: write cursor %v: %w", c, err)
		}
		b.SetInternal(key, text)
		return nil
	}
	if err := set(keyCursor, m.cursor); err != nil {
		return err
	}
	if m.complete {
		b.DeleteInternal(keyWritten)
		b.DeleteInternal(keyRead)
	} else {
		b.SetInternal(keyWritten, binary.BigEndian.AppendUint64(nil, uint64(m.written))) //nolint:gosec // ids are positive
		if err := set(keyRead, m.read); err != nil {
			return err
		}
	}
	b.SetInternal(keyPrint, []byte(m.print))
	b.SetInternal(keyVersion, binary.BigEndian.AppendUint64(nil, m.version))
	if m.complete {
		b.SetInternal(keyComplete, []byte("1"))
	}
	return nil
}

func readMarks(r index.IndexReader) (marks, error) {
	var m marks
	get := func(key []byte) []byte {
		b, err := r.GetInternal(key)
		if err != nil {
			return nil
		}
		return b
	}
	m.print = string(get(keyPrint))
	m.complete = len(get(keyComplete)) > 0
	if b := get(keyVersion); len(b) == 8 {
		m.version = binary.BigEndian.Uint64(b)
	}
	if b := get(keyWritten); len(b) == 8 {
		m.written = catalog.ID(binary.BigEndian.Uint64(b)) //nolint:gosec // as it was written
	}
	for key, c := range map[string]*catalog.Cursor{string(keyCursor): &m.cursor, string(keyRead): &m.read} {
		if b := get([]byte(key)); b != nil {
			if err := json.Unmarshal(b, c); err != nil {
				return m, fmt.Errorf("indexer: read cursor %q: %w", b, err)
			}
		}
	}
	return m, nil
}

func (v *view) readMarks() error {
	m, err := readMarks(v.reader)
	v.cursor, v.version = m.cursor, m.version
	return err
}

// generation is one bleve index on disk. It is closed when the last view of it
// has been released, and removed then if it was retired.
type generation struct {
	index   index.Index
	queue   *index.AnalysisQueue
	path    string
	cache   *docset.Cache[listKey, *docset.Postings]
	docs    *docset.Cache[documentKey, document.Stored]
	parts   *docset.Cache[documentKey, *rerank.Parts]
	words   *Words
	content *corpus.Cache // the content words of its segments
	refs    atomic.Int64
	retired atomic.Bool
	closed  chan struct{} // closed when it is

	root    *integrity.Root
	forget  func() // ends what root watches
	givenUp sync.Once
	// unwritable is that a batch could not be applied, or what it wrote is not whole.
	unwritable atomic.Bool
	broken     chan struct{} // closed when it can be written no longer
	why        error         // and why; set before
}

// giveUp says that the generation can be written no longer: whoever waits for it to be
// written waits in vain.
func (g *generation) giveUp(why error) {
	g.givenUp.Do(func() {
		g.why = why
		close(g.broken)
	})
}

func (g *generation) isGivenUp() bool {
	select {
	case <-g.broken:
		return true
	default:
		return false
	}
}

// batch applies a batch. It returns as well where the generation is given up meanwhile.
func (g *generation) batch(b *index.Batch) error {
	done := make(chan error, 1)
	go func() {
		done <- follow.Recovered(context.Background(), func(context.Context) error {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			return g.index.Batch(b)
		})
	}()
	select {
	case err := <-done:
		if err != nil {
			g.unwritable.Store(true)
		}
		return wrap("apply a batch", err)
	case <-g.broken:
		return wrap("apply a batch", g.why)
	}
}

// documentsShare: one byte of documents is kept for so many of lists, and one of their
// parts.
const documentsShare = 16

// openGeneration opens the bleve index at path, or makes it.
func (x *Index) openGeneration(path string) (*generation, error) {
	words, cacheBytes := x.words, x.o.CacheBytes
	g := &generation{
		root: integrity.NewRoot(path), forget: func() {}, broken: make(chan struct{}),
		queue: index.NewAnalysisQueue(1), path: path, words: words,
		cache: docset.NewCache[listKey, *docset.Postings](cacheBytes), docs: docset.NewCache[documentKey, document.Stored](cacheBytes / documentsShare), parts: docset.NewCache[documentKey, *rerank.Parts](cacheBytes / documentsShare), closed: make(chan struct{}), content: corpus.NewCache(path),
	}
	writeErrorListener.listen(path, x.o.Logger, func(err error) { x.told(g, err) })
	idx, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path": path,
		// A batch need not wait for the disk: the cursor goes with it, and
		// whatever a crash takes away is read from the feed again.
		"unsafe_batch":           true,
		"numSnapshotsToKeep":     1,
		"bolt_timeout":           "5s",
		"asyncErrorCallbackName": writeErrorCallback,
		"eventCallbackName":      integrity.Events,
	}, g.queue)
	if s, ok := idx.(*scorch.Scorch); ok {
		g.root.Watch(s)
		g.forget = func() { g.root.Forget(s) }
	}
	if err == nil {
		err = idx.Open()
	}
	if err != nil {
		writeErrorListener.forget(path)
		g.forget()
		g.queue.Close()
		return nil, fmt.Errorf("indexer: open %s: %w", path, err)
	}
	g.index = idx
	g.root.Note() // where it was made before there were sums
	g.refs.Store(1)
	return g, nil
}

// view takes the generation's state as it is now.
func (g *generation) view(before *view) (*view, error) {
	v, err := newView(g, before)
	if err != nil {
		return nil, err
	}
	g.refs.Add(1)
	v.generation, v.core.generation = g, g
	return v, nil
}

// merged reports whether the generation has other segments now than a view.
func (g *generation) merged(v *view) (bool, error) {
	reader, err := g.index.Reader()
	if err != nil {
		return false, fmt.Errorf("indexer: open a snapshot: %w", err)
	}
	defer reader.Close()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return false, fmt.Errorf("indexer: a snapshot is a %T", reader)
	}
	return !slices.EqualFunc(snapshot.Segments(), v.segments, func(now *scorch.SegmentSnapshot, s *segmentView) bool {
		return now.Id() == s.id
	}), nil
}

// release drops one hold on the generation.
func (g *generation) release() {
	if g.refs.Add(-1) > 0 {
		return
	}
	// Closing waits for merges that are under way, which is not for the search
	// that happened to be the last to wait for.
	go func() {
		_ = g.index.Close()
		g.queue.Close()
		g.forget()
		writeErrorListener.forget(g.path)
		if g.retired.Load() {
			_ = os.RemoveAll(g.path) // or at the next start
		}
		close(g.closed)
	}()
}

// batchPersisted applies a batch and returns when it is on disk.
func (g *generation) batchPersisted(b *index.Batch) error {
	done := make(chan error, 1)
	b.SetPersistedCallback(func(err error) { done <- err })
	if err := g.batch(b); err != nil {
		return err
	}
	select {
	case err := <-done:
		return wrap("write a batch to disk", err)
	case <-g.broken:
		return wrap("write a batch to disk", g.why)
	}
}

// readCurrent returns the name of the generation in use, "" where there is none.
func readCurrent(dir string) (string, error) { return readName(dir, currentFile) }

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// removeOthers removes all generations but those named.
func removeOthers(dir string, names ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("indexer: look for old indexes: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), generationPrefix) && !slices.Contains(names, e.Name()) {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("indexer: remove an old index: %w", err)
			}
		}
	}
	return nil
}

// nextGeneration returns a name that no generation in dir has.
func nextGeneration(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("indexer: name a new index: %w", err)
	}
	last := 0
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), generationPrefix+"%d", &n); err == nil {
			last = max(last, n)
		}
	}
	return fmt.Sprintf("%s%06d", generationPrefix, last+1), nil
}
