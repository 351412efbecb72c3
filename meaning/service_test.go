package meaning_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/internal/follow"
	"github.com/jisiguangyi/jisi/internal/sitetest"
	"github.com/jisiguangyi/jisi/meaning"
	"github.com/jisiguangyi/jisi/meaning/meaningtest"
	"github.com/jisiguangyi/jisi/store"
)

// patience bounds what is waited for; on an idle machine it comes at once.
const patience = time.Minute

// site is a whole server whose searches go by the demonstration's meaning too.
type site struct {
	*sitetest.Site
	server   *meaningtest.Server
	http     *httptest.Server
	service  *meaning.Service
	settings meaning.Settings
	records  int // that have a vector
}

func openSite(t *testing.T) *site {
	t.Helper()
	s := &site{server: &meaningtest.Server{Wait: 2 * patience}}
	s.http = httptest.NewServer(s.server)
	t.Cleanup(s.http.Close)
	s.settings = meaning.Settings{URL: s.http.URL + "/v1", Budget: 5 * time.Second}
	s.Site = sitetest.OpenMeaning(t, func(st *store.Store) indexer.Meaning {
		s.service = meaning.New(newClient(t, s.settings), st, slog.New(slog.DiscardHandler))
		return s.service
	})
	return s
}

// follow runs a service over the site's store until the function that it returns is called.
func (s *site) follow(t *testing.T, service *meaning.Service, watch bool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listener := s.Store.Listen()
	notifier := follow.NewNotifier(listener, slog.New(slog.DiscardHandler))
	tasks := []func(context.Context) error{notifier.Run, func(ctx context.Context) error { return service.Follow(ctx, notifier.Follow()) }}
	if watch {
		tasks = append(tasks, service.Watch)
	}
	ended := make(chan error, len(tasks))
	for _, task := range tasks {
		go func() { ended <- task(ctx) }()
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		for range tasks {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		listener.Close()
	}
	t.Cleanup(stop)
	return stop
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come about", what)
		}
	}
}

func whole(s *meaning.Service) func() bool {
	return func() bool { st := s.State(); return st.Wanted > 0 && st.Vectors == st.Wanted }
}

// answer is what a search or a look for peers shows.
type answer struct {
	Search struct {
		Meaning    string
		TotalCount int
		PageInfo   struct {
			EndCursor   string
			HasNextPage bool
		}
		Facets struct{ Kinds []struct{ Count int } }
		Edges  []struct{ Node struct{ Slug string } }
	}
	Learn []struct {
		Case    struct{ Slug string }
		Reasons []struct{ Kind, Text string }
	}
	Case struct {
		Similar []struct{ Case struct{ Slug string } }
	}
}

func (a *answer) slugs() (all []string) {
	for _, e := range a.Search.Edges {
		all = append(all, e.Node.Slug)
	}
	return all
}

func (s *site) ask(t *testing.T, token, query string, variables map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var got struct {
		Data   answer
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Errors) > 0 {
		t.Fatalf("%s: %v %.500s", query, err, w.Body)
	}
	return got.Data
}

const searchText = `query ($q: String!, $first: Int, $after: String, $kinds: [RecordKind!]) { search(query: $q, first: $first, after: $after, kinds: $kinds) {
	meaning totalCount pageInfo { endCursor hasNextPage } facets { kinds { count } } edges { node { __typename ... on Case { slug } ... on Brand { slug } ... on Proposal { slug } ... on Practice { slug } } } } }`

func (s *site) search(t *testing.T, q string) answer {
	t.Helper()
	return s.ask(t, "", searchText, map[string]any{"q": q})
}

// None of its words stands in the case that answers it.
const layQuestion = "娃儿没人管"

const answering = "xiaoxuesheng-sandianban-kehou"

