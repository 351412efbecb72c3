package gqlhttp

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/server/gqlhttp/gqltest"
)

// workedSchema is the fake one, which counts how often it is asked. Where gate
// is set it answers when that is closed; where gone is set the database is.
type workedSchema struct {
	gqltest.Executable
	asked *atomic.Int64
	gate  chan struct{}
	gone  *atomic.Bool
}

func (s workedSchema) Exec(ctx context.Context) graphql.ResponseHandler {
	s.asked.Add(1)
	if s.gate != nil {
		<-s.gate
	}
	if s.gone.Load() {
		graphql.AddError(ctx, &catalog.Error{Kind: catalog.KindUnavailable, Zh: "数据库暂时无法使用", En: "the database is not available"})
		return graphql.OneShot(&graphql.Response{})
	}
	return s.Executable.Exec(ctx)
}

// cached is a handler with a cache over records whose version a test sets.
type cached struct {
	http.Handler
	workedSchema
	index atomic.Uint64
	stale atomic.Bool
}

func newCached(bytes int, change func(*Options)) *cached {
	k := &cached{workedSchema: workedSchema{gqltest.NewSchema(), &atomic.Int64{}, nil, &atomic.Bool{}}}
	o := fakeOptions()
	o.Schema = k.workedSchema
	o.Cache = Cache{Bytes: bytes, Version: func() (DataVersion, bool) { return DataVersion{Index: k.index.Load()}, !k.stale.Load() }}
	if change != nil {
		change(&o)
	}
	k.Handler = identified(New(o))
	return k
}

func asked(h http.Handler, text string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape(text), nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return do(h, r)
}

func TestAnAnswerIsKeptUntilARecordChanges(t *testing.T) {
	k := newCached(1<<20, nil)
	want := query(t, k, `{ hello }`).Body.String()
	for range 3 {
		if got := query(t, k, `{ hello }`).Body.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if n := k.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
	k.index.Add(1)
	query(t, k, `{ hello }`)
	query(t, k, `{ hello }`)
	if n := k.asked.Load(); n != 2 {
		t.Errorf("asked %d times after a change, want twice", n)
	}
}

func TestWhoChangesSomethingHereSeesIt(t *testing.T) {
	k := newCached(1<<20, nil)
	query(t, k, `{ hello }`)
	query(t, k, `mutation { change }`)
	query(t, k, `{ hello }`)
	if n := k.asked.Load(); n != 3 {
		t.Errorf("asked %d times, want thrice", n)
	}
}

func TestWhatIsNotForEverybodyIsNotKept(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*Options)
		body    string
		headers []string
	}{
		"a mutation":     {nil, `{"query":"mutation { change }"}`, nil},
		"an error":       {nil, `{"query":"{ fail }"}`, nil},
		"a viewer's":     {nil, `{"query":"{ viewer }"}`, []string{"Authorization", "Bearer x"}},
		"a bad query":    {nil, `{"query":"{ nothing }"}`, nil},
		"a large answer": {func(o *Options) { o.Cache.Bytes = 4 << 10 }, `{"query":"{ hello }"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			k := newCached(1<<20, test.change)
			first := post(t, k, test.body, test.headers...).Body.String()
			asked := k.asked.Load()
			if second := post(t, k, test.body, test.headers...).Body.String(); second != first {
				t.Errorf("%s then %s", first, second)
			}
			if name != "a bad query" && k.asked.Load() != 2*asked {
				t.Errorf("asked %d times, want twice", k.asked.Load())
			}
		})
	}
}

func TestAViewerIsNotGivenWhatIsKept(t *testing.T) {
	k := newCached(1<<20, nil)
	anonymous := post(t, k, `{"query":"{ viewer }"}`).Body.String()
	editor := post(t, k, `{"query":"{ viewer }"}`, "Authorization", "Bearer editor").Body.String()
	again := post(t, k, `{"query":"{ viewer }"}`).Body.String()
	if !strings.Contains(editor, "editor") || strings.Contains(anonymous+again, "editor") {
		t.Errorf("anonymous %s, editor %s, anonymous again %s", anonymous, editor, again)
	}
}

func TestManyWhoAskTheSameWaitForOneAnswer(t *testing.T) {
	gate := make(chan struct{})
	k := newCached(1<<20, nil)
	o := fakeOptions()
	schema := workedSchema{gqltest.NewSchema(), k.asked, gate, k.gone}
	o.Schema, o.Cache = schema, Cache{Bytes: 1 << 20, Version: func() (DataVersion, bool) { return DataVersion{}, true }}
	h := New(o)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"{ hello }"}`))
			r.Header.Set("Content-Type", "application/json")
			if w := do(h, r); !strings.Contains(w.Body.String(), "world") {
				t.Errorf("%s", w.Body)
			}
		})
	}
	close(gate)
	all.Wait()
	if n := k.asked.Load(); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
}

