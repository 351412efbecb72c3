package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// questions are what is asked, each with other variables every time: there are
// tens of thousands of them, so that little of it is answered from a cache.
var questions = []func(*rand.Rand) (query string, variables map[string]any){
	func(r *rand.Rand) (string, map[string]any) {
		return `query($q: String!, $n: Int) { search(query: $q, first: $n) { totalCount edges { highlights { field fragment } node { ... on Case { title committee { name } } } } } }`,
			map[string]any{"q": one(r, words) + one(r, words) + one(r, words), "n": 5 + r.IntN(10)}
	},
	func(r *rand.Rand) (string, map[string]any) {
		return `query($filter: CaseFilter, $n: Int) { cases(filter: $filter, first: $n) { totalCount nodes { title committee { name } brand { name } topics { name } } } }`,
			map[string]any{"filter": map[string]any{"years": []int{year(r)}, "regions": []string{one(r, prefectures)}}, "n": 10 + r.IntN(20)}
	},
	func(r *rand.Rand) (string, map[string]any) {
		return `query($slug: String!) { case(slug: $slug) { title background approach results steps { code text } citations { quote } topics { name } adoptions(first: 5) { nodes { result } } } }`,
			map[string]any{"slug": fmt.Sprintf("synthetic-1-case-%d", 1+r.IntN(10000))}
	},
	func(r *rand.Rand) (string, map[string]any) {
		return `query($n: Int, $m: Int, $filter: CaseFilter) { committees(first: $n) { nodes { name cases(first: $m, filter: $filter) { nodes { title topics { name } } } } } }`,
			map[string]any{"n": 3 + r.IntN(5), "m": 1 + r.IntN(5), "filter": map[string]any{"years": []int{year(r)}}}
	},
}

func one(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// year returns one of the years that generated cases are of.
func year(r *rand.Rand) int { return 2015 + r.IntN(10) }

var words = []string{"养老", "教育", "物业", "停车", "农村", "产业", "旅游", "环境", "河道", "老旧小区", "就业", "医疗", "交通", "食品安全", "文化", "营商"}

// prefectures are the divisions' codes (GB/T 2260).
var prefectures = []string{"220100", "220200", "220300", "220400", "220500", "220600", "220700", "220800", "222400"}

// seen is what came of the requests of a while.
type seen struct {
	took    []time.Duration
	failed  int
	late    int // began later than their turn, since all clients were busy
	reasons map[string]int
}

func (s seen) answers() int { return len(s.took) }

// percentile returns the time, in milliseconds, within which a share was answered.
func (s seen) percentile(share float64) float64 {
	if len(s.took) == 0 {
		return 0
	}
	slices.Sort(s.took)
	at := min(int(share*float64(len(s.took))), len(s.took)-1)
	return float64(s.took[at].Microseconds()) / 1000
}

// An asker asks one server from several goroutines.
type asker struct {
	url     string
	clients int
	http    *http.Client

	mu  sync.Mutex
	now seen
}

func newAsker(url string, clients int) *asker {
	return &asker{url: url, clients: clients, now: seen{reasons: map[string]int{}}, http: &http.Client{
		Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients},
	}}
}

func (a *asker) take() seen {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.now
	a.now = seen{reasons: map[string]int{}}
	return s
}

// most asks as fast as the server answers, and returns the answers a second.
func (a *asker) most(ctx context.Context, measure time.Duration) float64 {
	ctx, cancel := context.WithTimeout(ctx, measure)
	defer cancel()
	start := time.Now()
	var wait sync.WaitGroup
	for i := range a.clients {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i))) //nolint:gosec // a load is no secret
			for ctx.Err() == nil {
				a.ask(ctx, r, time.Now())
			}
		})
	}
	wait.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	return float64(a.now.answers()) / time.Since(start).Seconds()
}

// steady asks at a rate, whatever the server does: a request's time counts from
// its turn, so that waiting for a free client is part of it.
func (a *asker) steady(ctx context.Context, rate float64) {
	turns := make(chan time.Time, 1<<16)
	var wait sync.WaitGroup
	for i := range a.clients {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(i))) //nolint:gosec // a load is no secret
			for turn := range turns {
				a.ask(ctx, r, turn)
			}
		})
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	start, given := time.Now(), 0
	for ctx.Err() == nil {
		now := <-tick.C
		for ; float64(given) < now.Sub(start).Seconds()*rate; given++ {
			turns <- start.Add(time.Duration(float64(given) / rate * float64(time.Second)))
		}
	}
	close(turns)
	wait.Wait()
}

// ask asks one question and notes what came of it, unless the load is over.
func (a *asker) ask(ctx context.Context, r *rand.Rand, turn time.Time) {
	began := time.Now()
	query, variables := questions[r.IntN(len(questions))](r)
	err := a.once(ctx, query, variables)
	if ctx.Err() != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if began.Sub(turn) > 10*time.Millisecond {
		a.now.late++
	}
	if err != nil {
		a.now.failed++
		a.now.reasons[err.Error()]++
		return
	}
	a.now.took = append(a.now.took, time.Since(turn))
}

func (a *asker) once(ctx context.Context, query string, variables map[string]any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(text, []byte(`{"data":{`)) {
		return fmt.Errorf("HTTP %d: %.200s", response.StatusCode, text)
	}
	return nil
}
