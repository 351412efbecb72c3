package localpg

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

func TestDataSurvivesCloseAndStart(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	first := start(t, Options{Dir: dir})
	ask(t, first.URL(), remember, "春耕")
	closeCluster(t, first)
	wantEnded(t, dir)

	second := start(t, Options{Dir: dir})
	wantWord(t, second.URL(), "春耕")
	if first.URL() != second.URL() {
		t.Errorf("the URL was %s and is %s now, want it to stay", first.URL(), second.URL())
	}
}

func TestServerIsPrivateAndDurable(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	want := map[string]string{
		"current_database()":                                       "jisi",
		"session_user":                                             "jisi",
		"current_setting('fsync')":                                 "on",
		"current_setting('full_page_writes')":                      "on",
		"current_setting('synchronous_commit')":                    "on",
		"current_setting('listen_addresses')":                      "",
		"current_setting('server_encoding')":                       "UTF8",
		"current_setting('timezone')":                              "UTC",
		"current_setting('jit')":                                   "off",
		"current_setting('max_connections')":                       "60",
		"current_setting('is_superuser')":                          "on",
		"datcollate || '' FROM pg_database WHERE datname = 'jisi'": "C",
	}
	got := map[string]string{}
	for what := range want {
		got[what] = ask(t, c.URL(), "SELECT "+what)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the server's settings (-want +got):\n%s", diff)
	}
	info, err := os.Stat(c.place.socketDir())
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("the socket's folder has mode %o, want 700", mode)
	}
	// The terminal's Ctrl-C goes to a process group.
	if group, err := syscall.Getpgid(postmaster(t, dir)); err != nil || group == syscall.Getpgrp() {
		t.Errorf("the server is in process group %d (%v), want another than our own", group, err)
	}
}

func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	account, err := pgproc.AccountFor("")
	if err != nil {
		t.Fatal(err)
	}
	dir := newDataDir(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := account.Own(dir); err != nil {
		t.Fatal(err)
	}
	h := newHolder(t, dir, account)
	ask(t, h.url(t), remember, "家")

	// Root may visit a user's cluster, and the user still has it afterwards.
	c := start(t, Options{Dir: dir})
	wantWord(t, c.URL(), "家")
	h.close(t)
	wantWord(t, c.URL(), "家")
	closeCluster(t, c)
	wantEnded(t, dir)
	c = start(t, Options{Dir: dir})
	closeCluster(t, c)
	wantEnded(t, dir)
	h = newHolder(t, dir, account)
	wantWord(t, h.url(t), "家")
	h.close(t)
	wantEnded(t, dir)
}

func TestLastOneOutStopsTheServer(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	starter := newHolder(t, dir, pgproc.Account{})
	began := ask(t, starter.url(t), since)

	c := start(t, Options{Dir: dir})
	another := start(t, Options{Dir: dir})
	if got := ask(t, c.URL(), since); got != began {
		t.Errorf("a second process uses a server that began at %s, want the first's, at %s", got, began)
	}
	starter.close(t)
	if got := ask(t, c.URL(), since); got != began {
		t.Errorf("after the first's end the server is one that began at %s, want %s", got, began)
	}
	closeCluster(t, another)
	if got := ask(t, c.URL(), since); got != began {
		t.Errorf("after the second's end the server is one that began at %s, want %s", got, began)
	}
	closeCluster(t, c)
	wantEnded(t, dir)
}

func TestStartersAtOnceShareOneServer(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	holders := make([]*holder, 4)
	for i := range holders {
		holders[i] = newHolder(t, dir, pgproc.Account{})
	}
	var began []string
	for _, h := range holders {
		began = append(began, ask(t, h.url(t), since))
	}
	for _, other := range began[1:] {
		if other != began[0] {
			t.Errorf("the servers began at %q, want one", began)
		}
	}
	for _, h := range holders {
		h.close(t)
	}
	wantEnded(t, dir)
}

func TestServerOfAKilledParentIsAdopted(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	h := newHolder(t, dir, pgproc.Account{})
	url := h.url(t)
	ask(t, url, remember, "孤")
	began := ask(t, url, since)
	h.kill(t)

	c := start(t, Options{Dir: dir})
	wantWord(t, c.URL(), "孤")
	if got := ask(t, c.URL(), since); got != began {
		t.Errorf("the server is one that began at %s, want the old one, at %s", got, began)
	}
	closeCluster(t, c)
	wantEnded(t, dir)
}

