package script

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"github.com/jisiguangyi/jisi/data/dictionary"
)

// Readings are the syllables, without tones, that Chinese characters are read
// by: by word where a word decides (重庆 is chong qing), and otherwise as the
// character is mostly read. Safe for concurrent use once made.
type Readings struct {
	words map[rune][]reading // by first character, longest first
	alone map[rune][]string  // all readings of a character, the most common first
}

// spelledWays is how many readings of a character are spelled.
const spelledWays = 3

type reading struct {
	word      []rune
	syllables []string
	only      bool // its characters are read so and not otherwise
}

// NewReadings reads the embedded tables.
func NewReadings() (*Readings, error) {
	b, err := dictionary.Files.ReadFile("readings.txt")
	if err != nil {
		return nil, fmt.Errorf("script: read the readings: %w", err)
	}
	r := &Readings{words: map[rune][]reading{}, alone: map[rune][]string{}}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		line := strings.Fields(s.Text())
		if len(line) == 0 || line[0] == "#" {
			continue
		}
		only := line[len(line)-1] == "!"
		if only {
			line = line[:len(line)-1]
		}
		word := []rune(line[0])
		if len(word) != len(line)-1 {
			return nil, fmt.Errorf("script: readings.txt: %q does not have a syllable for each character", s.Text())
		}
		r.words[word[0]] = append(r.words[word[0]], reading{word, line[1:], only})
	}
	for _, ws := range r.words {
		slices.SortFunc(ws, func(a, b reading) int { return len(b.word) - len(a.word) })
	}
	for code, toned := range pinyin.PinyinDict {
		c := rune(code)
		for s := range strings.SplitSeq(toned, ",") {
			if s = syllable(s); s != "" && !slices.Contains(r.alone[c], s) {
				r.alone[c] = append(r.alone[c], s)
			}
		}
	}
	return r, nil
}

// toneMarks are the combining marks of the four tones.
const toneMarks = "\u0304\u0301\u030c\u0300"

// syllable takes the tone off and writes what is left in the letters that people
// type: lǘ is lv. It returns "" for what has no such letters, as ê̄. The library can do
// the same, by expressions that take a tenth of a second for its table.
func syllable(toned string) string {
	var out []byte
	for _, c := range norm.NFD.String(toned) {
		switch {
		case c == '\u0308' && len(out) > 0 && out[len(out)-1] == 'u':
			out[len(out)-1] = 'v'
		case 'a' <= c && c <= 'z':
			out = append(out, byte(c))
		case !strings.ContainsRune(toneMarks, c):
			return ""
		}
	}
	return string(out)
}

// Of returns the syllables of each character of a folded text, the one that its
// word decides, or the most common, first; none for those that have none.
func (r *Readings) Of(f []rune) [][]string {
	decided, only := make([]string, len(f)), make([]bool, len(f))
	for i := 0; i < len(f); {
		n, alone := r.word(f[i:], decided[i:])
		for j := range n {
			only[i+j] = alone
		}
		i += max(n, 1)
	}
	out := make([][]string, len(f))
	for i, c := range f {
		all := r.alone[c]
		if decided[i] == "" {
			out[i] = all[:min(len(all), spelledWays)]
			continue
		}
		out[i] = []string{decided[i]}
		for _, other := range all {
			if !only[i] && other != decided[i] && len(out[i]) < spelledWays {
				out[i] = append(out[i], other)
			}
		}
	}
	return out
}

// word reads the longest known word that f begins with, and returns its length and
// whether it is read so only.
func (r *Readings) word(f []rune, out []string) (n int, only bool) {
	for _, w := range r.words[f[0]] {
		if len(w.word) <= len(f) && slices.Equal(f[:len(w.word)], w.word) {
			copy(out, w.syllables)
			return len(w.word), w.only
		}
	}
	return 0, false
}

// Lengths returns how many of the letters a word's syllables may take up; none
// where the letters do not begin with the word.
func (r *Readings) Lengths(word []rune, letters string) []int {
	ends := []int{0}
	decided := make([]string, len(word))
	known, only := r.word(word, decided)
	for i, c := range word {
		ways := r.alone[c]
		if only && i < known {
			ways = decided[i : i+1]
		}
		var next []int
		for _, e := range ends {
			for _, s := range ways {
				if strings.HasPrefix(letters[e:], s) && !slices.Contains(next, e+len(s)) {
					next = append(next, e+len(s))
				}
			}
		}
		ends = next
	}
	return ends
}

// EachWord calls visit with each word that decides how its characters are read, those
// that begin alike one after another, the longest first.
func (r *Readings) EachWord(visit func(word []rune, syllables []string)) {
	for _, c := range slices.Sorted(maps.Keys(r.words)) {
		for _, w := range r.words[c] {
			visit(w.word, w.syllables)
		}
	}
}

// Alone returns the readings of a character by itself, the most common first.
func (r *Readings) Alone(c rune) []string { return r.alone[c] }

// SameSound reports whether two characters are the same or share a reading.
func (r *Readings) SameSound(a, b rune) bool {
	if a == b {
		return true
	}
	for _, s := range r.alone[a] {
		if slices.Contains(r.alone[b], s) {
			return true
		}
	}
	return false
}
