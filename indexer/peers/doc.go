// Package peers finds cases to learn from: it reads a problem, weighs its words, and
// judges the cases that have most of them, with reasons that are true.
//
// It asks a State of the index for the rarity of words and for the cases that come
// nearest by them; lists, scores and filters are the index's.
package peers
