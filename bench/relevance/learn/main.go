// Learn finds the weights of the search's second look: a linear model over the
// features of the best hits (rerank.FeatureNames), fitted so that the right
// passage of each question comes first (softmax over the question's hits, the
// top-one form of ListNet, Cao et al. 2007; L2 on the weights; plain gradient
// descent with Adam's step sizes, always from zero, so that the same files give
// the same weights).
//
//	go run ./bench/relevance/learn -passages P,P2 -questions Q,Q2 -out indexer/rerank/weights.go
//
// Several sets, commas between their files, count alike, however many questions each
// has, or as -counts says.
//
// It first prints what the model does on questions that it was not fitted to:
// passages are dealt into folds by title, so that no article helps with its own
// questions. Only then are the weights fitted to all questions and written.
//
// With a server of embeddings (-embeddings-url, which may be "demonstration"), it fits
// instead what closeness of meaning weighs beside the weights as they are.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"hash/fnv"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/bench/relevance/judged"
	"github.com/jisiguangyi/jisi/indexer/rerank"
)

func main() {
	passages := flag.String("passages", "", "files of passages, JSONL, commas between")
	questions := flag.String("questions", "", "files of questions, JSONL, one for each of passages")
	out := flag.String("out", "", "Go file to write the weights to; empty to only print them")
	l2 := flag.Float64("l2", 0.0005, "how much large weights cost")
	drop := flag.String("drop", "", "features to leave out, comma between")
	counts := flag.String("counts", "", "what each set counts, commas between; alike where left out")
	var m judged.Meaning
	flag.StringVar(&m.URL, "embeddings-url", "", "server of embeddings, or demonstration")
	flag.StringVar(&m.Model, "embeddings-model", "", "its model")
	flag.StringVar(&m.QueryPrefix, "embeddings-query-prefix", "", "written before questions")
	flag.StringVar(&m.PassagePrefix, "embeddings-passage-prefix", "", "written before passages")
	flag.Parse()
	if err := run(*passages, *questions, *counts, m, *out, *l2, *drop); err != nil {
		fmt.Fprintln(os.Stderr, "learn:", err)
		os.Exit(1)
	}
}

const (
	features = len(rerank.FeatureNames)
	folds    = 5
	steps    = 600
)

// example is a question's hits; right is the place of its passage among them,
// -1 where it is not.
type example struct {
	hits  [][]float32
	near  []float64 // the hits' closeness of meaning
	right int
	fold  int
	set   int
	count float64 // what it counts among the examples of all sets
}

type weights [features]float64

func run(passageFiles, questionFiles, counts string, m judged.Meaning, out string, l2 float64, drop string) error {
	passages, questions := strings.Split(passageFiles, ","), strings.Split(questionFiles, ",")
	if len(passages) != len(questions) {
		return errors.New("-passages and -questions name as many files")
	}
	var all []example
	for i := range passages {
		es, err := read(passages[i], questions[i], m, i)
		if err != nil {
			return err
		}
		all = append(all, es...)
	}
	shares, err := sharesOf(counts, len(passages))
	if err != nil {
		return err
	}
	for set := range passages {
		count := float64(len(all)) * shares[set] / float64(len(ofSet(all, set)))
		for i := range all {
			if all[i].set == set {
				all[i].count = count
			}
		}
	}
	if m.URL != "" {
		fitNearness(all, questions)
		return nil
	}
	used := usedFeatures(drop)
	unseen := make([]float64, len(passages))
	for fold := range folds {
		w := fit(except(all, fold), l2, used)
		for set := range unseen {
			unseen[set] += reciprocalRanks(ofSet(only(all, fold), set), &w)
		}
	}
	w := fit(all, l2, used)
	var score weights
	score[0] = 1
	for set, sum := range unseen {
		es := ofSet(all, set)
		n := float64(len(es))
		fmt.Printf("%s: MRR@10: first score alone %.4f, learned on others (%d folds) %.4f, learned on all %.4f\n",
			questions[set], reciprocalRanks(es, &score)/n, folds, sum/n, reciprocalRanks(es, &w)/n)
	}
	for i, name := range rerank.FeatureNames {
		fmt.Printf("%-16s %8.3f\n", name, w[i])
	}
	if out == "" {
		return nil
	}
	return write(out, &w)
}

