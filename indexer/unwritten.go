package indexer

import (
	"log/slog"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// unwritten is the name under which bleve finds whom to tell that it cannot
// write, on a full disk for instance. It goes on trying, and takes no more changes
// meanwhile; once it can write again nothing is missing.
const unwritten = "github.com/jisiguangyi/jisi/indexer"

// init registers it, which bleve wants done before any index is open.
func init() {
	c := &complaints{}
	scorch.RegistryAsyncErrorCallbacks[unwritten] = c.tell
}

// complaints logs that an index cannot be written: not each time, as bleve tries
// without a pause. It is safe for concurrent use.
type complaints struct {
	mu   sync.Mutex
	last time.Time
}

const betweenComplaints = 10 * time.Second

func (c *complaints) tell(err error, path string) {
	c.mu.Lock()
	silent := time.Since(c.last) < betweenComplaints
	if !silent {
		c.last = time.Now()
	}
	c.mu.Unlock()
	if !silent {
		slog.Error("the search index cannot be written; it does not follow until it can", "error", err, "path", path)
	}
}
