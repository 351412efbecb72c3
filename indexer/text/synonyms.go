package text

import (
	"strings"

	"github.com/jisiguangyi/jisi/internal/script"
)

// SynonymTable returns the words that a word finds as well, both folded. A word
// may be of several: 放学后托管, as jieba cuts it, is 放学 后 托管.
type SynonymTable map[string][]string

// parseSynonyms reads the synonyms' file; see data/synonyms. Its author is us,
// so that a line that says nothing is left out, not refused.
func parseSynonyms(text string, f *script.Folder) SynonymTable {
	t := SynonymTable{}
	add := func(from, to string) {
		for _, have := range t[from] {
			if have == to {
				return
			}
		}
		if from != to {
			t[from] = append(t[from], to)
		}
	}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		left, right, oneWay := strings.Cut(line, "=>")
		from := strings.Fields(f.FoldQuery(left).String())
		to := from
		if oneWay {
			to = strings.Fields(f.FoldQuery(right).String())
		}
		for _, a := range from {
			for _, b := range to {
				add(a, b)
			}
		}
	}
	return t
}

// Find returns every word of the table that stands in the folded text, with
// its place.
func (t SynonymTable) Find(text []rune) []Word {
	var out []Word
	for i := range text {
		for j := i + 2; j <= min(i+synonymLength, len(text)); j++ {
			if _, ok := t[string(text[i:j])]; ok {
				out = append(out, Word{string(text[i:j]), i, j})
			}
		}
	}
	return out
}

// synonymLength is the length in characters past which no word is looked for
// in the table.
const synonymLength = 8
