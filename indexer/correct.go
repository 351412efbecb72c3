package indexer

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/query"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// What a correction looks at: longer texts are not typing errors but texts, and
// longer words are not in the dictionary.
const (
	correctAtMost  = 24 // characters of a query
	windowAtMost   = 6  // characters of a misspelt word
	windowAtLeast  = 2
	pinyinAtLeast  = 4 // letters of a word typed in pinyin
	candidatesTold = 8 // corrected queries that are tried out

	// unlikeAtMost is the distance, for each character of a word, up to which
	// another is taken for it: of two characters one may sound the same, of three
	// one may be another.
	unlikeAtMost = 0.34
)

// candidate is a corrected query.
type candidate struct {
	text string
	cost float64 // how far it is from what was typed
	df   int     // documents that have the word put in
}

// correction returns a better-spelt query that finds something, "" where there is
// none. Only plain text is corrected, not what was put in quotes or fields.
func (s *search) correction(ctx context.Context) (string, error) {
	text := []rune(strings.TrimSpace(string(s.parsed.Text)))
	if len(text) == 0 || len(text) > correctAtMost || len(s.plan.Must) > 0 || len(s.plan.MustNot) > 0 {
		return "", nil
	}
	for _, find := range []func(context.Context, []rune) ([]candidate, error){s.fromPinyin, s.fromLikeWords} {
		cs, err := find(ctx, text)
		if err != nil {
			return "", err
		}
		slices.SortFunc(cs, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(b.df, a.df), cmp.Compare(a.text, b.text))
		})
		for _, c := range cs[:min(len(cs), candidatesTold)] {
			ok, err := s.finds(ctx, c.text)
			if ok || err != nil {
				return c.text, err
			}
		}
	}
	return "", nil
}

// finds reports whether a query finds anything without being relaxed.
func (s *search) finds(ctx context.Context, text string) (bool, error) {
	pl := query.NewPlan(s.x.words, query.Parse(s.x.words.FoldQuery(text).Runes))
	if pl.Empty() {
		return false, nil
	}
	f, err := s.view.run(ctx, pl, false)
	if err != nil {
		return false, err
	}
	defer f.free()
	return f.set.Any(), nil
}

// fromLikeWords puts words of the index in for stretches of the query that
// stand nowhere.
func (s *search) fromLikeWords(ctx context.Context, runes []rune) ([]candidate, error) {
	var out []candidate
	for length := min(windowAtMost, len(runes)); length >= windowAtLeast; length-- {
		for i := 0; i+length <= len(runes); i++ {
			window := runes[i : i+length]
			if !text.AllHan(window) {
				continue
			}
			there, err := s.stands(ctx, window)
			if err != nil {
				return nil, err
			}
			if there {
				continue
			}
			words, err := s.view.wordsLike(ctx, s.x.words.Readings.Like(window))
			if err != nil {
				return nil, err
			}
			for w, df := range words {
				d := s.distance(window, []rune(w))
				if s.breaks(i, window, []rune(w)) {
					continue
				}
				if len([]rune(w)) < windowAtLeast || d > unlikeAtMost*float64(length) {
					continue
				}
				// Of two that are as near, the longer leaves less to chance.
				out = append(out, candidate{replaced(runes, i, i+length, w), d - 0.01*float64(length), df})
			}
		}
	}
	return out, nil
}

// breaks reports whether a word put in for the window that starts at place i changes a
// part of a word that was typed and goes beyond the window: 书香政协 is no 书省政协.
func (s *search) breaks(i int, window, w []rune) bool {
	if len(window) != len(w) {
		return false
	}
	for lead := 0; lead < len(s.parsed.Text) && s.parsed.Text[lead] == ' '; lead++ {
		i++ // places are those of the trimmed text
	}
	for _, t := range s.plan.Cut {
		if t.Start >= i && t.End <= i+len(window) {
			continue
		}
		for j := max(t.Start, i); j < min(t.End, i+len(window)); j++ {
			if window[j-i] != w[j-i] {
				return true
			}
		}
	}
	return false
}

func replaced(text []rune, start, end int, word string) string {
	return string(text[:start]) + word + string(text[end:])
}

// stands reports whether a text stands in any document.
func (s *search) stands(ctx context.Context, text []rune) (bool, error) {
	t, err := s.view.matches(ctx, query.Condition{Field: document.FieldGrams, Text: text})
	return err == nil && t.df > 0, err
}

// distance says how unlike two words are: half for each character that only
// sounds the same, one for any other difference.
func (s *search) distance(a, b []rune) float64 {
	if len(a) != len(b) {
		return 1.5
	}
	d := 0.0
	for i := range a {
		switch {
		case a[i] == b[i]:
		case s.x.words.Readings.SameSound(a[i], b[i]):
			d += 0.5
		default:
			d++
		}
	}
	return d
}

// fromPinyin reads words typed in pinyin: the fewest words of the index whose
// syllables make up a run of letters, the more common where there are several.
func (s *search) fromPinyin(ctx context.Context, typed []rune) ([]candidate, error) {
	found, err := s.fromLetters(ctx, typed)
	if again := text.TypedSyllables(typed); err == nil && len(found) == 0 && !slices.Equal(again, typed) {
		return s.fromLetters(ctx, again)
	}
	return found, err
}

func (s *search) fromLetters(ctx context.Context, text []rune) ([]candidate, error) {
	var out []rune
	changed, df := false, 0
	for i := 0; i < len(text); {
		if !isLetter(text[i]) {
			out = append(out, text[i])
			i++
			continue
		}
		end := i
		for end < len(text) && (isLetter(text[end]) || text[end] == '\'') {
			end++
		}
		read := string(text[i:end])
		if letters := strings.ReplaceAll(read, "'", ""); len(letters) >= pinyinAtLeast {
			words, n, err := s.spelledBy(ctx, letters)
			if err != nil {
				return nil, err
			}
			if words != "" {
				read, changed, df = words, true, n
			}
		}
		out = append(out, []rune(read)...)
		i = end
	}
	if !changed {
		return nil, nil
	}
	return []candidate{{string(out), 0, df}}, nil
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

// bestReading is the best way to read the letters up to a place.
type bestReading struct {
	words int
	worth float64
	text  string
	df    int
}

// spelledBy finds the words that letters spell; "" where there are none.
func (s *search) spelledBy(ctx context.Context, letters string) (string, int, error) {
	best := make([]*bestReading, len(letters)+1)
	best[0] = &bestReading{}
	for i := range len(letters) {
		if best[i] == nil {
			continue
		}
		words, err := s.view.wordsLike(ctx, s.x.words.Readings.ReadFrom(letters[i:]))
		if err != nil {
			return "", 0, err
		}
		for w, df := range words {
			if len([]rune(w)) < 2 {
				continue
			}
			for _, n := range s.x.words.Readings.Lengths([]rune(w), letters[i:]) {
				next := &bestReading{best[i].words + 1, best[i].worth + math.Log(float64(df)+1), best[i].text + w, df}
				if have := best[i+n]; have == nil || next.better(have) {
					best[i+n] = next
				}
			}
		}
	}
	if end := best[len(letters)]; end != nil {
		return end.text, end.df, nil
	}
	return "", 0, nil
}

func (a *bestReading) better(b *bestReading) bool {
	return cmp.Or(cmp.Compare(b.words, a.words), cmp.Compare(a.worth, b.worth), cmp.Compare(b.text, a.text)) > 0
}