func TestKilledServerComesBack(t *testing.T) {
	t.Parallel()
	for name, adopted := range map[string]bool{"started here": false, "adopted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDataDir(t)
			var h *holder
			if adopted {
				h = newHolder(t, dir, pgproc.Account{})
				h.url(t)
			}
			c := start(t, Options{Dir: dir})
			ask(t, c.URL(), remember, "回")
			for range 2 {
				began := ask(t, c.URL(), since)
				if adopted {
					h.kill(t)
				}
				if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				eventually(t, "another server", func() error {
					got, err := try(c.URL(), since)
					if err == nil && got == began {
						err = errors.New("it is still the killed one")
					}
					return err
				})
				wantWord(t, c.URL(), "回")
			}
			closeCluster(t, c)
			wantEnded(t, dir)
		})
	}
}

// Another process's watcher and a new process's start meet at a dead server
// whose number still answers, as its parent has not looked yet.
func TestKilledServerAndAStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	h := newHolder(t, dir, pgproc.Account{})
	ask(t, h.url(t), remember, "同")
	if err := h.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c := start(t, Options{Dir: dir})
	wantWord(t, c.URL(), "同")
	if err := h.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	h.close(t)
	wantWord(t, c.URL(), "同")
}

func TestCloseStopsTheServerThatAnotherHasStarted(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	c.stopWatching() // so that it is the other that starts the server again
	c.watching.Wait()
	h := newHolder(t, dir, pgproc.Account{})
	url := h.url(t)
	began := ask(t, url, since)
	if err := syscall.Kill(postmaster(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another server", func() error {
		got, err := try(url, since)
		if err == nil && got == began {
			err = errors.New("it is still the killed one")
		}
		return err
	})
	h.close(t)
	closeCluster(t, c)
	wantEnded(t, dir)
}

func TestKilledInInitdb(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	unfinished := filepath.Join(dir, "postgres", "data.new-*")
	h := newHolder(t, dir, pgproc.Account{})
	eventually(t, "initdb's first files", func() error {
		found, err := filepath.Glob(filepath.Join(unfinished, "PG_VERSION"))
		if err == nil && len(found) == 0 {
			err = errors.New("none yet")
		}
		return err
	})
	h.kill(t)
	if _, err := os.Stat(filepath.Join(dir, "postgres", "data")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a cluster has its name before it is complete: %v", err)
	}
	c := start(t, Options{Dir: dir})
	ask(t, c.URL(), remember, "初")
	if left, err := filepath.Glob(unfinished); err != nil || len(left) > 0 {
		t.Errorf("the unfinished cluster is still there: %q, %v", left, err)
	}
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openTempDir(t), strings.Repeat("长", 40), strings.Repeat("a, \"b%", 20))
	t.Cleanup(func() { endServer(t, dir) })
	first := start(t, Options{Dir: dir})
	ask(t, first.URL(), remember, "长")
	second := start(t, Options{Dir: dir})
	if first.URL() != second.URL() {
		t.Errorf("one process has the URL %s and another %s, want the same", first.URL(), second.URL())
	}
	socket := first.place.socketDir()
	if strings.HasPrefix(socket, dir) {
		t.Errorf("the socket is in %s, want a shorter path", socket)
	}
	closeCluster(t, first)
	closeCluster(t, second)
	// Nothing stays among the temporary files, and the URL is the same again.
	if _, err := os.Lstat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's folder is left: %v", err)
	}
	third := start(t, Options{Dir: dir})
	wantWord(t, third.URL(), "长")
	if first.URL() != third.URL() {
		t.Errorf("the URL was %s and is %s now, want it to stay", first.URL(), third.URL())
	}
	closeCluster(t, third)

	// Somebody else has taken the name since.
	if err := os.Mkdir(socket, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(socket); err != nil {
			t.Error(err)
		}
	})
	fourth := start(t, Options{Dir: dir})
	wantWord(t, fourth.URL(), "长")
	if first.URL() == fourth.URL() {
		t.Errorf("the socket is in %s, which is open to others", socket)
	}
}

func TestClosedHome(t *testing.T) {
	t.Parallel()
	home := filepath.Join(openTempDir(t), "root")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	o := Options{Dir: filepath.Join(home, ".local", "share", "jisi"), system: filepath.Join(openTempDir(t), "lib", "jisi")}
	first := start(t, o)
	ask(t, first.URL(), remember, "root")
	closeCluster(t, first)
	second := start(t, o)
	wantWord(t, second.URL(), "root")
	closeCluster(t, second)

	if info, err := os.Stat(home); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the home has mode %v (%v), want it left at 700", info.Mode().Perm(), err)
	}
	moved := strings.HasPrefix(first.place.home, o.system)
	if wantMoved := first.place.account.Switched(); moved != wantMoved {
		t.Errorf("the database is in %s, want it outside of the home: %v", first.place.home, wantMoved)
	}
}

