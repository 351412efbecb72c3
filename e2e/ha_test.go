//go:build ha

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// readers ask three servers for searches, records and pages, each time another.
type readers struct {
	front        *front
	done, failed atomic.Int64
	slowest      atomic.Int64 // milliseconds
	warned       atomic.Int64 // answers that say that there is no primary

	mu  sync.Mutex
	how []string // they failed
}

var terms = []string{"养老", "停车", "夜间经济", "粮食", "河道", "供热", "教育", "医疗", "电梯", "旅游", "冰雪", "人参", "社区", "物业", "就业", "消防"}

func (r *readers) read(ctx context.Context, who int) {
	for n := 0; ctx.Err() == nil; n++ {
		base := *r.front.urls[n%len(r.front.urls)].Load()
		term := terms[(who+n)%len(terms)] + " " + terms[(who*7+n*3)%len(terms)]
		paths := []string{
			"/search?q=" + url.QueryEscape(term+strconv.Itoa(n)),
			"/graphql?query=" + url.QueryEscape(fmt.Sprintf(`{ search(query: %q, first: 5) { totalCount edges { cursor } } cases(first: %d) { totalCount nodes { slug title } } }`, term, 1+n%9)),
			"/brands", "/cases/gaoxin-qu-xiaoqu-tingche", "/export/cases.jsonl",
		}
		began := time.Now()
		why := r.once(ctx, base+paths[n%len(paths)])
		if ctx.Err() != nil {
			return
		}
		r.done.Add(1)
		if took := time.Since(began).Milliseconds(); took > r.slowest.Load() {
			r.slowest.Store(took)
		}
		if why != "" {
			r.failed.Add(1)
			r.mu.Lock()
			r.how = append(r.how, paths[n%len(paths)]+": "+why)
			r.mu.Unlock()
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// once returns why a read failed.
func (r *readers) once(ctx context.Context, address string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Apollo-Require-Preflight", "true")
	response, err := r.front.client.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.Header.Get("Warning") != "" {
		r.warned.Add(1)
	}
	switch {
	case err != nil:
		return err.Error()
	case response.StatusCode == http.StatusNotFound && strings.Contains(address, "/cases/"):
		return "" // there is no such case; that was answered
	case response.StatusCode != http.StatusOK:
		return fmt.Sprintf("status %d: %.200s", response.StatusCode, body)
	case strings.Contains(string(body), `"errors"`):
		return fmt.Sprintf("%.200s", body)
	}
	return ""
}

// TestReadingNeverStopsAndNothingIsLost kills the primary with its Patroni, and an
// etcd member with it, under 16 writers and readers on three servers. HA_ROUNDS are
// the failovers, 3 by itself. With HA_FREEZE machines hang instead, and come back:
// without a watchdog, which a trial has not, Patroni cannot keep one that was the
// primary from acknowledging what is then lost (deploy/ha/README.md).
func TestReadingNeverStopsAndNothingIsLost(t *testing.T) {
	rounds := 3
	if more := os.Getenv("HA_ROUNDS"); more != "" {
		var err error
		if rounds, err = strconv.Atoi(more); err != nil {
			t.Fatal(err)
		}
	}
	c := newTrial(t, 26000)
	f := newFire(t, c.do("url"), "")
	f.front.left.Store(1 << 40)
	r := &readers{front: f.front}
	ctx, stop := context.WithCancel(t.Context())
	var writing, reading sync.WaitGroup
	for _, w := range f.writers {
		writing.Go(func() {
			if err := w.write(t.Context()); err != nil {
				t.Errorf("%s: %v", w.name, err)
			}
		})
	}
	for i := range stressWriters {
		reading.Go(func() { r.read(ctx, i) })
	}
	time.Sleep(3 * time.Second)

	var gone []time.Duration
	for round := range rounds {
		before, failed := f.front.acked.Load(), r.failed.Load()
		leader := c.do("leader")
		began := time.Now()
		what := ""
		kind := round % 3
		if os.Getenv("HA_FREEZE") != "" {
			kind = 3
		}
		switch kind {
		case 0, 1:
			what = "killed the primary's machine"
			c.do("kill", leader)
		case 2:
			what = "killed an etcd member, then the primary's machine"
			c.do("kill-etcd", leader)
			c.do("kill", leader)
		default:
			what = "froze the primary's machine"
			c.do("freeze", leader)
		}
		// Those under way may still be answered: wait for another primary, then for
		// a write that began after it.
		eventually(t, "another is the primary", func() bool { now, err := c.try("leader"); return err == nil && now != leader })
		here := f.front.acked.Load()
		eventually(t, "writes are acknowledged again", func() bool { return f.front.acked.Load() > here+stressWriters })
		took := time.Since(began)
		gone = append(gone, took)
		t.Logf("%d. %s: writes back after %.1f s; %d writes acknowledged, %d reads failed", round+1, what, took.Seconds(), f.front.acked.Load()-before, r.failed.Load()-failed)
		switch kind {
		case 2:
			c.do("run-etcd", leader)
			c.do("run", leader)
		case 3:
			c.do("thaw", leader)
		default:
			c.do("run", leader)
		}
		c.do("standbys")
	}
	before := r.failed.Load()
	began, here := time.Now(), f.front.acked.Load()
	c.do("switchover")
	eventually(t, "writes are acknowledged again", func() bool { return f.front.acked.Load() > here+2*stressWriters })
	t.Logf("a planned switchover: done after %.1f s, %d reads failed", time.Since(began).Seconds(), r.failed.Load()-before)
	c.do("standbys")

	f.front.left.Store(0)
	writing.Wait()
	stop()
	reading.Wait()
	for i, s := range f.servers {
		eventually(t, "the index has followed", func() bool { return pending(t, s) == 0 })
		if t.Failed() || r.failed.Load() > 0 {
			t.Logf("the log of server %d:\n%s", i, lastLines(s.log.String(), 40))
		}
		s.stop(t)
	}
	slices.Sort(gone)
	t.Logf("%d failovers: writes back after %.1f s (median), %.1f s (worst); %d reads, %d failed, the slowest %.1f s, %d from a standby; %d writes sent again",
		rounds, gone[len(gone)/2].Seconds(), gone[len(gone)-1].Seconds(), r.done.Load(), r.failed.Load(), float64(r.slowest.Load())/1000, r.warned.Load(), f.front.retries.Load())
	if r.failed.Load() > 0 {
		t.Errorf("%d reads failed:\n%s", r.failed.Load(), strings.Join(r.how[:min(len(r.how), 20)], "\n"))
	}
	f.checkRevisions(t)
	f.checkIndexes(t)
}
