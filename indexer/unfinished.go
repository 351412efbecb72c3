package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/integrity"
)

// A build that was stopped goes on where it was. A snapshot is read in the order of ids,
// so that each batch notes, beside its documents, up to which id all are written, and
// the cursor after which changes follow. The next build takes a new snapshot of the ids
// past that one, and follows the changes from the first cursor: what an earlier snapshot
// gave is brought up to date by them, and what the new one gave is written once more.
//
// An unfinished generation is gone on with only where it is whole, of the same words and
// code, and the feed still goes back to it; see resume.

// unfinishedFile names the generation that is being built.
const unfinishedFile = "unfinished"

// readName returns the generation that a file in dir names, "" where it names none.
func readName(dir, file string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, file))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("indexer: read which index is %s: %w", file, err)
	}
	name := strings.TrimSpace(string(b))
	if !strings.HasPrefix(name, generationPrefix) || filepath.Base(name) != name {
		return "", nil // damaged; the index is built anew
	}
	return name, nil
}

// writeName has a file in dir name a generation. A crash leaves the old name or the
// new one.
func writeName(dir, file, name string) error {
	tmp := filepath.Join(dir, file+".tmp")
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(name + "\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(tmp, filepath.Join(dir, file))
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("indexer: name %s as the %s index: %w", name, file, err)
	}
	return nil
}

// forgetUnfinished removes the generation that was begun, and its name, unless it is the
// one in use.
func forgetUnfinished(dir string) error {
	name, err := readName(dir, unfinishedFile)
	if err != nil || name == "" {
		return err
	}
	current, err := readCurrent(dir)
	if err == nil && name != current {
		err = os.RemoveAll(filepath.Join(dir, name))
	}
	return wrap("remove an index that was not finished", errors.Join(err, os.Remove(filepath.Join(dir, unfinishedFile))))
}

// dropUnfinished is forgetUnfinished for an index that is followed as it is, where nobody
// has asked for the other to be built; not while one is.
func (x *Index) dropUnfinished() error {
	if !x.rebuilding.TryLock() {
		return nil
	}
	defer x.rebuilding.Unlock()
	return forgetUnfinished(x.dir)
}

// begun is a generation that is being built, and how far that had come.
type begun struct {
	*generation
	name string
	marks
}

// begin goes on with the generation that was not finished, or makes another. Its caller
// holds rebuilding.
func (x *Index) begin(ctx context.Context, src Source) (*begun, error) {
	b, err := x.resume(ctx, src)
	if err != nil {
		return nil, err
	}
	if b != nil {
		x.o.Logger.Info("the index is built on from where it was stopped", "documents", b.documents())
		return b, nil
	}
	if err := forgetUnfinished(x.dir); err != nil {
		return nil, err
	}
	name, err := nextGeneration(x.dir)
	if err != nil {
		return nil, err
	}
	if err := writeName(x.dir, unfinishedFile, name); err != nil {
		return nil, err
	}
	g, err := x.openGeneration(filepath.Join(x.dir, name))
	if err != nil {
		return nil, err
	}
	x.hold(g)
	return &begun{generation: g, name: name, marks: marks{print: x.fingerprint()}}, nil
}

// resume opens the generation that was not finished; nil where there is none to go on
// with. An error is the source's.
func (x *Index) resume(ctx context.Context, src Source) (*begun, error) {
	name, err := readName(x.dir, unfinishedFile)
	if err != nil || name == "" {
		return nil, nil //nolint:nilerr // what cannot be read is built anew
	}
	if current, err := readCurrent(x.dir); err != nil || current == name {
		return nil, nil //nolint:nilerr // likewise
	}
	// The files are summed up, which takes as long as reading them: not again and again
	// while the source is away.
	if _, _, err := src.Changes(ctx, catalog.Cursor{}, 1); err != nil {
		return nil, wrap("look whether an index can be built on", err)
	}
	g, m, err := x.openUnfinished(filepath.Join(x.dir, name))
	if err != nil {
		x.o.Logger.Info("the index is built from the beginning", "reason", err)
		return nil, nil
	}
	b := &begun{generation: g, name: name, marks: m}
	lost, err := b.lost(ctx, src)
	if err == nil && !lost {
		return b, nil
	}
	if lost {
		x.o.Logger.Info("the index is built from the beginning, since the feed of changes does not go back to the one that was not finished")
	}
	x.leave(b, err != nil)
	return nil, wrap("look whether an index can be built on", err)
}

