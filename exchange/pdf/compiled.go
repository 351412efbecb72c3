package pdf

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
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
	// Made are folders in which CompileInto may have been run, where the program was
	// built: they are looked at first, and nothing is written there.
	Made []string
	// Dir is the folder that keeps what was compiled here, for want of those.
	Dir string
	// Stays reports whether the process lives on behind its files, as a server does: it
	// then compiles behind the first file, where a command does so only for files that
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

// Prepare has PDFium compiled behind what the process does, on one processor, where it
// stays and that was not done before: somebody is about to bring files in. Safe for
// concurrent use.
func Prepare() {
	c := forProcess.Load()
	if c == nil || !c.Stays || c.asked.Swap(true) {
		return
	}
	go func() { // it ends by itself, like what it begins
		c.look()
		c.compile(1)
	}()
}

// compiler compiles PDFium once.
type compiler struct {
	Compiling
	looked sync.Once
	asked  atomic.Bool // by Prepare
	begun  atomic.Bool
	done   chan struct{}
	ready  atomic.Pointer[wazero.CompilationCache]

	mu    sync.Mutex
	spent time.Duration // on interpreting, by files that are read to their end
}

// worth is how many times as long as the start of the interpreter, which differs with a
// machine and with what else it has to do, interpreting may take before compiling is
// worth it: that takes six times as long on two processors, and helps every later file.
const worth = 4

// config returns what a file is begun with: PDFium compiled, where this run, an earlier
// one or who built the program has done so.
func (c *compiler) config() (config wazero.RuntimeConfig, compiled bool) {
	if c == nil {
		return wazero.NewRuntimeConfigInterpreter(), false
	}
	c.look()
	if cache := c.ready.Load(); cache != nil {
		return wazero.NewRuntimeConfigCompiler().WithCompilationCache(*cache), true
	}
	return wazero.NewRuntimeConfigInterpreter(), false
}

// look takes what was compiled before, once.
func (c *compiler) look() {
	c.looked.Do(func() {
		for _, dir := range append(slices.Clip(c.Made), c.Dir) {
			if cache, ok := loaded(dir); ok && c.begun.CompareAndSwap(false, true) {
				c.ready.Store(&cache)
				close(c.done)
				return
			}
		}
	})
}

// better reports whether the rest of a file, of which some pages were interpreted in a
// time, start and all, is sooner read with PDFium compiled. A page is taken to be as long
// as the start before one was read: with full lines it is twice as long.
func (c *compiler) better(start, spent time.Duration, pages, rest int) bool {
	if c == nil {
		return false
	}
	select {
	case <-c.done: // or it could not be compiled
		return c.ready.Load() != nil
	default:
	}
	c.mu.Lock()
	all := c.spent + spent
	c.mu.Unlock()
	each := start
	if pages > 0 {
		each = (spent - start) / time.Duration(pages)
	}
	return all+each*time.Duration(rest) >= worth*start
}

// wait returns when PDFium is compiled, could not be, or ctx has ended.
func (c *compiler) wait(ctx context.Context) {
	if c.Begun != nil && !c.begun.Load() {
		c.Begun()
	}
	c.compile(runtime.GOMAXPROCS(0))
	select {
	case <-c.done:
	case <-ctx.Done():
	}
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

// compile begins to compile on that many processors, unless that was done before.
func (c *compiler) compile(workers int) {
	if !c.begun.CompareAndSwap(false, true) {
		return
	}
	go func() { // it ends by itself, with done
		defer close(c.done)
		if err := compileInto(c.Dir, workers); err != nil {
			c.Told(err)
			return
		}
		if cache, ok := loaded(c.Dir); ok {
			c.ready.Store(&cache)
		} else {
			c.Told(fmt.Errorf("what was compiled into %s could not be loaded", c.Dir))
		}
		debug.FreeOSMemory() // compiling took some hundred megabytes, once
	}()
}

// options are what PDFium is started with.
func options(ctx context.Context, config wazero.RuntimeConfig) webassembly.Config {
	return webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(), Stdout: discard{}, Stderr: discard{},
		RuntimeConfig: config.WithCloseOnContextDone(true).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	}
}