// One site serves all tests: to start one takes seconds.
func TestMeaning(t *testing.T) {
	s := openSite(t)
	t.Run("takes no part before there are vectors", func(t *testing.T) {
		if got := s.search(t, layQuestion).Search.Meaning; got != "UNAVAILABLE" {
			t.Error(got)
		}
	})
	t.Run("is made on where it was stopped", s.resumed)
	t.Run("is made once, and anew where model or length change", s.anew)
	t.Run("is not waited for longer than the budget", s.slow)
	stop := s.follow(t, s.service, true)
	defer stop()
	until(t, "a vector of each record", whole(s.service))
	t.Run("orders what is learned from", s.learning)
	t.Run("is of what may be seen only", s.drafts)
	t.Run("orders searches, and leaves them to words where it fails", s.searches)
}

func (s *site) searches(t *testing.T) {
	words := sitetest.Open(t)
	byWords := (&site{Site: words}).search(t, layQuestion)
	if byWords.Search.Meaning != "NOT_CONFIGURED" || slices.Contains(byWords.slugs(), answering) {
		t.Errorf("by words alone: %s, %v", byWords.Search.Meaning, byWords.slugs())
	}
	near := s.search(t, layQuestion)
	if near.Search.Meaning != "USED" || !slices.Contains(near.slugs()[:min(3, len(near.slugs()))], answering) {
		t.Errorf("by meaning: %s, %v, want %s among the first three", near.Search.Meaning, near.slugs(), answering)
	}
	// What is found by words is found, and what is near besides, up to 20; facets and
	// totals say the same.
	for _, q := range []string{layQuestion, "三点半", "营商环境", "怎样把夜间的商圈重新做热闹？", "冰雪"} {
		a, b := s.search(t, q), (&site{Site: words}).search(t, q)
		count := 0
		for _, k := range a.Search.Facets.Kinds {
			count += k.Count
		}
		if n := a.Search.TotalCount - b.Search.TotalCount; n < 0 || n > 20 || count != a.Search.TotalCount {
			t.Errorf("%s: %d by words, %d with meaning, %d by facets", q, b.Search.TotalCount, a.Search.TotalCount, count)
		}
	}
	// A phrase, an exclusion and an empty query say what they want.
	for _, q := range []string{`“三点半”`, "", "“没有人写过这句话”"} {
		if a, b := s.search(t, q), (&site{Site: words}).search(t, q); a.Search.TotalCount != b.Search.TotalCount || a.Search.Meaning != "UNAVAILABLE" {
			t.Errorf("%s: %d with meaning (%s), %d by words", q, a.Search.TotalCount, a.Search.Meaning, b.Search.TotalCount)
		}
	}
	if a := s.search(t, layQuestion+" -三点半"); slices.Contains(a.slugs(), answering) {
		t.Errorf("what is excluded is near, and found: %v", a.slugs())
	}
	pages(t, s)
	failures(t, s, byWords)
}

// pages turns pages: each hit stands on one of them, also when the server is gone
// after the first.
func pages(t *testing.T, s *site) {
	t.Helper()
	all := s.ask(t, "", searchText, map[string]any{"q": "学校放学协商", "first": 100})
	for _, gone := range []bool{false, true} {
		var got []string
		after := any(nil)
		for page := 0; ; page++ {
			a := s.ask(t, "", searchText, map[string]any{"q": "学校放学协商", "first": 1, "after": after})
			got = append(got, a.slugs()...)
			if a.Search.Meaning != "USED" {
				t.Errorf("page %d, gone %v: %s", page, gone, a.Search.Meaning)
			}
			if !a.Search.PageInfo.HasNextPage {
				break
			}
			after = a.Search.PageInfo.EndCursor
			if gone {
				s.server.Manner.Store(int32(meaningtest.Failing))
			}
		}
		if !slices.Equal(got, all.slugs()) || len(got) < 3 {
			t.Errorf("by pages, gone %v:\n%v, want\n%v", gone, got, all.slugs())
		}
	}
	s.server.Manner.Store(int32(meaningtest.Well))
	until(t, "the server's being asked again", func() bool { return s.service.State().Up })
}

