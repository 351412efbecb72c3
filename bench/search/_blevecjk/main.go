// Blevecjk measures bleve with its own cjk analyzer and match query over the
// files that bench/search and bench/relevance take. It is a module of its own,
// since the product itself uses bleve in indexer only.
//
//	cd bench/search/_blevecjk
//	go run . -cases cases.jsonl -n 10000
//	go run . -passages passages.jsonl -questions questions.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/cjk"
)

func main() {
	cases := flag.String("cases", "", "file of records, JSONL")
	n := flag.Int("n", 10000, "how many records to take")
	queries := flag.String("queries", "", "file of questions, one a line; empty for the built-in ones")
	passages := flag.String("passages", "", "file of passages, JSONL")
	questions := flag.String("questions", "", "file of questions, JSONL")
	flag.Parse()
	var err error
	if *passages != "" {
		err = relevance(*passages, *questions)
	} else {
		err = latency(*cases, *queries, *n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "blevecjk:", err)
		os.Exit(1)
	}
}

type record struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Name       string `json:"name"`
	Text       string `json:"text"`
	Summary    string `json:"summary"`
	Background string `json:"background"`
	Approach   string `json:"approach"`
	Results    string `json:"results"`
	Lessons    string `json:"lessons"`
}

// body is the one field that is indexed.
type body struct {
	Body string `json:"body"`
}

func read[T any](file string, n int) ([]T, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []T
	for d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20)); (n == 0 || len(out) < n) && d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func build(dir string, records []record) (bleve.Index, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = "cjk"
	x, err := bleve.NewUsing(filepath.Join(dir, "index"), m, "scorch", "scorch", nil)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	b := x.NewBatch()
	for i, r := range records {
		text := r.Title + r.Name + "\n" + r.Text + r.Summary + r.Background + r.Approach + r.Results + r.Lessons
		if err := b.Index(strconv.Itoa(i+1), body{text}); err != nil {
			return nil, err
		}
		if b.Size() == 1000 || i == len(records)-1 {
			if err := x.Batch(b); err != nil {
				return nil, err
			}
			b = x.NewBatch()
		}
	}
	took := time.Since(start).Seconds()
	fmt.Printf("bleve cjk: %d records in %.1f s (%.0f a second), %.1f MB\n", len(records), took, float64(len(records))/took, size(dir))
	return x, nil
}

func size(dir string) float64 {
	n := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return float64(n) / 1e6
}

func search(x bleve.Index, query string, first int, phrase bool) ([]string, error) {
	var q *bleve.SearchRequest
	if phrase {
		m := bleve.NewMatchPhraseQuery(query)
		m.SetField("body")
		q = bleve.NewSearchRequestOptions(m, first, 0, false)
	} else {
		m := bleve.NewMatchQuery(query)
		m.SetField("body")
		q = bleve.NewSearchRequestOptions(m, first, 0, false)
	}
	r, err := x.Search(q)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.ID)
	}
	return ids, nil
}

func withIndex(records []record, use func(bleve.Index) error) (err error) {
	dir, err := os.MkdirTemp("", "jisi-blevecjk-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	x, err := build(dir, records)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	return use(x)
}

type question struct {
	Question    string `json:"question"`
	Traditional string `json:"question_traditional"`
	Passage     string `json:"passage"`
}

func relevance(passages, questions string) error {
	records, err := read[record](passages, 0)
	if err != nil {
		return err
	}
	qs, err := read[question](questions, 0)
	if err != nil {
		return err
	}
	numbers := map[string]string{}
	for i, r := range records {
		numbers[r.ID] = strconv.Itoa(i + 1)
	}
	return withIndex(records, func(x bleve.Index) error {
		for _, form := range []string{"simplified", "traditional"} {
			var n, sum, first, tenth float64
			for _, q := range qs {
				text := q.Question
				if form == "traditional" {
					text = q.Traditional
				}
				if text == "" {
					continue
				}
				n++
				ids, err := search(x, text, 10, false)
				if err != nil {
					return err
				}
				at := slices.Index(ids, numbers[q.Passage])
				if at >= 0 {
					sum += 1 / float64(at+1)
					tenth++
				}
				if at == 0 {
					first++
				}
			}
			if n == 0 {
				continue
			}
			fmt.Printf("  %-12s MRR@10 %.4f recall@1 %.4f recall@10 %.4f\n", form, sum/n, first/n, tenth/n)
		}
		return nil
	})
}

var keywords = []string{"课后服务", "营商环境", "黑土地", "夜经济", "银企对接", "老旧小区", "养老服务", "乡村振兴", "停车难", "人参产业"}

var builtIn = []string{
	"小学放学早，家长下班晚，孩子没人管怎么办？", "老旧小区改造如何协商解决停车难问题？",
	"企业贷不到款，政协怎样搭台让银行和企业对接？", "黑土地退化严重，有哪些县政协开展过保护协商？",
	"怎样把夜间的商圈重新做热闹？", "乡村振兴中农民专业合作社如何壮大？", "哪些市县用委员联络站收集社情民意？",
	"营商环境的体验式评价怎样与部门绩效考核挂钩？", "农村饮水安全工程的管护由谁负责？", "社区养老服务设施不足应该怎么协商？",
}

func latency(cases, queries string, n int) error {
	records, err := read[record](cases, n)
	if err != nil {
		return err
	}
	asked := builtIn
	if queries != "" {
		f, err := os.Open(queries)
		if err != nil {
			return err
		}
		defer f.Close()
		asked = nil
		for s := bufio.NewScanner(f); s.Scan(); {
			asked = append(asked, s.Text())
		}
	}
	return withIndex(records, func(x bleve.Index) error {
		for _, k := range []struct {
			name    string
			queries []string
			phrase  bool
		}{{"keyword", keywords, false}, {"question", asked, false}, {"phrase", keywords, true}} {
			var times, cpu []time.Duration
			for round := range 6 {
				for _, q := range k.queries {
					start, busy := time.Now(), processorTime()
					if _, err := search(x, q, 20, k.phrase); err != nil {
						return err
					}
					if round > 0 {
						times = append(times, time.Since(start))
						cpu = append(cpu, processorTime()-busy)
					}
				}
			}
			at := func(times []time.Duration, p int) float64 {
				slices.Sort(times)
				return float64(times[min(len(times)*p/100, len(times)-1)].Microseconds()) / 1000
			}
			fmt.Printf("  %-10s warm p50 %7.2f p95 %7.2f p99 %7.2f   processor p50 %7.2f p95 %7.2f ms\n", k.name,
				at(times, 50), at(times, 95), at(times, 99), at(cpu, 50), at(cpu, 95))
		}
		return nil
	})
}

// processorTime returns the time that the process has spent on processors so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // cannot fail for the process itself
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
