// Search measures the product's own search: how fast it builds its index, how
// large that is, and how long searches take, over the first N records of a file.
//
//	jisi generate -cases 100000 -seed 1 > cases.jsonl
//	go run ./bench/search -cases cases.jsonl -n 10000
//
// A line of the file is a record of the import format; its title, its texts and
// its year are taken. Searches are asked one after the other from one goroutine,
// each query once cold and then as often as -rounds says; the table has the
// rounds after the first, and the first by itself. README.md has the figures,
// and how the other engines are measured over the same records.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"syscall"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

func main() {
	cases := flag.String("cases", "", "file of records, JSONL")
	queries := flag.String("queries", "", "file of questions, one a line; empty for the built-in ones")
	n := flag.Int("n", 10000, "how many records to take")
	rounds := flag.Int("rounds", 5, "how often each query is asked again")
	index := flag.String("index", "", "folder in which to keep the index for the next run; empty for one that is removed")
	profile := flag.String("cpuprofile", "", "file to write a processor profile of the searches to")
	follow := flag.Bool("follow", false, "have all but a twentieth of the records come by the feed of changes, and measure that instead")
	answers := flag.String("answers", "", "file to write the answers to, in JSON, by which two builds are compared; nothing is measured then")
	building := flag.String("buildprofile", "", "file to write a processor profile of the building to")
	url := flag.String("server", "", "address of a running server's /graphql to ask instead; it has the records already")
	pid := flag.Int("pid", 0, "that server's process, for the processor time that it spends")
	flag.Parse()
	if *url != "" {
		asked, err := readQueries(*queries)
		if err == nil {
			err = server{*url, *pid}.measure(asked, *rounds)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "search:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(options{*cases, *queries, *index, *profile, *building, *answers, *n, *rounds, *follow}); err != nil {
		fmt.Fprintln(os.Stderr, "search:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	cases, queries, index, profile, building, answers string
	n, rounds                                         int
	follow                                            bool
}

func run(o options) (err error) {
	dir := o.index
	if dir == "" {
		if dir, err = os.MkdirTemp("", "jisi-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	words, err := indexer.LoadWords(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	x, err := indexer.Open(ctx, filepath.Join(dir, "index"), words, indexer.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	if o.follow {
		return o.measureFollowing(ctx, x)
	}
	if err := o.build(ctx, x, dir); err != nil {
		return err
	}
	asked, err := readQueries(o.queries)
	if err != nil {
		return err
	}
	if o.answers != "" {
		return o.writeAnswers(x, asked)
	}
	stop, err := startProfile(o.profile)
	if err != nil {
		return err
	}
	defer stop()
	for _, kind := range kinds(asked) {
		if err := measure(x, kind, o.rounds); err != nil {
			return err
		}
	}
	if err := measureOthers(x, asked, o.rounds); err != nil {
		return err
	}
	fmt.Printf("memory %d MB\n", memory())
	return nil
}

// build builds the index, unless it was kept from another run.
func (o options) build(ctx context.Context, x *indexer.Index, dir string) error {
	if have := x.State().Documents; have > 0 {
		fmt.Printf("%d records, indexed before; index %.1f MB, memory %d MB, %d processors\n",
			have, megabytes(size(dir)), memory(), runtime.GOMAXPROCS(0))
		return nil
	}
	docs, err := readCases(o.cases, o.n)
	if err != nil {
		return err
	}
	stop, err := startProfile(o.building)
	if err != nil {
		return err
	}
	start, busy, before := time.Now(), processorTime(), peak()
	if err := x.Rebuild(ctx, source(docs)); err != nil {
		return err
	}
	stop()
	took := time.Since(start)
	fmt.Printf("%d records indexed in %.1f s (%.0f a second; %.2f ms of processor time each), %.1f MB of text, index %.1f MB, memory %d MB, at most %d MB resident beside %d before, %d processors\n",
		len(docs), took.Seconds(), float64(len(docs))/took.Seconds(), float64((processorTime()-busy).Microseconds())/1000/float64(len(docs)),
		megabytes(textBytes(docs)), megabytes(size(dir)), memory(), peak(), before, runtime.GOMAXPROCS(0))
	return nil
}

// startProfile starts a processor profile into a file, unless it has no name, and
// returns what ends it.
func startProfile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}

// peak returns the most memory in MB that the process has had resident so far.
func peak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // cannot fail for the process itself
	}
	return u.Maxrss >> 10
}

// prefixes are what is in a search box while somebody types.
var prefixes = []string{"g", "guil", "gll", "桂", "桂林l", "jianyi", "jyzy", "heitudi", "营商", "yingshanghuan", "ls", "课后", "zhongguo", "中国d", "s"}

// measureOthers times completions and peers.
func measureOthers(x *indexer.Index, asked []string, rounds int) error {
	ctx := context.Background()
	err := timed("suggest", prefixes, rounds, func(prefix string) error {
		_, err := x.Suggest(ctx, prefix, nil, 8)
		return err
	})
	if err != nil {
		return err
	}
	err = timed("learn", asked, rounds, func(problem string) error {
		_, err := x.Peers(ctx, catalog.PeerQuery{Problem: problem, First: 10, Scope: catalog.ScopeAll})
		return err
	})
	if err != nil {
		return err
	}
	return measureSimilar(x)
}

// measureSimilar looks for the peers of the first fifty records, as a list of cases
// with what is like each does, and prints what all of it costs. Answers are kept, so
// that there is one round only.
func measureSimilar(x *indexer.Index) error {
	start, busy, hits := time.Now(), processorTime(), 0
	for id := range catalog.ID(50) {
		found, err := x.Peers(context.Background(), catalog.PeerQuery{Case: id + 1, First: 20, Scope: catalog.ScopeAll})
		if err != nil {
			return err
		}
		hits += len(found)
	}
	fmt.Printf("%-32s of 50 records, 20 each: %d ms, %d ms of processor time, %d hits\n", "similar", time.Since(start).Milliseconds(), (processorTime() - busy).Milliseconds(), hits)
	return nil
}

// timed calls ask for each text and prints how long it took.
func timed(name string, texts []string, rounds int, ask func(string) error) error {
	var cold, first, warm, cpu []time.Duration
	for round := range rounds + 1 {
		for _, t := range texts {
			start, busy := time.Now(), processorTime()
			if err := ask(t); err != nil {
				return err
			}
			if round == 0 {
				cold = append(cold, time.Since(start))
				first = append(first, processorTime()-busy)
			} else {
				warm = append(warm, time.Since(start))
				cpu = append(cpu, processorTime()-busy)
			}
		}
	}
	report(name, cold, first, warm, cpu)
	fmt.Println()
	return nil
}

// report prints how long a kind of search took, and how much processor time of
// all threads it cost, which hangs less on what else the machine does: cold and first
// are of the first round.
func report(name string, cold, first, warm, cpu []time.Duration) {
	fmt.Printf("%-32s cold p50 %7.2f p95 %7.2f (processor %5.2f, %5.2f)   warm p50 %7.2f p95 %7.2f p99 %7.2f   processor p50 %7.2f p95 %7.2f ms", name,
		percentile(cold, 50), percentile(cold, 95), percentile(first, 50), percentile(first, 95), percentile(warm, 50), percentile(warm, 95), percentile(warm, 99),
		percentile(cpu, 50), percentile(cpu, 95))
}

// processorTime returns the time that the process has spent on processors so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // cannot fail for the process itself
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// record is what is taken of a line of the file.
type record struct {
	Type       string `json:"type"`
	Slug       string `json:"slug"`
	Title      string `json:"title"`
	Name       string `json:"name"`
	Text       string `json:"text"`
	Summary    string `json:"summary"`
	Background string `json:"background"`
	Approach   string `json:"approach"`
	Results    string `json:"results"`
	Lessons    string `json:"lessons"`
	Year       int    `json:"year"`
}

func readCases(file string, n int) ([]*catalog.Document, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []*catalog.Document
	for d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20)); len(out) < n && d.More(); {
		var r record
		if err := d.Decode(&r); err != nil {
			return nil, fmt.Errorf("%s: value %d: %w", file, len(out)+1, err)
		}
		out = append(out, r.document(len(out)))
	}
	if len(out) < n {
		return nil, fmt.Errorf("%s has %d records, not %d", file, len(out), n)
	}
	return out, nil
}

