//go:build ha

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// trial is the cluster of deploy/ha/trial.sh.
type trial struct {
	t   *testing.T
	dir string
}

func newTrial(t *testing.T, ports int, environment ...string) *trial {
	t.Helper()
	c := &trial{t, filepath.Join(newPlace(t).data, "..", "cluster")}
	t.Cleanup(func() { c.do("stop") })
	for _, pair := range append(environment, "TRIAL_PORTS="+strconv.Itoa(ports)) {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
	c.do("start")
	return c
}

// do has the script do something, and returns what it says.
func (c *trial) do(what string, args ...string) string {
	c.t.Helper()
	out, err := c.try(what, args...)
	if err != nil {
		c.t.Fatalf("trial.sh %s %v: %v\n%s", what, args, err, out)
	}
	return out
}

func (c *trial) try(what string, args ...string) (string, error) {
	command := exec.Command("../deploy/ha/trial.sh", append([]string{what, c.dir}, args...)...)
	log, err := os.CreateTemp("", "trial") // no pipe: what it starts would hold it
	if err != nil {
		return "", err
	}
	defer os.Remove(log.Name())
	command.Stdout, command.Stderr = log, log
	err = command.Run()
	out, readErr := os.ReadFile(log.Name())
	if err == nil {
		err = readErr
	}
	return strings.TrimSpace(string(out)), err
}

// unwaited returns how many commits a client, or the end of their server, kept from
// waiting for a standby: they stand on their machine only, and whether one of them
// was acknowledged is what checkRevisions finds.
func (c *trial) unwaited(t *testing.T) (n int) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(c.dir, "patroni*.log"))
	if err != nil || len(logs) != 3 {
		t.Fatalf("%q, %v", logs, err)
	}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(text), "canceling wait for synchronous replication") + strings.Count(string(text), "canceling the wait for synchronous replication")
	}
	return n
}

// failure is what becomes of a primary's machine, and what it takes to have it back.
type failure struct {
	what   string
	do     []string // commands of the trial's script for it
	remedy []string
}

var failures = []failure{
	{"killed", []string{"kill"}, []string{"run"}},
	{"killed, and an etcd member with it", []string{"kill-etcd", "kill"}, []string{"run-etcd", "run"}},
	{"cut off from the network", []string{"cut"}, []string{"heal"}},
	{"hung, and came back when another had taken over", []string{"freeze"}, []string{"thaw"}},
}

// switchovers are made after the failovers, as before maintenance.
const switchovers = 2

// seen is what clients saw of what was done to the cluster.
type seen struct {
	what                        string
	back                        time.Duration // until the first change was acknowledged after none had been
	silent                      time.Duration // the longest time without one
	whole                       time.Duration // until both standbys followed again
	slowest                     time.Duration // read
	acked, again, reads, failed int64
}

func (s seen) String() string {
	return fmt.Sprintf("%s: writes back after %.1f s, none acknowledged for %.1f s; %d reads, %d failed, the slowest %.1f s; %d changes acknowledged, %d requests sent again, until both standbys followed, %.1f s after",
		s.what, s.back.Seconds(), s.silent.Seconds(), s.reads, s.failed, s.slowest.Seconds(), s.acked, s.again, s.whole.Seconds())
}

