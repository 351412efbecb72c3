package localpg

import (
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/jisiguangyi/jisi/internal/localpg/pgproc"
)

// Processes come and go, half of them killed, and so is the server, while all
// write: what a commit has confirmed is there in the end.
func TestNothingConfirmedIsLost(t *testing.T) {
	t.Parallel()
	const writers, rounds = 3, 4
	dir := newDataDir(t)
	c := start(t, Options{Dir: dir})
	ask(t, c.URL(), `CREATE TABLE confirmed AS SELECT ''::text AS word`)
	closeCluster(t, c)

	var all sync.WaitGroup
	for writer := range writers {
		all.Go(func() {
			for round := range rounds {
				h := newHolder(t, dir, pgproc.Account{})
				writeFrom(t, h, fmt.Sprintf("%d/%d", writer, round))
				switch (writer + round) % 4 {
				case 0:
					h.kill(t)
				case 1:
					killServer(t, dir)
					h.kill(t)
				case 2:
					killServer(t, dir)
					h.close(t)
				default:
					h.close(t)
				}
			}
		})
	}
	all.Wait()

	c = start(t, Options{Dir: dir})
	for writer := range writers {
		for round := range rounds {
			word := fmt.Sprintf("%d/%d", writer, round)
			if n := ask(t, c.URL(), `SELECT count(*)::text FROM confirmed WHERE word = $1`, word); n != "1" {
				t.Errorf("%s is there %s times, want once", word, n)
			}
		}
	}
	closeCluster(t, c)
	wantEnded(t, dir)
}

// writeFrom writes a word on the server that h holds, as often as it takes: the
// server may be killed at any moment.
func writeFrom(t *testing.T, h *holder, word string) {
	if !h.lines.Scan() {
		t.Errorf("the holder of %s ended before it said anything", word)
		return
	}
	var url string
	if _, err := fmt.Sscanf(h.lines.Text(), "url: %s", &url); err != nil {
		t.Errorf("the holder of %s said: %s", word, h.lines.Text())
		return
	}
	eventually(t, "writing "+word, func() error {
		// A write whose confirmation was lost is not written again.
		_, err := try(url, `INSERT INTO confirmed SELECT $1 WHERE NOT EXISTS (SELECT FROM confirmed WHERE word = $1) RETURNING word`, word)
		return err
	})
}

// killServer kills the postmaster, if there is one at the moment.
func killServer(t *testing.T, dir string) {
	pid, err := readPID(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil || syscall.Kill(pid, 0) != nil || !mayServe(pid, filepath.Join(dir, "postgres", "data")) {
		return
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Errorf("killing the server: %v", err)
	}
}