// regions are codes to spread the records over, so that facets have something
// to count.
var regions = []string{"220104", "220105", "220202", "220322", "220402", "220502", "220602", "220702", "220802", "222404"}

func (r record) document(i int) *catalog.Document {
	code := regions[i%len(regions)]
	d := &catalog.Document{
		ID: catalog.ID(i + 1), Kind: catalog.KindCase, Slug: r.Slug, Version: 1, Title: r.Title + r.Name,
		Level: catalog.LevelCounty, Origin: catalog.OriginSynthetic, Year: r.Year,
		Region: code, Regions: []string{code, code[:4] + "00", "220000"},
		Topics: []string{fmt.Sprintf("topic-%d", i%17), "livelihood"},
	}
	if d.Year == 0 {
		d.Year = 2018 + i%8
	}
	for _, t := range [][2]string{
		{"summary", r.Summary},
		{"background", r.Background + r.Text},
		{"approach", r.Approach},
		{"results", r.Results},
		{"lessons", r.Lessons},
	} {
		if t[1] != "" {
			d.Fields = append(d.Fields, catalog.DocumentField{Name: t[0], Text: t[1]})
		}
	}
	return d
}

func readQueries(file string) ([]string, error) {
	if file == "" {
		return questions, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if s.Text() != "" {
			out = append(out, s.Text())
		}
	}
	return out, nil
}

