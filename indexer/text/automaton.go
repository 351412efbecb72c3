package text

import (
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/internal/script"
)

// Readings are how characters are read, with automata over words that are read alike.
// Safe for concurrent use.
type Readings struct{ *script.Readings }

// TypedSyllables returns folded letters with lü, nü, lüe and nüe as the readings have
// them, however they were typed: 战略 is zhanlüe, zhanlue and zhanlve.
func TypedSyllables(f []rune) []rune {
	out := make([]rune, len(f))
	for i, r := range f {
		switch {
		case r == 'ü':
			r = 'v'
		case r == 'u' && i > 0 && (f[i-1] == 'l' || f[i-1] == 'n') && i+1 < len(f) && f[i+1] == 'e' && (i+2 == len(f) || !strings.ContainsRune("rni", f[i+2])):
			r = 'v' // no syllable is lue or nue; lu er and nu er are two
		}
		out[i] = r
	}
	return out
}

// RuneAutomaton walks a dictionary of UTF-8 terms by characters. What has been
// matched so far is a set of 64 places, which step moves on by one character;
// a term is accepted where accept holds of the set at its end. For one
// goroutine.
type RuneAutomaton struct {
	step   func(set uint64, r rune) uint64
	accept func(set uint64) bool
	states []runeState
	known  map[runeState]int
}

// runeState is a set, and the bytes of a character that has begun.
type runeState struct {
	set   uint64
	begun [utf8.UTFMax]byte
	n     uint8
}

func newRuneAutomaton(step func(uint64, rune) uint64, accept func(uint64) bool) *RuneAutomaton {
	a := &RuneAutomaton{step: step, accept: accept, known: map[runeState]int{}}
	a.states = append(a.states, runeState{})
	a.intern(runeState{set: 1})
	return a
}

func (a *RuneAutomaton) intern(s runeState) int {
	if s.set == 0 {
		return 0
	}
	id, ok := a.known[s]
	if !ok {
		id = len(a.states)
		a.states = append(a.states, s)
		a.known[s] = id
	}
	return id
}

// Start, IsMatch, CanMatch, WillAlwaysMatch and Accept are the automaton that
// bleve's dictionaries are searched with.
func (a *RuneAutomaton) Start() int { return 1 }

func (a *RuneAutomaton) CanMatch(s int) bool { return s != 0 }

func (a *RuneAutomaton) WillAlwaysMatch(int) bool { return false }

func (a *RuneAutomaton) IsMatch(s int) bool {
	return s != 0 && a.states[s].n == 0 && a.accept(a.states[s].set)
}

func (a *RuneAutomaton) Accept(s int, b byte) int {
	if s == 0 {
		return 0
	}
	next := a.states[s]
	if int(next.n) == len(next.begun) {
		return 0
	}
	next.begun[next.n] = b
	next.n++
	if r, size := utf8.DecodeRune(next.begun[:next.n]); utf8.FullRune(next.begun[:next.n]) {
		if r == utf8.RuneError || size != int(next.n) {
			return 0
		}
		next = runeState{set: a.step(next.set, r)}
	}
	return a.intern(next)
}

// Like accepts the words that a word may have been meant for: characters that
// sound the same stand for each other, and one character may be another, be
// missing or be too much.
func (r Readings) Like(word []rune) *RuneAutomaton {
	n := len(word)
	// Place i stands for i characters matched; place 32+i for that with an error
	// made.
	step := func(set uint64, c rune) (to uint64) {
		if !IsHan(c) {
			return 0
		}
		for i := range n + 1 {
			clean, erred := set&(1<<i) != 0, set&(1<<(32+i)) != 0
			if !clean && !erred {
				continue
			}
			same := i < n && r.SameSound(word[i], c)
			if clean {
				if same {
					to |= 1 << (i + 1)
				}
				to |= 1 << (32 + i) // c is too much
				if i < n {
					to |= 1 << (32 + i + 1) // c instead of another
				}
				if i+1 < n && r.SameSound(word[i+1], c) {
					to |= 1 << (32 + i + 2) // one is missing before c
				}
			}
			if erred && same {
				to |= 1 << (32 + i + 1)
			}
		}
		return to
	}
	return newRuneAutomaton(step, func(set uint64) bool {
		return set&(1<<n|1<<(32+n)) != 0 || n > 0 && set&(1<<(n-1)) != 0 // the last one is missing
	})
}

// ReadFrom accepts the words whose syllables, put together, the letters begin
// with.
func (r Readings) ReadFrom(letters string) *RuneAutomaton {
	step := func(set uint64, c rune) (to uint64) {
		for i := range len(letters) {
			if set&(1<<i) == 0 {
				continue
			}
			for _, s := range r.Alone(c) {
				if strings.HasPrefix(letters[i:], s) {
					to |= 1 << (i + len(s))
				}
			}
		}
		return to
	}
	return newRuneAutomaton(step, func(set uint64) bool { return set > 1 })
}