// openUnfinished opens a generation that was not finished, where it can be gone on with.
func (x *Index) openUnfinished(path string) (g *generation, m marks, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, m, fmt.Errorf("it is gone: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("reading it panicked: %v", p)
		}
	}()
	if err := integrity.Folder(path); err != nil {
		return nil, m, err
	}
	if g, err = x.openGeneration(path); err != nil {
		return nil, m, err
	}
	reader, err := g.index.Reader()
	if err == nil {
		m, err = readMarks(reader)
		err = errors.Join(err, reader.Close())
	}
	if err == nil && (m.written == 0 || m.print != x.fingerprint()) {
		err = errors.New("it has nothing yet, or was made by other dictionaries or code")
	}
	if err != nil {
		g.release()
		<-g.closed
		return nil, m, err
	}
	x.hold(g)
	return g, m, nil
}

// documents returns how many documents it has.
func (g *generation) documents() uint64 {
	reader, err := g.index.Reader()
	if err != nil {
		return 0
	}
	defer reader.Close()
	n, _ := reader.DocCount()
	return n
}

// lost reports whether the source no longer has what the generation was made of: the feed
// does not go back to where it follows it, or a database that has taken over lacks what
// the last snapshot had; that may be later than what is followed.
func (b *begun) lost(ctx context.Context, src Source) (bool, error) {
	for _, c := range []catalog.Cursor{b.cursor, b.read} {
		if _, truncated, err := src.Changes(ctx, c, 1); err != nil || truncated {
			return truncated, err
		}
	}
	return false, nil
}

// leave closes a generation that was not finished. It is kept for the next build to go
// on with where keep says so, something is in it, and writing it did not fail.
func (x *Index) leave(b *begun, keep bool) {
	if keep = keep && b.written > 0 && !b.unwritable.Load() && !b.isGivenUp() && writeErrorListener.of(b.path) == nil; keep {
		// What bleve has not written yet would be lost at closing.
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		done := make(chan error, 1)
		go func() {
			batch := index.NewBatch()
			done <- errors.Join(b.set(batch), b.batchPersisted(batch))
		}()
		select {
		case err := <-done:
			keep = err == nil
		case <-ctx.Done():
		}
	}
	b.retired.Store(!keep)
	b.release()
	select {
	case <-b.closed:
	case <-b.broken:
	}
	if !keep {
		_ = os.Remove(filepath.Join(x.dir, unfinishedFile)) // the folder goes by itself
	}
}

// unwritten are the ids of a snapshot that have been handed out and not written yet. It
// is safe for concurrent use.
type unwritten struct {
	mu   sync.Mutex
	ids  []catalog.ID // in their order
	done map[catalog.ID]bool
	upTo catalog.ID // all up to this one are written
}

// hand notes that an id was handed out.
func (u *unwritten) hand(id catalog.ID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ids = append(u.ids, id)
}

// with returns up to which id all will be written once these are, too.
func (u *unwritten) with(ids []catalog.ID) catalog.ID {
	u.mu.Lock()
	defer u.mu.Unlock()
	mine := make(map[catalog.ID]bool, len(ids))
	for _, id := range ids {
		mine[id] = true
	}
	n := slices.IndexFunc(u.ids, func(id catalog.ID) bool { return !mine[id] && !u.done[id] })
	switch {
	case n < 0 && len(u.ids) > 0:
		return u.ids[len(u.ids)-1]
	case n > 0:
		return u.ids[n-1]
	}
	return u.upTo
}

// wrote notes that these are written.
func (u *unwritten) wrote(ids []catalog.ID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done == nil {
		u.done = map[catalog.ID]bool{}
	}
	for _, id := range ids {
		u.done[id] = true
	}
	n := 0
	for ; n < len(u.ids) && u.done[u.ids[n]]; n++ {
		u.upTo = u.ids[n]
		delete(u.done, u.upTo)
	}
	u.ids = slices.Delete(u.ids, 0, n)
}
