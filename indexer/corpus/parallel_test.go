package corpus

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// What is read is mapped from files: where one was cut meanwhile, or a pointer is nil, the
// part that met it fails, and the process lives on.
func TestAFaultInAPartIsItsError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mapped")
	if err := os.WriteFile(path, make([]byte, 2*os.Getpagesize()), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mapped, err := syscall.Mmap(int(file.Fd()), 0, 2*os.Getpagesize(), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(mapped) }()
	if err := file.Truncate(0); err != nil {
		t.Fatal(err)
	}
	var nothing *int
	for name, read := range map[string]func() int{
		"a file that was cut": func() int { return int(mapped[os.Getpagesize()]) },
		"no value":            func() int { return *nothing },
		"past the end":        func() int { return int(mapped[len(mapped)-1+min(runtime.NumCPU(), 1)]) },
	} {
		err := inParallel(200, 3, func(part, from, _ int) error {
			if part == 1 && read() > 0 {
				return errors.New("not read")
			}
			return nil
		})
		var panicked *Panic
		if !errors.As(err, &panicked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := inParallel(200, 3, func(int, int, int) error { return nil }); err != nil {
		t.Error(err)
	}
}