// failures has the server fail in each way: the words' answer comes, and it is said.
func failures(t *testing.T, s *site, byWords answer) {
	t.Helper()
	for _, m := range meaningtest.Manners() {
		if m == meaningtest.Well || m == meaningtest.Slow {
			continue
		}
		s.server.Manner.Store(int32(m))
		began := time.Now()
		a := s.search(t, fmt.Sprintf("%s ", layQuestion)+strings.Repeat(" ", int(m)))
		if a.Search.Meaning != "UNAVAILABLE" || !slices.Equal(a.slugs(), byWords.slugs()) || a.Search.TotalCount != byWords.Search.TotalCount {
			t.Errorf("manner %d: %s, %v after %s; by words %v", m, a.Search.Meaning, a.slugs(), time.Since(began), byWords.slugs())
		}
		// It is not asked again for each query.
		asked := s.server.Asked.Load()
		for range 5 {
			s.search(t, layQuestion)
		}
		if n := s.server.Asked.Load() - asked; n > 2 && m != meaningtest.OtherLength { // the watch may try it; of another length, all are made anew
			t.Errorf("manner %d: five searches asked a failed server %d times", m, n)
		}
		s.server.Manner.Store(int32(meaningtest.Well))
		until(t, "the server's being asked again", func() bool { return s.service.State().Up && whole(s.service)() })
		if got := s.search(t, layQuestion).Search.Meaning; got != "USED" {
			t.Errorf("after manner %d: %s", m, got)
		}
	}
	// One that is killed is noticed without a query, and costs none.
	s.http.CloseClientConnections()
	s.http.Close()
	until(t, "the noticing", func() bool { return !s.service.State().Up })
	for range 20 {
		if a := s.search(t, layQuestion); a.Search.Meaning != "UNAVAILABLE" || !slices.Equal(a.slugs(), byWords.slugs()) {
			t.Errorf("after the server was killed: %s, %v", a.Search.Meaning, a.slugs())
		}
	}
	// What is near a case is known without it.
	if got := s.similar(t); !slices.Contains(got[:min(2, len(got))], "hunchun-sandianban-nanti") {
		t.Errorf("similar to %s: %v", answering, got)
	}
}

func (s *site) similar(t *testing.T) (slugs []string) {
	t.Helper()
	for _, p := range s.ask(t, "", `{ case(slug: "`+answering+`") { similar { case { slug } } } }`, nil).Case.Similar {
		slugs = append(slugs, p.Case.Slug)
	}
	return slugs
}