// questions are what people of a committee might ask.
var questions = []string{
	"小学放学早，家长下班晚，孩子没人管怎么办？",
	"老旧小区改造如何协商解决停车难问题？",
	"企业贷不到款，政协怎样搭台让银行和企业对接？",
	"黑土地退化严重，有哪些县政协开展过保护协商？",
	"怎样把夜间的商圈重新做热闹？",
	"乡村振兴中农民专业合作社如何壮大？",
	"哪些市县用委员联络站收集社情民意？",
	"营商环境的体验式评价怎样与部门绩效考核挂钩？",
	"农村饮水安全工程的管护由谁负责？",
	"社区养老服务设施不足应该怎么协商？",
}

var keywords = []string{"课后服务", "营商环境", "黑土地", "夜经济", "银企对接", "老旧小区", "养老服务", "乡村振兴", "停车难", "人参产业"}

// kind is a kind of search with its queries.
type kind struct {
	name    string
	queries []catalog.SearchQuery
}

func kinds(asked []string) []kind {
	plain := func(texts []string, change func(*catalog.SearchQuery)) []catalog.SearchQuery {
		var out []catalog.SearchQuery
		for _, t := range texts {
			q := catalog.SearchQuery{Query: t, First: 20}
			change(&q)
			out = append(out, q)
		}
		return out
	}
	all := func(q *catalog.SearchQuery) { q.WantFacets, q.WantTotal, q.WantHighlights = true, true, true }
	return []kind{
		{"keyword", plain(keywords, func(*catalog.SearchQuery) {})},
		{"keyword, facets and highlights", plain(keywords, all)},
		{"question", plain(asked, func(*catalog.SearchQuery) {})},
		{"question, facets and highlights", plain(asked, all)},
		{"phrase", plain(keywords, func(q *catalog.SearchQuery) { q.Query = `"` + q.Query + `"`; all(q) })},
	}
}

// measure asks a kind's queries and prints how long they took.
func measure(x *indexer.Index, k kind, rounds int) error {
	var cold, first, warm, cpu []time.Duration
	hits := 0
	for round := range rounds + 1 {
		for _, q := range k.queries {
			start, busy := time.Now(), processorTime()
			page, err := x.Search(context.Background(), q)
			if err != nil {
				return err
			}
			took := time.Since(start)
			if round == 0 {
				cold = append(cold, took)
				first = append(first, processorTime()-busy)
				hits += page.Total
			} else {
				warm = append(warm, took)
				cpu = append(cpu, processorTime()-busy)
			}
		}
	}
	report(k.name, cold, first, warm, cpu)
	fmt.Printf("   mean total %d\n", hits/len(k.queries))
	return nil
}

// percentile returns a percentile in ms, 0 where nothing was timed.
func percentile(ds []time.Duration, p int) float64 {
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return float64(ds[min(len(ds)*p/100, len(ds)-1)].Microseconds()) / 1000
}

func size(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

func textBytes(docs []*catalog.Document) (n int64) {
	for _, d := range docs {
		n += int64(len(d.Title))
		for _, f := range d.Fields {
			n += int64(len(f.Text))
		}
	}
	return n
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// memory returns Go's heap in MB after a collection; jieba's is not in it.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse >> 20
}

// source returns the records as one snapshot.
type source []*catalog.Document

func (s source) Snapshot(_ context.Context, after catalog.ID, begin func(catalog.Cursor), yield func(*catalog.Document) error) error {
	begin(catalog.Cursor{})
	for _, d := range s {
		if d.ID <= after {
			continue
		}
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

func (source) Changes(context.Context, catalog.Cursor, int) ([]catalog.Change, bool, error) {
	return nil, false, nil
}

func (source) Backlog(context.Context, catalog.Cursor) (int, time.Duration, error) { return 0, 0, nil }

func (source) Documents(context.Context, []catalog.ID) ([]*catalog.Document, error) { return nil, nil }

func (source) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (source) Failed(context.Context, catalog.Change, error) error { return nil }
