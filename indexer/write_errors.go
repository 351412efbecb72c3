package indexer

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// writeErrorCallback is the name under which bleve finds whom to tell that it cannot
// write, on a full disk for instance. It goes on trying, and takes no more changes
// meanwhile; once it can write again nothing is missing.
const writeErrorCallback = "github.com/jisiguangyi/jisi/indexer"

// init registers it, which bleve wants done before any index is open.
func init() { scorch.RegistryAsyncErrorCallbacks[writeErrorCallback] = writeErrorListener.tell }

var writeErrorListener = writeErrors{about: map[string]writeError{}, listeners: map[string]writeErrorTold{}}

// writeErrors are that indexes cannot be written. They are logged, but not each
// time, as bleve tries without a pause. Safe for concurrent use.
type writeErrors struct {
	mu        sync.Mutex
	about     map[string]writeError     // the last, by the path of the index
	listeners map[string]writeErrorTold // of each open index, by its path
}

// writeErrorTold is who is told of an index: its logger, now and then, and its guard,
// each time.
type writeErrorTold struct {
	logger *slog.Logger
	told   func(error)
}

type writeError struct {
	err    error
	at     time.Time
	logged time.Time // when one was logged last
}

// listen has what is told of an index logged by its own logger, and told called with
// it, until forget. told must not wait.
func (c *writeErrors) listen(path string, logger *slog.Logger, told func(error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listeners[path] = writeErrorTold{logger, told}
}

// forget drops all that is known of an index, which is closed.
func (c *writeErrors) forget(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listeners, path)
	delete(c.about, path)
}

const (
	writeErrorLogEvery = 10 * time.Second
	// writeErrorLasts is how long after the last try an index counts as one that
	// cannot be written.
	writeErrorLasts = 5 * time.Second
)

func (c *writeErrors) tell(err error, path string) {
	c.mu.Lock()
	now, last, listener := time.Now(), c.about[path], c.listeners[path]
	silent := now.Sub(last.logged) < writeErrorLogEvery
	if !silent {
		last.logged = now
	}
	c.about[path] = writeError{err, now, last.logged}
	c.mu.Unlock()
	if listener.told != nil {
		listener.told(err)
	}
	if !silent && listener.logger != nil {
		listener.logger.Error("the search index cannot be written; it does not follow until it can", "error", err, "path", path)
	}
}

// of returns why an index cannot be written, nil where it can.
func (c *writeErrors) of(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, ok := c.about[path]
	if !ok {
		return nil
	}
	if time.Since(last.at) > writeErrorLasts {
		return nil
	}
	return fmt.Errorf("indexer: write %s: %w", path, last.err)
}
