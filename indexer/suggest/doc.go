// Package suggest completes what is being typed, by an automaton over the spellings of
// titles and names (spelling.go) that the index has as terms of a field: it
// understands characters, syllables, initials and syllables that are still being
// typed, in any mixture (typing.go).
//
// The package asks a State of the index for its segments and documents; which state
// that is, who may see what and how documents came in are the index's business.
package suggest
