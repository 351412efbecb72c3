// Relevance measures how well the product's own search ranks: it loads passages
// as cases (title, and text as background) into an index, asks each question
// through Index.Search, and prints the mean reciprocal rank at 10 and the
// recall at 1 and at 10.
//
//	go run ./bench/relevance -passages passages.jsonl -questions questions.jsonl
//
// A line of the first file is {"id", "title", "text"}, one of the second
// {"question", "question_traditional", "passage"}; the traditional form may be
// left out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer"
)

func main() {
	passages := flag.String("passages", "", "file of passages, JSONL")
	questions := flag.String("questions", "", "file of questions, JSONL")
	misses := flag.Bool("misses", false, "print the questions whose passage is not first")
	flag.Parse()
	if err := run(*passages, *questions, *misses); err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

type passage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

type question struct {
	Question    string `json:"question"`
	Traditional string `json:"question_traditional"`
	Passage     string `json:"passage"`
}

func run(passageFile, questionFile string, misses bool) (err error) {
	if passageFile == "" || questionFile == "" {
		return errors.New("both -passages and -questions are needed")
	}
	ps, err := readLines[passage](passageFile)
	if err != nil {
		return err
	}
	qs, err := readLines[question](questionFile)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "jisi-relevance-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	x, err := build(dir, ps)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	numbers := map[string]catalog.ID{}
	for i, p := range ps {
		numbers[p.ID] = catalog.ID(i + 1)
	}
	if err := measure(x, "simplified", qs, numbers, misses, func(q question) string { return q.Question }); err != nil {
		return err
	}
	return measure(x, "traditional", qs, numbers, false, func(q question) string { return q.Traditional })
}

func readLines[T any](file string) ([]T, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []T
	for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("%s: value %d: %w", file, len(out)+1, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func build(dir string, ps []passage) (*indexer.Index, error) {
	words, err := indexer.LoadWords(dir)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	x, err := indexer.Open(ctx, dir, words, indexer.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := x.Rebuild(ctx, source(ps)); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	fmt.Printf("%d passages indexed in %.1f s\n", len(ps), time.Since(start).Seconds())
	return x, nil
}

// measure asks all questions in one of their forms.
func measure(x *indexer.Index, form string, qs []question, numbers map[string]catalog.ID, misses bool, text func(question) string) error {
	var asked, first, tenth, sum float64
	var times []time.Duration
	for _, q := range qs {
		if text(q) == "" {
			continue
		}
		start := time.Now()
		page, err := x.Search(context.Background(), catalog.SearchQuery{
			Query: text(q), First: 10, WantFacets: true, WantTotal: true, WantHighlights: true,
		})
		if err != nil {
			return err
		}
		times = append(times, time.Since(start))
		asked++
		at := slices.IndexFunc(page.Hits, func(h catalog.Hit) bool { return h.ID == numbers[q.Passage] })
		if at >= 0 {
			tenth++
			sum += 1 / float64(at+1)
		}
		if at == 0 {
			first++
		} else if misses {
			fmt.Printf("%3d\t%s\t%s\n", at+1, q.Passage, text(q))
		}
	}
	if asked == 0 {
		return nil
	}
	slices.Sort(times)
	fmt.Printf("%-12s questions %d  MRR@10 %.4f  recall@1 %.4f  recall@10 %.4f  time p50 %.2f ms p95 %.2f ms\n",
		form, int(asked), sum/asked, first/asked, tenth/asked,
		ms(times[len(times)/2]), ms(times[len(times)*95/100]))
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// source gives passages as cases, once; nothing changes afterwards.
type source []passage

func (s source) Snapshot(_ context.Context, yield func(*catalog.Document) error) (catalog.Cursor, error) {
	for i, p := range s {
		d := &catalog.Document{
			ID: catalog.ID(i + 1), Kind: catalog.KindCase, Slug: p.ID, Version: 1, Title: p.Title,
			Level: catalog.LevelUnstated, Origin: catalog.OriginContributed,
		}
		if p.Text != "" {
			d.Fields = []catalog.DocumentField{{Name: "background", Text: p.Text}}
		}
		if err := yield(d); err != nil {
			return catalog.Cursor{}, err
		}
	}
	return catalog.Cursor{}, nil
}

func (source) Changes(context.Context, catalog.Cursor, int) ([]catalog.Change, bool, error) {
	return nil, false, nil
}

func (source) Documents(context.Context, []catalog.ID) ([]*catalog.Document, error) { return nil, nil }

func (source) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (source) Failed(context.Context, catalog.Change, error) error { return nil }
