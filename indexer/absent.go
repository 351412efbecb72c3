package indexer

import (
	"context"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// A name that was typed in one piece may be of several words, and who has these words is
// found: 学习强国 finds what has 学习 and 强国 in it. Such hits look right, so that who
// asks is told where the whole stands nowhere.

// How long a piece is that may be a name, in characters, and how many are looked for.
const (
	nameAtLeast  = 3
	nameAtMost   = 10
	namesLooked  = 4
	nameUnknowns = 2 // words that a name is cut into, at least: one word is found whole
)

// saying are words that names do not have, and sentences do.
var saying = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("没 没人 没有 没法 没处 没地方 不 不能 不让 不给 不到 不了 不好 不上 不够 太 很 老是 总是 总 都 也 还 又 就 才 " +
		"想 要 想要 被 把 让 给 我 我们 我家 你 你们 他 他们 她 她们 咱 咱们 这 那 这里 那里 这儿 那儿 了 着 过") {
		out[w] = true
	}
	return out
}()

// telling are characters that end a sentence which tells what is wrong, and no name; by
// themselves, and at the end of words of three those of tellingMost: 看病贵, but 供热.
const (
	telling     = "难贵慢少多差乱脏冷热远吵坏管住走吃"
	tellingMost = "难贵慢差"
)

// tells reports whether a word is one of a sentence: 没人管, 不热, 看病贵 at its end.
func tells(word string, last bool) bool {
	w := []rune(word)
	switch n := len(w); {
	case saying[word] || w[0] == '没' || w[0] == '太' && n == 2 || w[0] == '不' && n == 2:
		return true
	case n == 1:
		return last && strings.ContainsRune(telling, w[0])
	case n == 3:
		return last && strings.ContainsRune(tellingMost, w[2])
	}
	return false
}

// absent returns the pieces of what was simply typed that may be names of several words
// and stand in no document. A question's pieces are no names, and neither is what has a
// stop word in it, or tells something: 孩子放学没人管 is a sentence.
func (s *search) absent(ctx context.Context) ([]string, error) {
	if s.plan.Question || s.mode == modeCorrected {
		return nil, nil
	}
	var out []string
	f, looked := s.parsed.Text, 0
	for start := 0; start < len(f) && looked < namesLooked; start++ {
		end := start
		for end < len(f) && text.IsHan(f[end]) {
			end++
		}
		if s.mayBeName(start, end) {
			looked++
			t, err := s.view.matches(ctx, query.Condition{Field: document.FieldGrams, Text: f[start:end], Exact: true})
			if err != nil {
				return nil, err
			}
			if name := string(f[start:end]); t.df == 0 && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		start = end
	}
	return out, nil
}

// mayBeName reports whether a piece of what was typed may be a name of several words.
func (s *search) mayBeName(start, end int) bool {
	if end-start < nameAtLeast || end-start > nameAtMost {
		return false
	}
	words := 0
	for _, t := range s.plan.Cut {
		if t.Start < start || t.End > end {
			continue
		}
		if words++; s.x.words.Stop[t.Text] || tells(t.Text, t.End == end) {
			return false
		}
	}
	return words >= nameUnknowns
}
