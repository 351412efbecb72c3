package text

import (
	"slices"
	"unicode/utf8"

	"github.com/yanyiwu/gojieba"
)

// Word is a word of a folded text, [start, end) in its runes.
type Word struct {
	Text       string
	Start, End int
}

// CutSearch cuts a folded text for the index: the words, and the words of the
// dictionary that longer ones are made of, in the order of their start.
func (w *Words) CutSearch(f []rune) []Word { return w.cut(f, gojieba.SearchMode) }

// CutPlain cuts a folded text into words that do not overlap.
func (w *Words) CutPlain(f []rune) []Word { return w.cut(f, gojieba.DefaultMode) }

func (w *Words) cut(f []rune, mode gojieba.TokenizeMode) []Word {
	if len(f) == 0 {
		return nil
	}
	text := string(f)
	<-w.loaded
	tokens := w.jieba.Tokenize(text, mode, true)
	out := make([]Word, 0, len(tokens))
	// Tokens of search mode come out of order, the parts of a word before the
	// word itself, so that places are counted from a table.
	at := runeIndex(text, len(f))
	for _, t := range tokens {
		if !isWord(t.Str) {
			continue
		}
		out = append(out, Word{t.Str, int(at[t.Start]), int(at[t.End])})
	}
	return joinNames(f, out, mode == gojieba.SearchMode)
}

// joinNames makes one word of what jieba cuts of a name of letters and digits (pm2.5,
// 5g, c919, e-gov), with its parts beside it where those are asked for.
func joinNames(f []rune, words []Word, parts bool) []Word {
	Names(f, func(start, end int) {
		at := -1
		for i, w := range words {
			if w.End <= start || w.Start >= end {
				continue
			}
			if w.Start < start || w.End > end {
				return // a word of the dictionary, such as 卡拉ok, has a part of it
			}
			if at < 0 {
				at = i
			}
		}
		if at < 0 {
			return
		}
		kept := slices.Clone(words[:at])
		kept = append(kept, Word{string(f[start:end]), start, end})
		if parts {
			NameParts(f, start, end, func(from, to int) { kept = append(kept, Word{string(f[from:to]), from, to}) })
		}
		for _, w := range words[at:] {
			if w.End <= start || w.Start >= end {
				kept = append(kept, w)
			}
		}
		words = kept
	})
	return words
}

// runeIndex returns, for each byte of text and its end, the number of the rune
// that it belongs to.
func runeIndex(text string, runes int) []int32 {
	at := make([]int32, len(text)+1)
	n := int32(0)
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		for j := range size {
			at[i+j] = n
		}
		i += size
		n++
	}
	at[len(text)] = int32(runes)
	return at
}

// isWord reports whether a token has a letter or a digit in it: jieba returns
// back spaces and punctuation as tokens too.
func isWord(s string) bool {
	for _, r := range s {
		if IsWordRune(r) {
			return true
		}
	}
	return false
}

// PlainOf leaves of the words that the index knows those that no other one
// takes in: the words of the text without overlap. jieba's search mode returns
// the dictionary words within a word beside it, and nothing else overlaps.
func PlainOf(cut []Word) []Word {
	sorted := slices.Clone(cut)
	slices.SortStableFunc(sorted, func(a, b Word) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	out, end := sorted[:0], 0
	for _, t := range sorted {
		if t.End > end {
			out = append(out, t)
			end = t.End
		}
	}
	return out
}
