package text

import (
	"slices"
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

// SetLayWords replaces the lay words: pairs of folded words, of which the first finds the
// second as well, besides the synonyms.
func (w *Words) SetLayWords(pairs [][2]string) {
	t := SynonymTable{}
	for _, p := range pairs {
		if p[0] != p[1] && !slices.Contains(t[p[0]], p[1]) && !slices.Contains(w.synonyms[p[0]], p[1]) {
			t[p[0]] = append(t[p[0]], p[1])
		}
	}
	w.lay.Store(&t)
}

// SynonymsOf returns the other words that a folded word finds as well.
func (w *Words) SynonymsOf(word string) []string {
	own := w.synonyms[word]
	if lay := w.lay.Load(); lay != nil && len((*lay)[word]) > 0 {
		return slices.Concat(own, (*lay)[word])
	}
	return own
}

// FindSynonyms returns every word of the folded text that has synonyms, with its place.
func (w *Words) FindSynonyms(text []rune) []Word {
	lay := w.lay.Load()
	var out []Word
	for i := range text {
		for j := i + 2; j <= min(i+synonymLength, len(text)); j++ {
			word := string(text[i:j])
			_, ok := w.synonyms[word]
			if !ok && lay != nil {
				_, ok = (*lay)[word]
			}
			if ok {
				out = append(out, Word{word, i, j})
			}
		}
	}
	return out
}

// synonymLength is the length in characters past which no word is looked for
// in the table.
const synonymLength = 8
