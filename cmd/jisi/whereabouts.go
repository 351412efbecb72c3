package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/jisiguangyi/jisi/internal/localpg"
	"github.com/jisiguangyi/jisi/store"
)

// serving is what a jisi that serves says of itself to commands that are run
// beside it, in a file that it holds locked while it lives. There is no secret in
// it.
type serving struct {
	PID      int    `json:"pid"`
	Address  string `json:"address"`
	DataDir  string `json:"dataDir"`
	Database string `json:"database"` // as store.Place tells it; "" is the private one
}

// String names the server for a sentence.
func (s serving) String() string {
	if s.Database != "" {
		return fmt.Sprintf("%s -data-dir %s, DATABASE_URL %s", s.Address, s.DataDir, s.Database)
	}
	return fmt.Sprintf("%s -data-dir %s", s.Address, s.DataDir)
}

// notesDir is the folder for the notes of servers of our user: what systemd gives
// a service, what a session has, or one among temporary files.
func (a *app) notesDir() string {
	if dir, ok := a.getenv("RUNTIME_DIRECTORY"); ok && filepath.IsAbs(dir) {
		return dir
	}
	if dir, ok := a.getenv("XDG_RUNTIME_DIR"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "jisi")
	}
	return filepath.Join(os.TempDir(), "jisi-serving-"+strconv.Itoa(os.Geteuid()))
}

// noteServing leaves a note for commands that are run beside the server, and returns
// what takes it back. A server serves without one as well.
func (a *app) noteServing(c *config, d *database, address string) (forget func()) {
	dir := a.notesDir()
	note := serving{PID: os.Getpid(), Address: address, DataDir: absolute(c.dataDir)}
	if d.cluster == nil {
		note.Database = store.Place(d.url)
	}
	file, name, err := writeNote(dir, note)
	if err != nil {
		newLog(a.stderr, c).Warn("commands that are run beside this server will not find it by themselves", "error", err)
		return func() {}
	}
	return func() { _ = errors.Join(os.Remove(name), file.Close()) } // nobody needs it any more
}

// writeNote returns the file, which is locked as long as it is open, and its name.
func writeNote(dir string, note serving) (file *os.File, name string, err error) {
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) { //nolint:gosec // it holds no secret, and root's commands are to find it
		return nil, "", err
	}
	if err := ours(dir, os.Geteuid()); err != nil {
		return nil, "", err
	}
	text, err := json.Marshal(note)
	if err != nil {
		return nil, "", err
	}
	if file, err = os.CreateTemp(dir, ".note-"); err != nil {
		return nil, "", err
	}
	name = filepath.Join(dir, strconv.Itoa(note.PID)+".json")
	// Locked before it gets its name, so that nobody takes it for one that was left.
	_, err = file.Write(text)
	err = errors.Join(err, file.Chmod(0o644), syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return nil, "", errors.Join(err, os.Remove(file.Name()), file.Close())
	}
	return file, name, nil
}

// ours fails where a folder is not the user's alone to write: another might tell us
// of a server of theirs.
func ours(dir string, uid int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || info.Mode().Perm()&0o022 != 0 || int(st.Uid) != uid && st.Uid != 0 {
		return fmt.Errorf("%s is not a folder of uid %d's alone", dir, uid)
	}
	return nil
}

// servers finds the servers that run, as far as our user may know: its own, those
// of the system's service and, for root, everybody's.
func (a *app) servers() []serving {
	own := os.Geteuid()
	dirs := map[string]int{a.notesDir(): own}
	if info, err := os.Stat(serviceNotes); err == nil { // made by systemd for the service's user
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			dirs[serviceNotes] = int(st.Uid)
		}
	}
	if own == 0 {
		for _, pattern := range []string{"/run/user/*/jisi", filepath.Join(os.TempDir(), "jisi-serving-*")} {
			found, err := filepath.Glob(pattern)
			if err != nil {
				continue
			}
			for _, dir := range found {
				if uid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), "jisi-serving-")); err == nil {
					dirs[dir] = uid
				} else if uid, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil {
					dirs[dir] = uid
				}
			}
		}
	}
	var list []serving
	for dir, uid := range dirs {
		if ours(dir, uid) == nil {
			list = append(list, servingIn(dir)...)
		}
	}
	return list
}

// serviceNotes is the folder that deploy/jisi.service has made for it.
const serviceNotes = "/run/jisi"

// servingIn reads the notes in a folder whose servers live.
func servingIn(dir string) (list []serving) {
	found, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil
	}
	for _, name := range found {
		file, err := os.Open(name)
		if err != nil {
			continue
		}
		note := serving{}
		if err := json.NewDecoder(file).Decode(&note); err == nil {
			if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
				list = append(list, note)
			} else if err == nil {
				_ = os.Remove(name) // its server was killed
			}
		}
		_ = file.Close() // it was only read
	}
	return list
}

// settle finds out which data directory and database a command works in that is
// not to make any: what it is told, else those of the one server that runs, else
// those of its user. It changes c accordingly, and fails where there is none or
// more than one.
func (a *app) settle(ctx context.Context, c *config) error {
	running := a.servers()
	if c.databaseURL != "" {
		if place := store.Place(c.databaseURL); !c.given["data-dir"] {
			for _, s := range running {
				if s.Database == place {
					c.dataDir = s.DataDir
				}
			}
		}
		return nil
	}
	if !c.given["data-dir"] {
		switch len(running) {
		case 0:
		case 1:
			c.dataDir = running[0].DataDir
		default:
			return several(running)
		}
	}
	for _, s := range running {
		if s.DataDir == absolute(c.dataDir) && s.Database != "" {
			return &sentence{
				fmt.Sprintf("运行中的服务（%s）用的是数据库 %s，请给出它的 DATABASE_URL", s.Address, s.Database),
				fmt.Sprintf("the server that runs (%s) uses the database %s: give its DATABASE_URL", s.Address, s.Database), nil,
			}
		}
	}
	found, err := localpg.Examine(ctx, c.dataDir)
	if found.Made {
		return nil // whatever is wrong with it, starting it will tell
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return noDatabase("数据目录 "+c.dataDir, "the data directory "+c.dataDir)
}

func noDatabase(zh, en string) error {
	return &sentence{
		zh + " 中还没有 jisi 的数据库：请用 -data-dir 或 DATABASE_URL 指明，或先运行 jisi serve（或 jisi migrate）建立",
		"there is no database of jisi's in " + en + " yet: name the one by -data-dir or DATABASE_URL, or make it by jisi serve (or jisi migrate)", nil,
	}
}

func several(running []serving) error {
	var list []string
	for _, s := range running {
		list = append(list, s.String())
	}
	return &sentence{
		"有多个 jisi 在服务，请用 -data-dir 或 DATABASE_URL 指明一个：" + strings.Join(list, "；"),
		"several jisi serve: name one by -data-dir or DATABASE_URL: " + strings.Join(list, "; "), nil,
	}
}

// whereabouts tells which data directory and database a command works in.
func (a *app) whereabouts(c *config, d *database) {
	zh, en := "自带的数据库，在 "+d.home(), "its own database, in "+d.home()
	if d.cluster == nil {
		zh, en = "数据库 "+store.Place(d.url), "the database "+store.Place(d.url)
	}
	fmt.Fprintf(a.stderr, "数据目录 %s，%s · data directory %s, %s\n", absolute(c.dataDir), zh, absolute(c.dataDir), en)
}

// absolute returns a path that means the same in another working directory, without
// symbolic links as far as it is there.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}
