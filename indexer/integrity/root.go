package integrity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/util"
	"go.etcd.io/bbolt"
)

const (
	rootFile = "root.bolt"
	// sumsFile, beside it, has the sums of the last states that bleve wrote there, a
	// line each: the state's key and its sum, in hex.
	sumsFile  = "root.sums"
	sumsKept  = 8
	rootTries = 3
	rootPause = 20 * time.Millisecond
)

// Root watches over the root.bolt of an index's folder: which segments the index has,
// which of their documents are deleted, and what the index says of itself. A bit of it
// that turns over brings back what was withdrawn, or loses what is there, at the next
// start. It has the sum of each state that is written, taken as soon as it is written
// and kept in a file beside it. Safe for concurrent use.
type Root struct {
	path string

	mu   sync.Mutex
	sums []stateSum // the newest last
}

type stateSum struct{ key, sum string }

// NewRoot returns the Root of an index's folder, with the sums that are known.
func NewRoot(path string) *Root {
	r := &Root{path: path}
	text, err := os.ReadFile(filepath.Join(path, sumsFile))
	if err != nil {
		return r // of an index that is new, or was made before there were sums
	}
	for line := range strings.Lines(string(text)) {
		if key, sum, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			r.sums = append(r.sums, stateSum{key, sum})
		}
	}
	return r
}

// Events names the callback for bleve's events; an index is given it as
// eventCallbackName, and told of by Watch before it is opened.
const Events = "github.com/jisiguangyi/jisi/indexer/integrity"

// init registers the callback, which bleve wants done before any index is open.
func init() { scorch.RegistryEventCallbacks[Events] = watched.event }

var watched watch

// watch has the Root of each index that is open.
type watch struct{ roots sync.Map } // *scorch.Scorch to *Root

// Watch has each state that an index writes noted by r, until Forget.
func (r *Root) Watch(s *scorch.Scorch) { watched.roots.Store(s, r) }

// Forget ends what Watch began.
func (r *Root) Forget(s *scorch.Scorch) { watched.roots.Delete(s) }

// event is called in the goroutines of bleve's own. One of them that reads past a file
// that was cut panics from then on, which bleve recovers and tells; it would end the
// process.
func (w *watch) event(e scorch.Event) bool {
	switch e.Kind {
	case scorch.EventKindPersisterProgress:
		panicOnFault()
		if r, ok := w.roots.Load(e.Scorch); ok {
			r.(*Root).Note() //nolint:forcetypeassert // by Watch
		}
	case scorch.EventKindPurgerCheck, scorch.EventKindPreMergeCheck, scorch.EventKindMergerProgress:
		panicOnFault()
	}
	return true
}

// Note takes the sum of the state that was written last. Where it cannot be read, the
// next check says so.
func (r *Root) Note() {
	key, sum, err := r.read()
	if err != nil || key == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.find(key); ok && known == sum {
		return
	}
	r.sums = slices.DeleteFunc(r.sums, func(s stateSum) bool { return s.key == key })
	r.sums = append(r.sums, stateSum{key, sum})
	r.sums = r.sums[max(0, len(r.sums)-sumsKept):]
	var text bytes.Buffer
	for _, s := range r.sums {
		fmt.Fprintf(&text, "%s %s\n", s.key, s.sum)
	}
	tmp := filepath.Join(r.path, sumsFile+".tmp")
	if err := os.WriteFile(tmp, text.Bytes(), 0o600); err == nil {
		_ = os.Rename(tmp, filepath.Join(r.path, sumsFile)) // one that is missing is not checked
	}
}

// find returns the sum that is known of a state. Its caller holds mu.
func (r *Root) find(key string) (string, bool) {
	for _, s := range r.sums {
		if s.key == key {
			return s.sum, true
		}
	}
	return "", false
}

// Check returns an error where root.bolt cannot be read, or its newest state is not as
// it was written. A state of which no sum is known passes: a process was killed
// between the writing of both, or the index is older than sums are.
func (r *Root) Check() (err error) {
	for try := range rootTries { // bleve may be writing
		if try > 0 {
			time.Sleep(rootPause)
		}
		var key, sum string
		key, sum, err = r.read()
		if errors.Is(err, errNoRoom) {
			return nil
		}
		if err != nil {
			continue
		}
		r.mu.Lock()
		known, ok := r.find(key)
		r.mu.Unlock()
		if !ok || known == sum {
			return nil
		}
		err = fmt.Errorf("integrity: %s is damaged: its state has another sum", filepath.Join(r.path, rootFile))
	}
	return err
}

// errNoRoom says that there is no room to read root.bolt in, which says nothing of it.
var errNoRoom = errors.New("integrity: there is no room for a copy of root.bolt")

// read returns the key of the newest state that root.bolt has, in hex, and its sum; no
// key where there is none. It reads a copy, since bleve holds the file locked; the
// pages of a state stay as they are until the second state after it is written.
func (r *Root) read() (key, sum string, err error) {
	defer recovered(r.path, &err)()
	from, err := os.Open(filepath.Join(r.path, rootFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("integrity: check root.bolt: %w", err)
	}
	defer from.Close()
	copied, err := os.CreateTemp("", "jisi-root-*.bolt")
	if err != nil {
		return "", "", errors.Join(errNoRoom, err)
	}
	defer os.Remove(copied.Name())
	_, err = io.Copy(copied, from)
	if err := errors.Join(err, copied.Close()); err != nil {
		return "", "", errors.Join(errNoRoom, err)
	}
	db, err := bbolt.Open(copied.Name(), 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return "", "", fmt.Errorf("integrity: open a copy of root.bolt: %w", err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		states := tx.Bucket(util.BoltSnapshotsBucket)
		if states == nil {
			return nil
		}
		newest, _ := states.Cursor().Last()
		if newest == nil {
			return nil
		}
		h := sha256.New()
		if err := sumBucket(h, states.Bucket(newest)); err != nil {
			return err
		}
		key, sum = hex.EncodeToString(newest), hex.EncodeToString(h.Sum(nil))
		return nil
	})
	if err != nil {
		return "", "", fmt.Errorf("integrity: read a copy of root.bolt: %w", err)
	}
	return key, sum, nil
}

// sumBucket writes what is in a bucket into h, but for what is of the moment at which it
// was written: bleve writes the state that it finds at a start once more.
func sumBucket(h hash.Hash, b *bbolt.Bucket) error {
	if b == nil {
		return errors.New("a state is no bucket")
	}
	return b.ForEach(func(k, v []byte) error {
		if v != nil && (bytes.Equal(k, util.BoltMetaDataTimeStamp) || bytes.Equal(k, util.TotBytesWrittenKey)) {
			return nil
		}
		fmt.Fprintf(h, "%d:%s%d:%s", len(k), k, len(v), v)
		if v != nil {
			return nil
		}
		return sumBucket(h, b.Bucket(k))
	})
}