func TestAQueryByGETHasATag(t *testing.T) {
	k := newCached(1<<20, nil)
	first := asked(k, `{ hello }`)
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("%v", first.Header())
	}
	for _, given := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		if w := asked(k, `{ hello }`, "If-None-Match", given); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
			t.Errorf("%s: %d %s %v", given, w.Code, w.Body, w.Header())
		}
	}
	if w := asked(k, `{ hello }`, "If-None-Match", `"other"`); w.Code != http.StatusOK {
		t.Errorf("%d, want the answer", w.Code)
	}
	if other := asked(k, `{ hello tags { title } }`).Header().Get("ETag"); other == tag {
		t.Error("two answers have one tag")
	}
	if w := asked(k, `{ fail }`); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a failure: %v", w.Header())
	}
	if w := query(t, k, `{ hello }`); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("by POST: %v", w.Header())
	}
}

func TestAKeptAnswerIsCompressedForThoseWhoWantIt(t *testing.T) {
	k := newCached(1<<20, nil)
	var fields strings.Builder
	for i := range 45 {
		fields.WriteString(" a_name_that_is_as_long_as_it_takes_" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + ": hello")
	}
	text := "{" + fields.String() + " }"
	plain := asked(k, text)
	if plain.Body.Len() < leastCompressed || plain.Header().Get("Content-Encoding") != "" {
		t.Fatalf("%d bytes, %v", plain.Body.Len(), plain.Header())
	}
	small := asked(k, text, "Accept-Encoding", "br, gzip;q=0.5")
	if small.Header().Get("Content-Encoding") != "gzip" || small.Body.Len() >= plain.Body.Len() || small.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Fatalf("%d bytes, %v", small.Body.Len(), small.Header())
	}
	unzip, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unzip); err != nil || string(got) != plain.Body.String() {
		t.Errorf("%v %s", err, got)
	}
	if w := asked(k, text, "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Errorf("compressed for who does not want it: %v", w.Header())
	}
	if w := asked(k, text, "If-None-Match", small.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("%d for the tag of the compressed one", w.Code)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	const most = 64 << 10
	k := newCached(most, nil)
	c := newResponseCache(Cache{Bytes: most, Version: func() (DataVersion, bool) { return DataVersion{}, true }})
	for i := range 1000 {
		body := []byte(strings.Repeat("x", i))
		key := keyOf(DataVersion{}, http.MethodPost, mediaJSON, body)
		c.answer(t.Context(), key, func() *reply { return &reply{body: body, shared: true} })
		sum := 0
		for _, generation := range []map[request]entry{c.young, c.aging} {
			for _, r := range generation {
				sum += r.size()
			}
		}
		if sum > most {
			t.Fatalf("%d bytes are held after %d answers, want at most %d", sum, i+1, most)
		}
	}
	if n := k.asked.Load(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhereTheDatabaseIsGoneWhatIsKeptIsGiven(t *testing.T) {
	k := newCached(1<<20, nil)
	before := query(t, k, `{ hello }`).Body.String()
	k.gone.Store(true)
	if w := query(t, k, `{ hello }`); w.Body.String() != before { // nobody has noticed yet
		t.Errorf("%s", w.Body)
	}
	k.stale.Store(true)
	if w := query(t, k, `{ hello }`); w.Body.String() != before || !strings.HasPrefix(w.Header().Get("Warning"), "110 ") {
		t.Errorf("%s %v", w.Body, w.Header())
	}
	// Others have changed something since: it may be old, and says so.
	k.index.Add(1)
	for _, noticed := range []bool{true, false} {
		k.stale.Store(noticed)
		if w := query(t, k, `{ hello }`); w.Body.String() != before || !strings.HasPrefix(w.Header().Get("Warning"), "110 ") {
			t.Errorf("after a change: %s %v", w.Body, w.Header())
		}
	}
	k.stale.Store(true)
	if code := decode(t, query(t, k, `{ echo(n: 1) }`).Body).Code(t); code != "UNAVAILABLE" {
		t.Errorf("%q for what nobody has asked before", code)
	}
	k.gone.Store(false)
	if w := query(t, k, `{ hello }`); w.Body.String() != before || w.Header().Get("Warning") != "" {
		t.Errorf("%s %v", w.Body, w.Header())
	}
}

func TestARequestThatIsRefusedBeforeItIsAnOperationIsToldSoWithACacheToo(t *testing.T) {
	k := newCached(1<<20, nil)
	for name, tt := range map[string]struct {
		r      *http.Request
		status int
	}{
		"DELETE":       {httptest.NewRequest(http.MethodDelete, "/graphql", nil), http.StatusMethodNotAllowed},
		"no query":     {httptest.NewRequest(http.MethodGet, "/graphql", nil), http.StatusBadRequest},
		"another type": {httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("x")), http.StatusUnsupportedMediaType},
	} {
		if got := do(k, tt.r); got.Code != tt.status {
			t.Errorf("%s: %d, want %d: %s", name, got.Code, tt.status, got.Body)
		}
	}
}
