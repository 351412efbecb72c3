package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/localpg"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/store"
)

// How much is done under fire: STRESS_CHANGES makes it more.
const (
	stressWriters = 16
	stressServers = 3
	stressChanges = 600
	killEvery     = 3 * time.Second
)

// TestNothingIsLostUnderFire has 16 writers make changes through three servers
// of one database, two of them through a PgBouncer in session mode, one of which is
// killed every few seconds, while PostgreSQL is restarted twice. Afterwards every acknowledged change is a revision, there is
// no other, and the three indexes hold what a fresh one does.
func TestNothingIsLostUnderFire(t *testing.T) {
	changes := stressChanges
	if more := os.Getenv("STRESS_CHANGES"); more != "" {
		var err error
		if changes, err = strconv.Atoi(more); err != nil {
			t.Fatal(err)
		}
	}
	dir := newPlace(t).data
	database, err := localpg.Start(t.Context(), localpg.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	f := newFire(t, database.URL(), filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	f.front.left.Store(int64(changes))

	start := time.Now()
	f.burn(t, changes)
	took := time.Since(start)
	for _, s := range f.servers {
		eventually(t, "the index has followed", func() bool { return pending(t, s) == 0 })
		s.stop(t)
	}

	f.checkRevisions(t)
	if r := f.places[0].must(t, nil, "verify"); !strings.Contains(r.out, "versions") {
		t.Errorf("verify: %s", r.out)
	}
	documents := f.checkIndexes(t)
	f.report(t, took, documents)
}

// fire is the servers, their database and those who write.
type fire struct {
	url, pidFile string
	places       []place
	servers      []*server
	front        *front
	writers      []*stressWriter
	kills        int
	restarts     int
}

func newFire(t *testing.T, url, pidFile string) *fire {
	t.Helper()
	f := &fire{url: url, pidFile: pidFile, front: newFront()}
	through := url // of several servers, which a pooler has no address for
	if pidFile != "" {
		through = pgtest.Pooled(t, url, "session")
	}
	for i := range stressServers {
		p := newPlace(t)
		p.database = url
		if i > 0 {
			p.database = through
		}
		f.places = append(f.places, p)
		f.servers = append(f.servers, p.serve(t))
		f.front.urls[i].Store(&f.servers[i].url)
	}
	s, err := store.Open(t.Context(), f.url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f.hire(t, func(name, committee string) string {
		token, _, err := s.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: name, Role: catalog.RoleReviewer, Committee: committee, Life: 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		return token
	})
	return f
}

func newFront() *front {
	return &front{
		urls:   make([]atomic.Pointer[string], stressServers),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: stressWriters}},
	}
}

// hire equips every writer with a reviewer's token, which newToken makes, and the writers
// of a committee a case that all of them change.
func (f *fire) hire(t *testing.T, newToken func(name, committee string) string) {
	t.Helper()
	committees := []string{"changchun", "jilin", "siping", "yanbian"}
	shared := map[string]*held{}
	for i := range stressWriters {
		committee := committees[i%len(committees)]
		w := &stressWriter{name: fmt.Sprintf("writer %02d", i), front: f.front, random: rand.New(rand.NewPCG(20261123, uint64(i)))}
		w.token = newToken(w.name, committee)
		if shared[committee] == nil {
			if err := w.create(t.Context()); err != nil {
				t.Fatal(err)
			}
			shared[committee], w.own = w.own[0], nil
		}
		copied := *shared[committee]
		w.shared = &copied
		f.writers = append(f.writers, w)
	}
}

// burn has the writers write while servers are killed, and the database is
// restarted after a third and after two thirds of the changes: once as an
// administrator does it, once as a crash does.
func (f *fire) burn(t *testing.T, changes int) {
	t.Helper()
	errs := make(chan error, stressWriters)
	var wait sync.WaitGroup
	for _, w := range f.writers {
		wait.Go(func() {
			if err := w.write(t.Context()); err != nil {
				errs <- err
				f.front.left.Store(0)
			}
		})
	}
	ended := make(chan struct{})
	go func() { wait.Wait(); close(ended) }()
	tick := time.NewTicker(killEvery)
	defer tick.Stop()
	random := rand.New(rand.NewPCG(20261123, 99))
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-tick.C:
			done := changes - int(f.front.left.Load())
			if f.restarts < 2 && done > changes*(f.restarts+1)/3 {
				f.restart(t, []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT}[f.restarts])
			} else {
				f.killOne(t, random.IntN(stressServers))
			}
		}
	}
	for f.restarts < 2 { // it was over before its time
		f.restart(t, []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT}[f.restarts])
	}
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	if t.Failed() {
		for i, s := range f.servers {
			t.Logf("the log of server %d:\n%s", i, lastLines(s.log.String(), 30))
		}
		t.FailNow()
	}
}

func (f *fire) killOne(t *testing.T, i int) {
	t.Helper()
	f.servers[i].kill(t)
	f.kills++
	f.servers[i] = f.places[i].serve(t)
	f.front.urls[i].Store(&f.servers[i].url)
}