func (s *site) slow(t *testing.T) {
	settings := s.settings
	settings.Budget = 100 * time.Millisecond
	hasty := meaning.New(newClient(t, settings), s.Store, slog.New(slog.DiscardHandler))
	stop := s.follow(t, hasty, false)
	until(t, "the vectors that the store has", whole(hasty))
	stop()
	s.server.Manner.Store(int32(meaningtest.Slow))
	defer s.server.Manner.Store(int32(meaningtest.Well))
	began := time.Now()
	if _, err := hasty.Text(t.Context(), "放学"); err == nil {
		t.Error("a slow server's answer was waited for")
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("it took %s, of a budget of %s", took, settings.Budget)
	}
	began = time.Now()
	for range 100 {
		if _, err := hasty.Text(t.Context(), "放学"); err == nil {
			t.Error("a server that failed was asked")
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("a hundred queries to a server that failed took %s", took)
	}
}

func (s *site) learning(t *testing.T) {
	a := s.ask(t, "", `query ($p: String!) { learn(problem: $p) { case { slug } reasons { kind text } } }`, map[string]any{"p": layQuestion})
	at := slices.IndexFunc(a.Learn, func(p struct {
		Case    struct{ Slug string }
		Reasons []struct{ Kind, Text string }
	}) bool {
		return p.Case.Slug == answering
	})
	if at < 0 || at > 1 || !slices.Contains(a.Learn[at].Reasons, struct{ Kind, Text string }{"CLOSE_MEANING", "语义相近"}) {
		t.Errorf("%+v, want %s near in meaning, first or second", a.Learn, answering)
	}
}

// What a draft says is sent to no server, and what is withdrawn is found by none.
func (s *site) drafts(t *testing.T) {
	token := s.Token(t, "editor of Hunchun", catalog.RoleEditor, "hunchun")
	const secret = "泄露不得的草稿内容，三点半放学没人管"
	s.ask(t, token, `mutation ($i: CaseInput!) { createCase(input: $i) { userErrors { message } } }`, map[string]any{"i": map[string]any{
		"slug": "a-draft", "title": secret, "summary": secret, "committee": "hunchun",
	}})
	var draft struct {
		Case struct {
			Similar []struct{ Case struct{ Slug string } }
		}
	}
	draft.Case = s.ask(t, token, `{ case(slug: "a-draft") { similar { case { slug } } } }`, nil).Case
	if len(draft.Case.Similar) == 0 {
		t.Error("nothing is similar to a draft by its words")
	}
	s.CatchUp(t)
	if a := s.search(t, layQuestion); slices.Contains(a.slugs(), "a-draft") {
		t.Errorf("a draft is found: %v", a.slugs())
	}
	until(t, "the following of the feed", whole(s.service))
	for _, sent := range s.server.Sent() {
		if strings.Contains(sent, "泄露不得") {
			t.Errorf("a draft's text was sent: %q", sent)
		}
	}
}

func (s *site) anew(t *testing.T) {
	n := s.records
	again := func(settings meaning.Settings) (sent, dimensions int) {
		before := len(s.server.Sent())
		service := meaning.New(newClient(t, settings), s.Store, slog.New(slog.DiscardHandler))
		stop := s.follow(t, service, false)
		until(t, "a vector of each record", whole(service))
		stop()
		if got := service.State().Vectors; got != n {
			t.Errorf("%d vectors, want %d", got, n)
		}
		return len(s.server.Sent()) - before, service.State().Dimensions
	}
	if sent, dimensions := again(s.settings); sent > 1 || dimensions != 256 {
		t.Errorf("those that are kept were made again: %d texts sent, %d dimensions", sent, dimensions)
	}
	other := s.settings
	other.Model = "another"
	if sent, _ := again(other); sent < n {
		t.Errorf("of another model: %d texts sent for %d records", sent, n)
	}
	prefixed := other
	prefixed.PassagePrefix = "passage: "
	if sent, _ := again(prefixed); sent < n {
		t.Errorf("with another prefix: %d texts sent for %d records", sent, n)
	}
	s.server.Dimensions.Store(96)
	defer s.server.Dimensions.Store(0)
	if sent, dimensions := again(prefixed); sent < n || dimensions != 96 {
		t.Errorf("of another length: %d texts sent for %d records, %d dimensions", sent, n, dimensions)
	}
	counts, err := s.Store.CountEmbeddings(t.Context(), "another")
	if err != nil || counts[96] != n || counts[256] != n {
		t.Errorf("kept: %v (%v)", counts, err)
	}
}

func (s *site) resumed(t *testing.T) {
	s.server.Longest.Store(400) // longer texts are halved
	defer s.server.Longest.Store(0)
	first := meaning.New(newClient(t, s.settings), s.Store, slog.New(slog.DiscardHandler))
	stop := s.follow(t, first, false)
	until(t, "some vectors", func() bool {
		if first.State().Vectors >= 16 {
			s.server.Manner.Store(int32(meaningtest.Failing))
			return true
		}
		return false
	})
	stop()
	s.server.Manner.Store(int32(meaningtest.Well))
	s.server.Longest.Store(0)
	counts, err := s.Store.CountEmbeddings(t.Context(), "demonstration")
	if err != nil || counts[256] == 0 {
		t.Fatalf("kept: %v (%v)", counts, err)
	}
	before := len(s.server.Sent())
	service := meaning.New(newClient(t, s.settings), s.Store, slog.New(slog.DiscardHandler))
	stop = s.follow(t, service, false)
	until(t, "a vector of each record", whole(service))
	stop()
	s.records = service.State().Vectors
	if sent, left := len(s.server.Sent())-before, service.State().Wanted-counts[256]; sent > left+1 {
		t.Errorf("%d texts sent, where %d records had no vector", sent, left)
	}
}