// sharesOf returns what part of all examples each of n sets counts.
func sharesOf(counts string, n int) ([]float64, error) {
	if counts == "" {
		counts = strings.Repeat("1,", n-1) + "1"
	}
	shares, sum := make([]float64, 0, n), 0.0
	for c := range strings.SplitSeq(counts, ",") {
		v, err := strconv.ParseFloat(c, 64)
		if err != nil || v < 0 {
			return nil, fmt.Errorf("-counts: %q is no share", c)
		}
		shares, sum = append(shares, v), sum+v
	}
	if len(shares) != n || sum == 0 {
		return nil, fmt.Errorf("-counts has %d numbers for %d sets", len(shares), n)
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares, nil
}

// read asks the questions of one set.
func read(passageFile, questionFile string, m judged.Meaning, number int) (es []example, err error) {
	set, err := judged.Open(passageFile, questionFile, m)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	es, err = examples(set)
	for i := range es {
		es[i].set = number
	}
	return es, err
}

func ofSet(all []example, set int) (out []example) {
	for _, e := range all {
		if e.set == set {
			out = append(out, e)
		}
	}
	return out
}

func usedFeatures(drop string) [features]bool {
	var used [features]bool
	for i, name := range rerank.FeatureNames {
		used[i] = true
		for d := range strings.SplitSeq(drop, ",") {
			if d == name {
				used[i] = false
			}
		}
	}
	return used
}

// examples asks for the hits of every question.
func examples(set *judged.Set) ([]example, error) {
	titles := map[string]string{}
	for _, p := range set.Passages {
		titles[p.ID] = p.Title
	}
	out := make([]example, 0, len(set.Questions))
	for _, q := range set.Questions {
		cs, err := set.Index.Candidates(context.Background(), q.Question)
		if err != nil {
			return nil, err
		}
		h := fnv.New32a()
		h.Write([]byte(titles[q.Passage]))
		e := example{right: -1, fold: int(h.Sum32() % folds)}
		for i, c := range cs {
			if c.ID == set.Numbers[q.Passage] {
				e.right = i
			}
			e.hits, e.near = append(e.hits, c.Features), append(e.near, c.Closeness)
		}
		out = append(out, e)
	}
	return out, nil
}

func except(all []example, fold int) (out []example) {
	for _, e := range all {
		if e.fold != fold {
			out = append(out, e)
		}
	}
	return out
}

func only(all []example, fold int) (out []example) {
	for _, e := range all {
		if e.fold == fold {
			out = append(out, e)
		}
	}
	return out
}

func (w *weights) sum(f []float32) float64 {
	s := 0.0
	for i, v := range f {
		s += w[i] * float64(v)
	}
	return s
}

// reciprocalRanks adds up 1/rank of the right passages, as far as rank 10.
func reciprocalRanks(es []example, w *weights) float64 {
	total := 0.0
	for _, e := range es {
		if e.right < 0 {
			continue
		}
		rank, mine := 1, w.sum(e.hits[e.right])
		for i, h := range e.hits {
			if s := w.sum(h); i != e.right && (s > mine || s == mine && i < e.right) {
				rank++
			}
		}
		if rank <= 10 {
			total += 1 / float64(rank)
		}
	}
	return total
}

// fit finds the weights for which the right passages come first.
func fit(es []example, l2 float64, used [features]bool) weights {
	var w, m, v weights
	for step := 1; step <= steps; step++ {
		g := gradient(es, &w, l2)
		for i := range w {
			if !used[i] {
				continue
			}
			m[i] = 0.9*m[i] + 0.1*g[i]
			v[i] = 0.999*v[i] + 0.001*g[i]*g[i]
			mh, vh := m[i]/(1-math.Pow(0.9, float64(step))), v[i]/(1-math.Pow(0.999, float64(step)))
			// Nothing that is seen speaks against a hit: where it seems to, as the names of
			// laws do in titles, it is the collection that speaks.
			w[i] = max(w[i]-0.1*mh/(math.Sqrt(vh)+1e-8), 0)
		}
	}
	return w
}

func gradient(es []example, w *weights, l2 float64) weights {
	var g weights
	p := make([]float64, 0, 64)
	for _, e := range es {
		if e.right < 0 {
			continue
		}
		p = p[:0]
		most := math.Inf(-1)
		for _, h := range e.hits {
			p = append(p, w.sum(h))
			most = max(most, p[len(p)-1])
		}
		sum := 0.0
		for i := range p {
			p[i] = math.Exp(p[i] - most)
			sum += p[i]
		}
		for i, h := range e.hits {
			d := p[i] / sum
			if i == e.right {
				d--
			}
			for j, f := range h {
				g[j] += e.count * d * float64(f)
			}
		}
	}
	for j := range g {
		g[j] = g[j]/float64(len(es)) + l2*w[j]
	}
	return g
}

// constant returns the name of the constant of indexer's features for one of FeatureNames.
func constant(name string) string {
	var b strings.Builder
	b.WriteString("Feat")
	for part := range strings.SplitSeq(name, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

func write(file string, w *weights) error {
	var b strings.Builder
	b.WriteString("// Code generated by bench/relevance/learn; DO NOT EDIT.\n\npackage rerank\n\n")
	b.WriteString("// Model weighs the features of the second look.\nvar Model = Weights{\n")
	for i, name := range rerank.FeatureNames {
		fmt.Fprintf(&b, "\t%s: %.3f,\n", constant(name), w[i])
	}
	b.WriteString("}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644) //nolint:gosec // a source file is for all to read
}