// TestReadingNeverStopsAndNothingIsLost takes the primary's machine away in four ways,
// under 16 writers and 16 readers on three servers. HA_ROUNDS are the failovers, 4 by
// itself, HA_FIRST the way that comes first, from 0. Members have networks of their
// own, which only root can give them.
func TestReadingNeverStopsAndNothingIsLost(t *testing.T) {
	number := func(name string, otherwise int) int {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		return otherwise
	}
	rounds, first := number("HA_ROUNDS", len(failures)), number("HA_FIRST", 0)
	c := newTrial(t, 26000, "NETNS=1")
	f := newFire(t, c.do("url"), "")
	f.front.left.Store(1 << 40)
	r := &readers{front: f.front}
	ctx, stop := context.WithCancel(t.Context())
	var writing, reading sync.WaitGroup
	for _, w := range f.writers {
		writing.Go(func() {
			if err := w.write(t.Context()); err != nil {
				t.Errorf("%s: %v", w.name, err)
				f.front.left.Store(0) // there is no use in going on
			}
		})
	}
	for i := range stressWriters {
		reading.Go(func() { r.read(ctx, i) })
	}
	time.Sleep(3 * time.Second)

	// back waits until each writer may have been acknowledged once more.
	back := func() {
		t.Helper()
		here := f.front.acked.Load()
		eventually(t, "writes are acknowledged again", func() bool { return t.Failed() || f.front.acked.Load() > here+stressWriters })
	}
	var table []seen
	// watched does something to the cluster, and notes what clients see meanwhile.
	watched := func(what string, do func()) {
		t.Helper()
		acked, done, failed, again := f.front.acked.Load(), r.done.Load(), r.failed.Load(), f.front.retries.Load()
		f.front.silence()
		r.slowest.Store(0)
		began := time.Now()
		do()
		longest, ended := f.front.silence()
		row := seen{
			what: what, back: ended.Sub(began), silent: longest, whole: time.Since(began), slowest: time.Duration(r.slowest.Load()) * time.Millisecond,
			acked: f.front.acked.Load() - acked, again: f.front.retries.Load() - again, reads: r.done.Load() - done, failed: r.failed.Load() - failed,
		}
		table = append(table, row)
		t.Logf("%s %2d. %s", began.Format("15:04:05"), len(table), row)
	}
	for round := range rounds {
		if t.Failed() {
			break
		}
		leader, how := c.do("leader"), failures[(first+round)%len(failures)]
		watched(how.what, func() {
			for _, command := range how.do {
				c.do(command, leader)
			}
			// Those under way may still be answered: wait for another primary, then for
			// writes that began after it.
			eventually(t, "another is the primary", func() bool { now, err := c.try("leader"); return err == nil && now != leader })
			back()
			for _, command := range how.remedy {
				c.do(command, leader)
			}
			c.do("standbys")
		})
	}
	failovers := len(table)
	for range switchovers {
		if t.Failed() {
			break
		}
		watched("planned switchover", func() {
			c.do("switchover")
			back()
			c.do("standbys")
		})
	}

	f.front.left.Store(0)
	writing.Wait()
	stop()
	reading.Wait()
	for i, s := range f.servers {
		eventually(t, "the index has followed", func() bool { return pending(t, s) == 0 })
		if t.Failed() || r.failed.Load() > 0 {
			t.Logf("what server %d complained of:\n%s", i, s.complaints())
		}
		s.stop(t)
	}
	var lines []string
	var gone []time.Duration
	var slowest time.Duration
	for i, row := range table {
		lines = append(lines, fmt.Sprintf("| %d | %s | %.1f | %.1f | %d | %d | %d | %.1f |", i+1, row.what, row.back.Seconds(), row.silent.Seconds(), row.reads, row.failed, row.acked, row.slowest.Seconds()))
		slowest = max(slowest, row.slowest)
		if i < failovers {
			gone = append(gone, row.back)
		}
	}
	t.Logf("what clients saw:\n| | the primary's machine | writes back after, s | none acknowledged for, s | reads | failed | changes acknowledged | slowest read, s |\n|--|--|--|--|--|--|--|--|\n%s", strings.Join(lines, "\n"))
	if failovers > 0 {
		slices.Sort(gone)
		t.Logf("%d failovers: writes back after %.1f s (median), %.1f s (worst); %d reads, %d failed, the slowest %.1f s, %d while there was no primary; %d changes acknowledged, %d requests for them sent again",
			failovers, gone[len(gone)/2].Seconds(), gone[len(gone)-1].Seconds(), r.done.Load(), r.failed.Load(), slowest.Seconds(), r.warned.Load(), f.front.acked.Load(), f.front.retries.Load())
	}
	if r.failed.Load() > 0 {
		t.Errorf("%d reads failed:\n%s", r.failed.Load(), strings.Join(r.how[:min(len(r.how), 20)], "\n"))
	}
	t.Logf("commits that no longer waited for a standby: %d", c.unwaited(t))
	f.checkRevisions(t)
	f.checkIndexes(t)
}
