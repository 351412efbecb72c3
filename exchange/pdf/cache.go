package pdf

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"
)

// sumsName is the file that seals a folder: wazero sums up the code that it has
// compiled, but not what says where a function of it begins.
const sumsName = "SHA256SUMS"

// CompileInto compiles PDFium for this processor into a folder, for Compiling.Made, and
// reports whether it had to: what is there already stays. It takes some five seconds, on
// one processor, so that the same program makes the same bytes each time.
func CompileInto(dir string) (made bool, err error) {
	if _, ok := loaded(dir); ok {
		return false, nil
	}
	return true, compileInto(dir, 1)
}

// compileInto makes a folder anew, sealed. Who looks into it meanwhile finds the whole
// one before, nothing, or the whole new one.
func compileInto(dir string, workers int) error {
	parent, part := filepath.Dir(dir), filepath.Base(dir)+".part-"
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	forget(parent, part)
	fresh, err := os.MkdirTemp(parent, part)
	if err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	defer os.RemoveAll(fresh)
	if _, err := compiledIn(context.Background(), fresh, workers); err != nil {
		return err
	}
	if err := seal(fresh); err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		return fmt.Errorf("compile PDFium: %w", err)
	}
	return nil
}

// forget removes what processes that were killed have left.
func forget(parent, part string) {
	left, _ := filepath.Glob(filepath.Join(parent, part+"*"))
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir) // the next one tries again
		}
	}
}

// loaded returns the cache in a folder that has PDFium compiled for this processor by
// this version of wazero. It writes nothing there, and takes nothing that is damaged or
// that other users of the machine could have written.
func loaded(dir string) (wazero.CompilationCache, bool) {
	if !isWhole(dir) {
		return nil, false
	}
	// wazero's key has the processor's features in it, and is nobody else's to make: an
	// ended context lets it load what is there, and compile nothing that is not. With
	// one worker it would not look at the context.
	ended, end := context.WithCancel(context.Background())
	end()
	cache, err := compiledIn(ended, dir, 2)
	return cache, err == nil
}

// compiledIn returns the cache of a folder with PDFium compiled in it.
func compiledIn(ctx context.Context, dir string, workers int) (cache wazero.CompilationCache, err error) {
	defer func() { // wazero panics on a processor that it cannot compile for
		if e := recover(); e != nil {
			err = fmt.Errorf("compile PDFium: %v", e)
		}
	}()
	cache, err = wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil, fmt.Errorf("compile PDFium: %w", err)
	}
	ctx = experimental.WithCompilationWorkers(ctx, workers)
	pool, err := webassembly.Init(options(ctx, wazero.NewRuntimeConfigCompiler().WithCompilationCache(cache)))
	if err != nil {
		return nil, fmt.Errorf("compile PDFium: %w", err)
	}
	_ = pool.Close() // it was only compiled
	return cache, nil
}

// seal writes the sums of a folder's files.
func seal(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, path := range files {
		sum, err := sumOf(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", sum, filepath.ToSlash(name))
	}
	if err := os.WriteFile(filepath.Join(dir, sumsName), []byte(sums.String()), 0o644); err != nil {
		return err
	}
	// Whoever runs the program may read what was compiled for it.
	return filepath.WalkDir(dir, func(path string, at os.DirEntry, err error) error {
		if err == nil && at.IsDir() {
			return os.Chmod(path, 0o755)
		}
		if err == nil {
			err = os.Chmod(path, 0o644)
		}
		return err
	})
}

// isWhole reports whether a folder was sealed by this version of wazero on this kind of
// machine, and is as it was then.
func isWhole(dir string) bool {
	sums, err := os.ReadFile(filepath.Join(dir, sumsName))
	if err != nil || !isOurs(dir) || !isOurs(filepath.Join(dir, sumsName)) {
		return false
	}
	of, err := versionsFolder()
	if err != nil {
		return false
	}
	any := false
	for lines := bufio.NewScanner(bytes.NewReader(sums)); lines.Scan(); {
		want, name, _ := strings.Cut(lines.Text(), "  ")
		path := filepath.Join(dir, filepath.FromSlash(name))
		if filepath.Dir(path) != filepath.Join(dir, of) || !isOurs(filepath.Dir(path)) || !isOurs(path) {
			return false
		}
		if got, err := sumOf(path); err != nil || got != want {
			return false
		}
		any = true
	}
	return any
}

// isOurs reports whether a file or folder is root's, this user's or the owner's of the
// program, and not everybody's to write: what is in it is run.
func isOurs(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Perm()&0o002 != 0 || !info.IsDir() && !info.Mode().IsRegular() {
		return false
	}
	switch owner := ownerOf(info); owner {
	case 0, os.Geteuid():
		return true
	default:
		program, err := os.Executable()
		if err != nil {
			return false
		}
		info, err := os.Stat(program)
		return err == nil && ownerOf(info) == owner
	}
}

// ownerOf returns the user who owns a file, -1 where that is not known.
func ownerOf(info os.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}

// versionsFolder returns the folder in which this version of wazero keeps what it has
// compiled on such a machine, as it makes it: that it tells nobody.
func versionsFolder() (string, error) {
	dir, err := os.MkdirTemp("", "jisi-pdfium-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if _, err := wazero.NewCompilationCacheWithDir(dir); err != nil {
		return "", err
	}
	made, err := os.ReadDir(dir)
	if err != nil || len(made) != 1 {
		return "", fmt.Errorf("wazero has made %d folders (%w)", len(made), err)
	}
	return made[0].Name(), nil
}

func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
