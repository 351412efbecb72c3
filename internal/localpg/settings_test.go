package localpg

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSettingsFitTheMemory(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		memory int64
		want   [3]string // shared_buffers, maintenance_work_mem, effective_cache_size
	}{
		"not known": {0, [3]string{"128MB", "64MB", "1024MB"}},
		"128 MB":    {128 << 20, [3]string{"32MB", "32MB", "64MB"}},
		"1 GB":      {1 << 30, [3]string{"128MB", "64MB", "512MB"}},
		"64 GB":     {64 << 30, [3]string{"256MB", "128MB", "32768MB"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := settings(test.memory)
			got := [3]string{s["shared_buffers"], s["maintenance_work_mem"], s["effective_cache_size"]}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("settings(%d) (-want +got):\n%s", test.memory, diff)
			}
		})
	}
}

func TestMemTotal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"MemTotal:       16384 kB\nMemFree: 1 kB\n": 16 << 20,
		"MemFree: 1 kB\n":     0,
		"MemTotal: many kB\n": 0,
		"":                    0,
	} {
		if got := memTotal([]byte(text)); got != want {
			t.Errorf("memTotal(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestLogIsKeptShort(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	write := func(text []byte) {
		t.Helper()
		f, err := openLog(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Write(text)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	read := func(path string) []byte {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	write([]byte("one\n"))
	write([]byte("two\n"))
	if got := string(read(path)); got != "one\ntwo\n" {
		t.Errorf("the log has %q, want both lines", got)
	}
	write(append(bytes.Repeat([]byte("."), maxLog), "end\n"...))
	write([]byte("new\n"))
	if got := string(read(path)); got != "new\n" {
		t.Errorf("the log has %d bytes, want the new line alone", len(got))
	}
	if old := read(path + ".1"); len(old) != maxLog || !bytes.HasSuffix(old, []byte("end\n")) {
		t.Errorf("the old log has %d bytes, want its last %d", len(old), maxLog)
	}
}

func TestFilesAreNotOpenedThroughLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret, link := filepath.Join(dir, "secret"), filepath.Join(dir, "link")
	if err := os.WriteFile(secret, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, link); err != nil {
		t.Fatal(err)
	}
	if f, err := openLog(link); err == nil {
		t.Errorf("openLog follows a link: %v", f.Close())
	}
	if f, err := openLock(link); err == nil {
		t.Errorf("openLock follows a link: %v", f.Close())
	}
}
