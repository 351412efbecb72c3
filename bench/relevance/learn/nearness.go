package main

import (
	"fmt"

	"github.com/jisiguangyi/jisi/indexer/rerank"
)

// nearnesses are the weights of a standard deviation of closeness that are tried.
var nearnesses = []float64{0, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 8}

// fitNearness prints what each weight of closeness does beside the weights of words,
// which stay, and what the best of four folds does on the fifth.
func fitNearness(all []example, questions []string) {
	ranks := make([][]float64, len(nearnesses)) // by weight, by example
	for w, weight := range nearnesses {
		for _, e := range all {
			ranks[w] = append(ranks[w], nearRank(&e, weight))
		}
	}
	mean := func(w int, in func(*example) bool) float64 {
		sum, n := 0.0, 0.0
		for i := range all {
			if in(&all[i]) {
				sum, n = sum+ranks[w][i]*all[i].count, n+all[i].count
			}
		}
		return sum / max(n, 1e-9)
	}
	for w, weight := range nearnesses {
		fmt.Printf("weight %.1f:", weight)
		for set := range questions {
			fmt.Printf("  %s %.4f", questions[set], mean(w, func(e *example) bool { return e.set == set }))
		}
		fmt.Println()
	}
	chosen := make([]int, folds)
	for fold := range chosen {
		for w := range nearnesses {
			others := func(e *example) bool { return e.fold != fold }
			if mean(w, others) > mean(chosen[fold], others) {
				chosen[fold] = w
			}
		}
	}
	for set := range questions {
		sum, n := 0.0, 0.0
		for i := range all {
			if all[i].set == set {
				sum, n = sum+ranks[chosen[all[i].fold]][i], n+1
			}
		}
		fmt.Printf("%s: MRR@10 by the weight fitted on the other folds: %.4f\n", questions[set], sum/n)
	}
	for fold, w := range chosen {
		fmt.Printf("fold %d is ranked by %.1f\n", fold, nearnesses[w])
	}
}

// nearRank returns 1/rank of the right passage where closeness weighs so much, 0 past 10.
func nearRank(e *example, weight float64) float64 {
	if e.right < 0 {
		return 0
	}
	score := func(i int) float64 {
		sum := weight * e.near[i]
		for k, f := range e.hits[i] {
			sum += float64(rerank.Model[k]) * float64(f)
		}
		return sum
	}
	rank, mine := 1, score(e.right)
	for i := range e.hits {
		if s := score(i); i != e.right && (s > mine || s == mine && i < e.right) {
			rank++
		}
	}
	if rank > 10 {
		return 0
	}
	return 1 / float64(rank)
}
