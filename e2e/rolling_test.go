//go:build rolling

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/internal/localpg"
)

// TestTwoVersionsWorkSideBySide brings three servers of the version that JISI_BEFORE
// is up to the one under test, one after the other, under 16 writers and 16 readers.
// The first of the newer ones brings the tables up to date while the older ones go on.
// What these do not know is refused until they are gone.
func TestTwoVersionsWorkSideBySide(t *testing.T) {
	before := os.Getenv("JISI_BEFORE")
	if before == "" {
		t.Fatal("JISI_BEFORE has to name the older binary: make test-rolling")
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
	f := &fire{url: database.URL(), front: newFront()}
	for i := range stressServers {
		p := newPlace(t)
		p.database, p.program = f.url, before
		f.places, f.servers = append(f.places, p), append(f.servers, p.serve(t))
		f.front.urls[i].Store(&f.servers[i].url)
	}
	f.hire(t, func(name, committee string) string {
		return strings.TrimSpace(f.places[0].must(t, nil, "token", "create", "-role", "reviewer", "-committee", committee, "-name", name).out)
	})
	f.front.left.Store(1 << 40)
	r := &readers{front: f.front}
	ctx, stop := context.WithCancel(t.Context())
	var writing, reading sync.WaitGroup
	for _, w := range f.writers {
		writing.Go(func() {
			if err := w.write(t.Context()); err != nil {
				t.Errorf("%s: %v", w.name, err)
				f.front.left.Store(0)
			}
		})
	}
	for i := range stressWriters {
		reading.Go(func() { r.read(ctx, i) })
	}
	more := func(what string) {
		t.Helper()
		acked, done, failed := f.front.acked.Load(), r.done.Load(), r.failed.Load()
		f.front.silence()
		eventually(t, "changes and reads: "+what, func() bool {
			return t.Failed() || f.front.acked.Load() > acked+10*stressWriters && r.done.Load() > done+10*stressWriters
		})
		longest, _ := f.front.silence()
		t.Logf("%s: %d changes, %d reads, %d of them failed; no change for %.1f s at most", what, f.front.acked.Load()-acked, r.done.Load()-done, r.failed.Load()-failed, longest.Seconds())
	}
	t.Cleanup(func() {
		for i, s := range f.servers {
			if t.Failed() {
				t.Logf("what server %d complained of:\n%s", i, s.complaints())
			}
		}
	})
	// need registers something that an older server does not know.
	need := func(s *server) answer {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": `mutation { createNeed(input: {problem: "充电桩怎么建"}) { record { id } userErrors { code message } } }`})
		if err != nil {
			t.Fatal(err)
		}
		return s.send(t, http.MethodPost, "/graphql", f.writers[0].token, "application/json", body)
	}
	more("three older servers")
	for i := range f.servers {
		began := time.Now()
		p := newPlace(t)
		p.database = f.url
		s := p.serve(t)
		longest, _ := f.front.silence()
		t.Logf("a newer server started in %.1f s, beside the older ones; no change for %.1f s at most", time.Since(began).Seconds(), longest.Seconds())
		more("with it, and no request sent to it yet")
		if got := need(s); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || !strings.Contains(got.body, "旧版 jisi") {
			t.Errorf("a need while an older server is there: %d, %v, %s", got.status, got.header, got.body)
		}
		old := f.servers[i]
		f.front.urls[i].Store(&s.url)
		f.places[i], f.servers[i] = p, s
		more("the newer one in the place of an older one")
		if t.Failed() || r.failed.Load() > 0 {
			t.Logf("what the older server %d complained of:\n%s", i, old.complaints())
		}
		old.stop(t)
	}
	for _, s := range f.servers {
		eventually(t, "a need is written, as no older server is left", func() bool {
			got := need(s)
			return got.status == http.StatusOK && strings.Contains(got.body, `"record":{`) && strings.Contains(got.body, `"userErrors":[]`)
		})
	}
	eventually(t, "the documented records are renewed", func() bool {
		return slices.ContainsFunc(f.servers, func(s *server) bool { return strings.Contains(s.log.String(), "renewed the documented records") })
	})
	more("three newer servers")
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
	if r.failed.Load() > 0 {
		t.Errorf("%d of %d reads failed:\n%s", r.failed.Load(), r.done.Load(), strings.Join(r.how[:min(len(r.how), 20)], "\n"))
	}
	t.Logf("%d requests of writers sent again", f.front.retries.Load())
	f.checkRevisions(t)
	f.checkIndexes(t)
	f.places[0].must(t, nil, "verify")
}
