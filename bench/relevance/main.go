// Relevance measures how well the product's own search ranks: it loads passages
// as cases (title, and text as background) into an index, asks each question
// through Index.Search, and prints the mean reciprocal rank at 10 and the
// recall at 1 and at 10.
//
//	go run ./bench/relevance -passages passages.jsonl,more.jsonl -questions questions.jsonl,others.jsonl
//	go run ./bench/relevance … -embeddings-url http://127.0.0.1:11434/v1 -embeddings-model bge-m3
//
// A line of the first file is {"id", "title", "text"}, one of the second
// {"question", "question_traditional", "passage"}; the traditional form may be
// left out. Several sets, commas between their files, are reported in one run. With a
// server of embeddings, whose address may be "demonstration", searches go by meaning too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/bench/relevance/judged"
	"github.com/jisiguangyi/jisi/catalog"
)

func main() {
	passages := flag.String("passages", "", "files of passages, JSONL, commas between")
	questions := flag.String("questions", "", "files of questions, JSONL, one for each of passages")
	misses := flag.Bool("misses", false, "print the questions whose passage is not first")
	var m judged.Meaning
	flag.StringVar(&m.URL, "embeddings-url", "", "server of embeddings, or demonstration")
	flag.StringVar(&m.Model, "embeddings-model", "", "its model")
	flag.StringVar(&m.QueryPrefix, "embeddings-query-prefix", "", "written before questions")
	cut := flag.String("cut", "", "folder to write the sets to instead, as they are and cut into jisi's words, for _lucene")
	flag.StringVar(&m.PassagePrefix, "embeddings-passage-prefix", "", "written before passages")
	flag.Parse()
	each := func(passages, questions string) error { return report(passages, questions, m, *misses) }
	if *cut != "" {
		each = func(passages, questions string) error { return writeCut(passages, questions, *cut) }
	}
	if err := run(*passages, *questions, each); err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

// run has each done with every set.
func run(passageFiles, questionFiles string, each func(passages, questions string) error) error {
	passages, questions := strings.Split(passageFiles, ","), strings.Split(questionFiles, ",")
	if len(passages) != len(questions) {
		return errors.New("-passages and -questions name as many files")
	}
	for i := range passages {
		fmt.Println(questions[i])
		if err := each(passages[i], questions[i]); err != nil {
			return err
		}
	}
	return nil
}

// report measures one set.
func report(passageFile, questionFile string, m judged.Meaning, misses bool) (err error) {
	set, err := judged.Open(passageFile, questionFile, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	if err := measure(set, "simplified", misses, func(q judged.Question) string { return q.Question }); err != nil {
		return err
	}
	return measure(set, "traditional", false, func(q judged.Question) string { return q.Traditional })
}

// measure asks all questions in one of their forms.
func measure(set *judged.Set, form string, misses bool, text func(judged.Question) string) error {
	var asked, first, tenth, sum float64
	var times []time.Duration
	for _, q := range set.Questions {
		if text(q) == "" {
			continue
		}
		start := time.Now()
		page, err := set.Index.Search(context.Background(), catalog.SearchQuery{
			Query: text(q), First: 10, WantFacets: true, WantTotal: true, WantHighlights: true,
		})
		if err != nil {
			return err
		}
		times = append(times, time.Since(start))
		asked++
		at := slices.IndexFunc(page.Hits, func(h catalog.Hit) bool { return h.ID == set.Numbers[q.Passage] })
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