// restart ends PostgreSQL; who keeps it starts it again.
func (f *fire) restart(t *testing.T, signal syscall.Signal) {
	t.Helper()
	before := postmaster(t, f.pidFile)
	if before == 0 {
		t.Fatalf("no postmaster in %s", f.pidFile)
	}
	if err := syscall.Kill(before, signal); err != nil {
		t.Fatal(err)
	}
	f.restarts++
	eventually(t, "PostgreSQL runs again", func() bool {
		now := postmaster(t, f.pidFile)
		if now == 0 || now == before {
			return false
		}
		for _, p := range f.places { // a pooler rests before it tries again, and takes clients meanwhile
			conn, err := pgx.Connect(t.Context(), p.database)
			if err != nil {
				return false
			}
			err = conn.Ping(t.Context())
			if conn.Close(t.Context()) != nil || err != nil {
				return false
			}
		}
		return true
	})
}

// pending returns how many changes a server's index has yet to follow, -1 where it
// does not say.
func pending(t *testing.T, s *server) int {
	t.Helper()
	_, body := s.get(t, "/readyz")
	var state struct {
		Index struct{ Pending int }
	}
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		return -1
	}
	return state.Index.Pending
}

// checkRevisions compares what was acknowledged with what is kept, both ways.
func (f *fire) checkRevisions(t *testing.T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), f.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	type key struct {
		id      string
		version int
	}
	type change struct{ By, Marker string }
	kept := map[key]change{}
	found, err := conn.Query(t.Context(), `SELECT v.record_id, v.version, v.actor, v.snapshot ->> 'summary' FROM revisions v JOIN records r ON r.id = v.record_id WHERE v.actor LIKE 'writer %' AND r.kind = 'CASE'`)
	if err != nil {
		t.Fatal(err)
	}
	var (
		id      catalog.ID
		version int
		c       change
	)
	_, err = pgx.ForEachRow(found, []any{&id, &version, &c.By, &c.Marker}, func() error {
		kept[key{catalog.EncodeID(catalog.KindCase, id), version}] = c
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, w := range f.writers {
		for _, ack := range w.acks {
			told++
			k := key{ack.id, ack.version}
			got, there := kept[k]
			if !there || got.By != w.name || ack.marker != "" && got.Marker != ack.marker {
				t.Errorf("%s was told of version %d of %s, %q, at %s after %d attempts; kept is %+v", w.name, ack.version, ack.id, ack.marker, ack.at.Format("15:04:05.000"), ack.attempts, got)
			}
			delete(kept, k)
		}
	}
	for k, c := range kept {
		t.Errorf("version %d of %s by %s was never acknowledged", k.version, k.id, c.By)
	}
	if told == 0 {
		t.Error("no change was made")
	}
}

// checkIndexes compares the index of each server, as it was when it stopped,
// with one that is built anew, and returns the number of documents.
func (f *fire) checkIndexes(t *testing.T) int {
	t.Helper()
	s, err := store.Open(t.Context(), f.url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	words, err := indexer.LoadWords(filepath.Join(f.places[0].data, "dictionaries"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := openAt(t, t.TempDir(), words)
	if err := fresh.CatchUp(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	want, wantHits := contents(t, fresh), f.hits(t, fresh)
	for i, p := range f.places {
		index := openAt(t, filepath.Join(p.data, "index"), words)
		if diff := cmp.Diff(want, contents(t, index)); diff != "" {
			t.Errorf("index %d (-fresh +it):\n%s", i, diff)
		}
		if diff := cmp.Diff(wantHits, f.hits(t, index)); diff != "" {
			t.Errorf("what index %d finds (-fresh +it):\n%s", i, diff)
		}
	}
	return len(want)
}

func openAt(t *testing.T, dir string, words *indexer.Words) *indexer.Index {
	t.Helper()
	index, err := indexer.Open(t.Context(), dir, words, indexer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	return index
}

// contents returns all documents of an index by id.
func contents(t *testing.T, index *indexer.Index) map[catalog.ID]*catalog.Document {
	t.Helper()
	all := map[catalog.ID]*catalog.Document{}
	err := index.Contents(t.Context(), func(d *catalog.Document) error {
		all[d.ID] = d
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// hits returns what an index finds, with scores, which depend on every document.
func (f *fire) hits(t *testing.T, index *indexer.Index) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	queries := []string{"老旧小区加装电梯", "合成压力数据", "协商"}
	for _, w := range f.writers {
		queries = append(queries, w.name, w.mark())
	}
	for _, query := range queries {
		page, err := index.Search(t.Context(), catalog.SearchQuery{Query: query, First: 100, WantTotal: true})
		if err != nil {
			t.Fatal(err)
		}
		list := []string{fmt.Sprint(page.Total, " in all")}
		for _, h := range page.Hits {
			list = append(list, fmt.Sprintf("%d %.4f", h.ID, h.Score))
		}
		slices.Sort(list[1:]) // equal scores come in any order
		found[query] = list
	}
	return found
}

func (f *fire) report(t *testing.T, took time.Duration, documents int) {
	t.Helper()
	var acks, conflicts int
	var times []time.Duration
	for _, w := range f.writers {
		acks += len(w.acks)
		conflicts += w.conflicts
		times = append(times, w.times...)
	}
	slices.Sort(times)
	t.Logf("%d changes acknowledged in %v, %d conflicts; %d servers killed, PostgreSQL restarted %d times, %d requests sent again; %d documents in each index; an answer took %v (median), %v (99%%)",
		acks, took.Round(time.Second), conflicts, f.kills, f.restarts, f.front.retries.Load(), documents,
		times[len(times)/2].Round(time.Millisecond), times[len(times)*99/100].Round(time.Millisecond))
}

func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	lines = lines[max(0, len(lines)-n):]
	for i, line := range lines {
		lines[i] = line[:min(len(line), 300)]
	}
	return strings.Join(lines, "\n")
}
