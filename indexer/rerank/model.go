package rerank

import "math"

// Weights is a linear model over features.
type Weights Features

// sum is what the model makes of a hit: the more, the better it answers.
func (w *Weights) sum(f *Features) float64 {
	sum := 0.0
	for i := range f {
		sum += float64(w[i]) * float64(f[i])
	}
	return sum
}

// Score is the sum and what more speaks for the hit than its words, pressed between 0
// and 1 with its order kept.
func (w *Weights) Score(f *Features, more float64) float64 {
	return 1 / (1 + math.Exp(-(w.sum(f)+more)/8))
}