func TestDatabaseThatIsNotWhereItWas(t *testing.T) {
	t.Parallel()
	dir := openTempDir(t)
	gone := filepath.Join(dir, "gone")
	if err := os.WriteFile(filepath.Join(dir, "postgres.location"), []byte(gone+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), gone) {
		t.Errorf("Start says %v, want it to name %s", err, gone)
	}
}

func TestNewDataDirOfRootIsOpened(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := start(t, Options{Dir: dir})
	if want := filepath.Join(dir, "postgres"); c.place.home != want {
		t.Errorf("the database is in %s, want %s", c.place.home, want)
	}
}

// Who finds a place that another is just preparing must not take it for one that
// cannot be used, and put a second database elsewhere.
func TestStartersAtOnceFindOnePlace(t *testing.T) {
	t.Parallel()
	system := filepath.Join(openTempDir(t), "lib", "jisi")
	for range 10 {
		dir := filepath.Join(openTempDir(t), "jisi")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		homes := make([]string, 8)
		var together sync.WaitGroup
		for i := range homes {
			together.Go(func() {
				p, err := findPlace(t.Context(), dir, system, slog.New(slog.DiscardHandler))
				if err != nil {
					t.Error(err)
				}
				homes[i] = p.home
			})
		}
		together.Wait()
		if one := slices.Compact(homes); len(one) != 1 {
			t.Fatalf("the database is in %s at once", one)
		}
	}
}

func TestProgramsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	none := openTempDir(t)
	of99 := newDataDir(t)
	data := filepath.Join(of99, "postgres", "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("99\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		o    Options
		want []string
	}{
		"no programs":        {Options{Dir: newDataDir(t), places: []string{none}, Repository: NoDownload}, []string{"no PostgreSQL", none, "install", "DATABASE_URL"}},
		"none in the folder": {Options{Dir: newDataDir(t), BinDir: none}, []string{"no PostgreSQL", none, "install", "DATABASE_URL"}},
		"of another version": {Options{Dir: of99}, []string{"version 99", "only version", "install"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // the first leaves nothing in the way of the second
				_, err := Start(t.Context(), test.o)
				if !errors.Is(err, pgproc.ErrNotFound) {
					t.Fatalf("Start says %v, want %v", err, pgproc.ErrNotFound)
				}
				for _, part := range test.want {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("Start says %q, want %q in it", err, part)
					}
				}
			}
		})
	}
}

func TestServerThatCannotStart(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	closeCluster(t, start(t, Options{Dir: dir}))
	control := filepath.Join(dir, "postgres", "data", "global", "pg_control")
	if err := os.Rename(control, control+".away"); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "pg_control") {
		t.Fatalf("Start says %v, want what the server said of pg_control", err)
	}
	if err := os.Rename(control+".away", control); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir})
}

func TestCanceledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	closeCluster(t, start(t, Options{Dir: dir}))
	ctx, cancel := context.WithCancel(t.Context())
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(dir, "postgres", "data", "postmaster.pid")); err == nil {
				cancel()
			}
		}
	}()
	if c, err := Start(ctx, Options{Dir: dir}); err == nil {
		closeCluster(t, c) // it was faster
	} else if !errors.Is(err, context.Canceled) {
		t.Errorf("Start says %v, want %v", err, context.Canceled)
	}
	cancel()
	<-stop
	wantEnded(t, dir)
}

func TestCloseInAHurry(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	ask(t, c.URL(), remember, "急")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if err := c.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	if free, err := c.dead(); !free || err != nil {
		t.Errorf("after Close the server has ended: %v, %v", free, err)
	}
	wantWord(t, start(t, Options{Dir: dir}).URL(), "急")
}

// Close does not wait for clients: those of a dead process may never leave.
func TestCloseDisconnects(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	said := make(chan error, 1)
	go func() {
		_, err := try(c.URL(), `SELECT pg_sleep(600)::text`)
		said <- err
	}()
	eventually(t, "the sleeper", func() error {
		if got := ask(t, c.URL(), `SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'PgSleep'`); got != "1" {
			return errors.New("it does not sleep yet")
		}
		return nil
	})
	closeCluster(t, c)
	select {
	case err := <-said:
		if err == nil {
			t.Error("the statement went on, want it to fail")
		}
	case <-time.After(deadline):
		t.Error("the client is still connected")
	}
	wantEnded(t, dir)
}
