package localpg

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

func TestDownloadedPrograms(t *testing.T) {
	t.Setenv("TMPDIR", openTempDir(t)) // the module leaves an empty log there
	repository := newRepository(t)
	o := Options{Dir: newDataDir(t), places: []string{openTempDir(t)}, Repository: repository.url}

	first := start(t, o)
	ask(t, first.URL(), remember, "远")
	bin := ask(t, first.URL(), `SELECT setting FROM pg_config WHERE name = 'BINDIR'`)
	if !strings.HasPrefix(bin, first.place.programs()) {
		t.Errorf("the server runs from %s, want it from the download in %s", bin, first.place.programs())
	}
	closeCluster(t, first)

	second := start(t, o)
	wantWord(t, second.URL(), "远")
	if got := repository.jars.Load(); got != 1 {
		t.Errorf("the programs were downloaded %d times, want once", got)
	}
	left, err := filepath.Glob(filepath.Join(first.place.programs(), "new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("the download left %q behind (%v)", left, err)
	}
}

func TestFailedDownload(t *testing.T) {
	t.Setenv("TMPDIR", openTempDir(t))
	repository := newRepository(t)
	dir, none := newDataDir(t), openTempDir(t)
	tests := map[string]struct {
		url  string
		want string
	}{
		"not there":      {repository.url + "/elsewhere", "no version found"},
		"wrong checksum": {repository.url + "/forged", "checksums do not match"},
		"no programs":    {repository.url + "/empty", "cannot find binary"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Start(t.Context(), Options{Dir: dir, places: []string{none}, Repository: test.url})
			if !errors.Is(err, pgproc.ErrNotFound) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Start says %v, want that nothing was found, and %q", err, test.want)
			}
		})
	}
	// The failures are not in the way of a success.
	start(t, Options{Dir: dir, places: []string{none}, Repository: repository.url})
}

func TestDownloadIsChosen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		o    Options
		want bool
	}{
		"forbidden":           {Options{Repository: NoDownload}, false},
		"a repository":        {Options{Repository: "http://127.0.0.1:1"}, true},
		"the user's programs": {Options{Repository: "http://127.0.0.1:1", BinDir: "/opt/pg/bin"}, false},
		"where none installs": {Options{}, !pgproc.CanInstall()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := &Cluster{opts: test.o}
			if got := c.mayDownload(); got != test.want {
				t.Errorf("mayDownload() = %v, want %v", got, test.want)
			}
		})
	}
}

func TestProgramsAreOpenToAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"bin/postgres": 0o700, "share/names.txt": 0o600} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, nil, mode)); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside")
	if err := errors.Join(os.WriteFile(outside, nil, 0o600), os.Symlink(outside, filepath.Join(dir, "link"))); err != nil {
		t.Fatal(err)
	}
	if err := openToAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		filepath.Join(dir, "bin"):             0o755,
		filepath.Join(dir, "bin/postgres"):    0o755,
		filepath.Join(dir, "share/names.txt"): 0o644,
		outside:                               0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

// repository is a Maven repository that has, for every system and version, the
// server's programs of this machine.
type repository struct {
	url  string
	jars atomic.Int64 // how many were asked for
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	jar := jarOf(t, "postgres.txz", xzOf(tarOfPrograms(t)))
	empty := jarOf(t, "README", []byte("nothing here"))
	r := &repository{}
	serve := func(text []byte, checksum string) http.HandlerFunc {
		return func(w http.ResponseWriter, q *http.Request) {
			if strings.HasSuffix(q.URL.Path, ".sha256") {
				text = []byte(checksum)
			} else {
				r.jars.Add(1)
			}
			if _, err := w.Write(text); err != nil {
				t.Errorf("answering %s: %v", q.URL, err)
			}
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/io/zonky/test/postgres/", func(w http.ResponseWriter, q *http.Request) { serve(jar, sum(jar))(w, q) })
	mux.HandleFunc("/forged/io/zonky/test/postgres/", func(w http.ResponseWriter, q *http.Request) { serve(jar, sum(empty))(w, q) })
	mux.HandleFunc("/empty/io/zonky/test/postgres/", func(w http.ResponseWriter, q *http.Request) { serve(empty, sum(empty))(w, q) })
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		// The module uses the default client, which keeps connections.
		http.DefaultClient.CloseIdleConnections()
		server.Close()
	})
	r.url = server.URL
	return r
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// tarOfPrograms packs this machine's programs, and a link to the libraries that
// they look for beside them. Other files they find where they were built to.
func tarOfPrograms(t *testing.T) []byte {
	t.Helper()
	account, err := pgproc.AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := pgproc.Find(context.Background(), account, pgproc.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	for _, name := range []string{"initdb", "postgres"} {
		text, err := os.ReadFile(filepath.Join(programs.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		err = w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "bin/" + name, Mode: 0o755, Size: int64(len(text))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	err = w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: "lib", Linkname: filepath.Join(programs.Dir, "..", "lib")})
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// jarOf packs one file into a jar, which is a zip.
func jarOf(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// xzOf packs text as an .xz file without compressing it: one block whose LZMA2
// chunks are stored, after the .xz file format, version 1.2.
func xzOf(text []byte) []byte {
	const checkCRC32 = 1
	flags := []byte{0, checkCRC32}
	out := append([]byte{0xFD, '7', 'z', 'X', 'Z', 0}, withCRC(flags)...)

	const lzma2, dictionary1M = 0x21, 16
	header := []byte{2, 0, lzma2, 1, dictionary1M, 0, 0, 0}
	block := withCRC(header)
	control := byte(1) // the first chunk resets the dictionary
	for rest := text; len(rest) > 0; control = 2 {
		n := min(len(rest), 1<<16)
		block = append(block, control)
		block = binary.BigEndian.AppendUint16(block, uint16(n-1))
		block = append(block, rest[:n]...)
		rest = rest[n:]
	}
	block = append(block, 0)
	unpadded := len(block) + crc32.Size
	block = binary.LittleEndian.AppendUint32(pad4(block), crc32.ChecksumIEEE(text))
	out = append(out, block...)

	index := []byte{0, 1}
	index = binary.AppendUvarint(index, uint64(unpadded))
	index = binary.AppendUvarint(index, uint64(len(text)))
	index = withCRC(pad4(index))
	out = append(out, index...)

	footer := binary.LittleEndian.AppendUint32(nil, uint32(len(index)/4-1))
	footer = append(footer, flags...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(footer))
	out = append(out, footer...)
	return append(out, 'Y', 'Z')
}

func withCRC(text []byte) []byte {
	return binary.LittleEndian.AppendUint32(bytes.Clone(text), crc32.ChecksumIEEE(text))
}

func pad4(text []byte) []byte {
	for len(text)%4 != 0 {
		text = append(text, 0)
	}
	return text
}
