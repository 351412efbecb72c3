package pdf

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// forServer compiles for the whole process; nil until somebody has asked for it.
var forServer atomic.Pointer[compiler]

// CompileInto has PDFium compiled for this machine into the folder, behind the first
// file that is read: pages are then read some twenty times as fast, by later runs too.
// Until that is done, and where it cannot be, they are interpreted. It is for processes
// that stay, as a server: compiling takes longer than reading a few files does. Safe for
// concurrent use; told receives why it could not be.
func CompileInto(dir string, told func(error)) { forServer.Store(&compiler{dir: dir, told: told}) }

// compiler compiles PDFium once.
type compiler struct {
	dir   string
	told  func(error)
	once  sync.Once
	ready atomic.Pointer[wazero.CompilationCache]
	done  chan struct{}
	wait  time.Duration
}

// How long a file waits for the compiled PDFium: where an earlier run has left one, until
// that is loaded, which takes a busy machine longer than a second.
const (
	soon   = time.Second
	loaded = 30 * time.Second
)

// patience returns how long a file waits.
func (c *compiler) patience() time.Duration {
	if files, err := filepath.Glob(filepath.Join(c.dir, "*", "*")); err == nil && len(files) > 0 {
		return loaded
	}
	return soon
}

// config returns what PDFium is run with: compiled where that is there.
func config() wazero.RuntimeConfig {
	c := forServer.Load()
	if c == nil {
		return wazero.NewRuntimeConfigInterpreter()
	}
	c.once.Do(func() {
		c.wait, c.done = c.patience(), make(chan struct{})
		go c.compile() // it ends by itself, with done
	})
	select {
	case <-c.done:
	case <-time.After(c.wait):
	}
	if cache := c.ready.Load(); cache != nil {
		return wazero.NewRuntimeConfigCompiler().WithCompilationCache(*cache)
	}
	return wazero.NewRuntimeConfigInterpreter()
}

func (c *compiler) compile() {
	defer close(c.done)
	defer func() { // wazero panics on a processor that it cannot compile for
		if e := recover(); e != nil {
			c.told(fmt.Errorf("compile PDFium: %v", e))
		}
	}()
	cache, err := wazero.NewCompilationCacheWithDir(c.dir)
	if err != nil {
		c.told(fmt.Errorf("compile PDFium: %w", err))
		return
	}
	pool, err := webassembly.Init(options(context.Background(), wazero.NewRuntimeConfigCompiler().WithCompilationCache(cache)))
	if err != nil {
		c.told(fmt.Errorf("compile PDFium: %w", err))
		return
	}
	_ = pool.Close() // it was only compiled
	c.ready.Store(&cache)
	debug.FreeOSMemory() // compiling took some hundred megabytes, once
}

// options are what PDFium is started with.
func options(ctx context.Context, config wazero.RuntimeConfig) webassembly.Config {
	return webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(), Stdout: discard{}, Stderr: discard{},
		RuntimeConfig: config.WithCloseOnContextDone(true).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	}
}
