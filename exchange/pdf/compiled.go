package pdf

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// forProcess compiles for the whole process; nil until somebody has asked for it.
var forProcess atomic.Pointer[compiler]

// Compiling is how a process has PDFium compiled for its machine: pages are then read
// some twenty times as fast, by later runs too.
type Compiling struct {
	// Dir is the folder that keeps what was compiled.
	Dir string
	// Stays reports whether the process lives on behind its files, as a server does: it
	// then compiles behind the first file, where a command does so only for a file that
	// would take longer without.
	Stays bool
	// Begun is called where a file waits for compiling, which takes some seconds, once.
	// It may be nil.
	Begun func()
	// Told receives why PDFium could not be compiled: files are then interpreted.
	Told func(error)
}

// Compile has PDFium compiled as c says. Safe for concurrent use.
func Compile(c Compiling) { forProcess.Store(&compiler{Compiling: c, done: make(chan struct{})}) }

// compiler compiles PDFium once.
type compiler struct {
	Compiling
	begun atomic.Bool
	done  chan struct{}
	ready atomic.Pointer[wazero.CompilationCache]

	mu    sync.Mutex
	spent time.Duration // on interpreting, by files that are read to their end
}

// worth is how many times as long as the start of the interpreter, which differs with a
// machine and with what else it has to do, interpreting may take before compiling is
// worth it: that takes six times as long on two processors, and helps every later file.
const worth = 4

// config returns what a file is begun with: PDFium compiled, where this run or an
// earlier one has done so.
func (c *compiler) config(ctx context.Context) (config wazero.RuntimeConfig, compiled bool) {
	if c == nil {
		return wazero.NewRuntimeConfigInterpreter(), false
	}
	if c.ready.Load() == nil && c.left() {
		c.compile(runtime.GOMAXPROCS(0))
		c.wait(ctx)
	}
	if cache := c.ready.Load(); cache != nil {
		return wazero.NewRuntimeConfigCompiler().WithCompilationCache(*cache), true
	}
	return wazero.NewRuntimeConfigInterpreter(), false
}

// left reports whether an earlier run has left a compiled PDFium.
func (c *compiler) left() bool {
	files, err := filepath.Glob(filepath.Join(c.Dir, "*", "*"))
	return err == nil && len(files) > 0
}

// instead reports whether the rest of a file, of which some pages were interpreted in a
// time, start and all, is to be read with PDFium compiled; it has waited until that is
// there. A page is taken to be as long as the start before one was read: with full lines
// it is twice as long.
func (c *compiler) instead(ctx context.Context, start, spent time.Duration, pages, rest int) bool {
	if c == nil {
		return false
	}
	if c.ready.Load() != nil {
		return true
	}
	c.mu.Lock()
	all := c.spent + spent
	c.mu.Unlock()
	each := start
	if pages > 0 {
		each = (spent - start) / time.Duration(pages)
	}
	if all+each*time.Duration(rest) < worth*start {
		return false
	}
	select {
	case <-c.done: // it could not be compiled
		return c.ready.Load() != nil
	default:
	}
	if c.Begun != nil && !c.begun.Load() {
		c.Begun()
	}
	c.compile(runtime.GOMAXPROCS(0))
	c.wait(ctx)
	return c.ready.Load() != nil
}

// read hears how long a file was interpreted.
func (c *compiler) read(spent time.Duration) {
	if c == nil {
		return
	}
	c.mu.Lock()
	c.spent += spent
	c.mu.Unlock()
	if c.Stays {
		c.compile(1) // nobody waits for it
	}
}

// wait returns when PDFium is compiled, could not be, or ctx has ended.
func (c *compiler) wait(ctx context.Context) {
	select {
	case <-c.done:
	case <-ctx.Done():
	}
}

// compile begins to compile on that many processors, unless that was done before.
func (c *compiler) compile(workers int) {
	if !c.begun.CompareAndSwap(false, true) {
		return
	}
	go func() { // it ends by itself, with done
		defer close(c.done)
		cache, err := compiledInto(c.Dir, workers)
		if err != nil && c.left() { // what an earlier run has left may be damaged
			if os.RemoveAll(c.Dir) == nil {
				cache, err = compiledInto(c.Dir, workers)
			}
		}
		if err != nil {
			c.Told(err)
			return
		}
		c.ready.Store(&cache)
		debug.FreeOSMemory() // compiling took some hundred megabytes, once
	}()
}

// compiledInto returns the cache in a folder with PDFium compiled in it.
func compiledInto(dir string, workers int) (cache wazero.CompilationCache, err error) {
	defer func() { // wazero panics on a processor that it cannot compile for
		if e := recover(); e != nil {
			err = fmt.Errorf("compile PDFium: %v", e)
		}
	}()
	cache, err = wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("compile PDFium: %w", err)
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), workers)
	pool, err := webassembly.Init(options(ctx, wazero.NewRuntimeConfigCompiler().WithCompilationCache(cache)))
	if err != nil {
		return nil, fmt.Errorf("compile PDFium: %w", err)
	}
	_ = pool.Close() // it was only compiled
	return cache, nil
}

// options are what PDFium is started with.
func options(ctx context.Context, config wazero.RuntimeConfig) webassembly.Config {
	return webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(), Stdout: discard{}, Stderr: discard{},
		RuntimeConfig: config.WithCloseOnContextDone(true).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	}
}
