package script

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"

	"github.com/jisiguangyi/jisi/data/dictionary"
)

// variants turns traditional characters into simplified ones by OpenCC's
// tables. The library converts strings and says nothing of places, so its
// tables are read out once and applied here, where the map back can be kept.
//
// Some characters are both: 乾 is simplified in 乾安 and traditional in 餅乾. OpenCC
// takes all text for traditional; here such a character is converted only within a
// word of which the dictionary knows the converted form better, or in a sentence that
// has a character that is nothing but traditional, and never within a word of the
// domain's dictionary.
type variants struct {
	chars   map[rune]rune
	begins  runeSet // the characters of the basic plane that a conversion may begin at
	tells   runeSet // those without one of which there is nothing to convert in a text
	phrases map[rune][]variantPhrase
	both    map[rune]bool // the characters that are simplified ones as well
}

// bothScripts are the characters that the List of Simplified Characters (1986) keeps
// in one of their readings or as a name, and OpenCC converts: 乾 (qián), 徵 (zhǐ), 吒
// (哪吒), 麽 (mó), 薹 (蒜薹), 甯 (a surname).
const bothScripts = "乾徵吒麽薹甯"

// runeSet is a set of characters of the basic plane.
type runeSet [0x10000 / 64]uint64

func (s *runeSet) add(r rune) {
	if r < 0x10000 {
		s[r/64] |= 1 << (r % 64)
	}
}

func (s *runeSet) has(r rune) bool { return r < 0x10000 && s[r/64]&(1<<(r%64)) != 0 }

// meets reports whether a text in UTF-8 has one of them.
func (s *runeSet) meets(text []byte) bool {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if s.has(r) {
			return true
		}
		text = text[n:]
	}
	return false
}

// variantPhrase is a phrase that does not become what its characters would
// become one by one, such as 乾坤, which stays.
type variantPhrase struct{ from, to []rune }

// newVariants reads OpenCC's traditional to simplified tables.
func newVariants() (*variants, error) {
	cc, err := opencc.New("t2s")
	if err != nil {
		return nil, fmt.Errorf("script: open the traditional to simplified tables: %w", err)
	}
	v := &variants{chars: map[rune]rune{}, phrases: map[rune][]variantPhrase{}, both: map[rune]bool{}}
	for _, r := range bothScripts {
		v.both[r] = true
	}
	var long []variantPhrase
	for _, group := range cc.DictChains {
		for _, dict := range group.Dicts {
			for _, id := range dict.Trie.PrefixPredict(nil, 0) {
				key, err := dict.Trie.Key(id)
				if err != nil {
					return nil, fmt.Errorf("script: read the script tables: %w", err)
				}
				value, err := dict.Trie.Value(id)
				if err != nil || len(dict.Values[value]) == 0 {
					return nil, fmt.Errorf("script: read the script tables at %q: %w", key, err)
				}
				from, to := []rune(string(key)), []rune(dict.Values[value][0])
				if len(from) == 1 && len(to) == 1 {
					v.addChar(from[0], to[0])
				} else {
					long = append(long, variantPhrase{from, to})
				}
			}
		}
	}
	for _, p := range long {
		v.addPhrase(p)
	}
	if err := v.addWords(); err != nil {
		return nil, err
	}
	for _, ps := range v.phrases {
		slices.SortFunc(ps, func(a, b variantPhrase) int { return len(b.from) - len(a.from) })
	}
	return v, nil
}

func (v *variants) addChar(from, to rune) {
	if from != to {
		v.chars[from] = to
		v.begins.add(from)
		v.tells.add(from)
	}
}

// addPhrase keeps the phrases that the characters alone would get wrong.
func (v *variants) addPhrase(p variantPhrase) {
	alone := make([]rune, len(p.from))
	for i, r := range p.from {
		alone[i] = v.char(r)
	}
	if slices.Equal(alone, p.to) {
		return
	}
	v.phrases[p.from[0]] = append(v.phrases[p.from[0]], p)
	v.begins.add(p.from[0])
	// Nearly every phrase has a traditional character in it that tells of it; its
	// first one is often one of those that all texts have.
	for i, r := range p.from {
		if v.tells.has(r) {
			return
		}
		if i < len(p.to) && p.to[i] != r {
			v.tells.add(r)
			return
		}
	}
	v.tells.add(p.from[0])
}

// addWords adds the words of the dictionaries in which a character of both scripts is
// to stay, and those in which it is to be converted.
func (v *variants) addWords() error {
	domain, err := dictionary.Files.ReadFile("domain.utf8")
	if err != nil {
		return fmt.Errorf("script: read the domain's words: %w", err)
	}
	for line := range bytes.Lines(domain) {
		if word, _, _ := strings.Cut(strings.TrimSpace(string(line)), " "); strings.ContainsAny(word, bothScripts) {
			v.setPhrase([]rune(word), []rune(word))
		}
	}
	common, err := dictionary.Files.ReadFile("jieba.dict.utf8")
	if err != nil {
		return fmt.Errorf("script: read the dictionary: %w", err)
	}
	back := map[rune]rune{} // from what each becomes
	var either runeSet      // of them, either way: nearly no word has one
	for _, r := range bothScripts {
		back[v.char(r)] = r
		either.add(r)
		either.add(v.char(r))
	}
	written, becoming := map[string]int{}, map[string]string{} // how often each is met; what it would become
	for line := range bytes.Lines(common) {
		if !either.meets(line) {
			continue
		}
		word, rest, _ := strings.Cut(string(line), " ")
		from := []rune(word)
		other := false
		for i, r := range from {
			if c, ok := back[r]; ok {
				from[i], other = c, true
			}
		}
		if !other && !strings.ContainsAny(word, bothScripts) {
			continue
		}
		count, _, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(count)
		if err != nil {
			return fmt.Errorf("script: read the dictionary at %q: %w", line, err)
		}
		written[word] = n
		if other && len(from) > 1 {
			becoming[string(from)] = word
		}
	}
	for from, to := range becoming {
		if written[to] > written[from] {
			v.setPhrase([]rune(from), []rune(to))
		}
	}
	return nil
}

// setPhrase makes a phrase become another, unless OpenCC has it already.
func (v *variants) setPhrase(from, to []rune) {
	for _, p := range v.phrases[from[0]] {
		if slices.Equal(p.from, from) {
			return
		}
	}
	v.phrases[from[0]] = append(v.phrases[from[0]], variantPhrase{from, to})
	v.begins.add(from[0])
}

func (v *variants) char(r rune) rune {
	if to, ok := v.chars[r]; ok {
		return to
	}
	return r
}

// changes reports whether a text with r in it may have to be converted.
func (v *variants) changes(r rune) bool {
	if r >= 0x10000 {
		_, ok := v.chars[r]
		return ok
	}
	return v.tells.has(r)
}

// mayBegin reports whether a conversion may begin at r.
func (v *variants) mayBegin(r rune) bool { return v.begins.has(r) || r >= 0x10000 && v.changes(r) }

// simplify converts a folded text, longest phrase first, and keeps its map.
func (v *variants) simplify(f Folded) Folded {
	b := builder{runes: make([]rune, 0, len(f.Runes))}
	sentence, traditional := 0, false // where the sentence ends that is read; whether it is traditional
	for i := 0; i < len(f.Runes); {
		r := f.Runes[i]
		if !v.mayBegin(r) {
			b.put(r, int32(f.Start(i)), int32(f.End(i+1)))
			i++
			continue
		}
		if i >= sentence {
			sentence, traditional = v.script(f.Runes, i)
		}
		from, to := v.longest(f.Runes[i:], traditional)
		for j, c := range to {
			at := min(j, len(from)-1)
			end := at + 1
			if j == len(to)-1 {
				end = len(from)
			}
			b.put(c, int32(f.Start(i+at)), int32(f.End(i+end)))
		}
		i += len(from)
	}
	return b.folded(int32(f.Start(len(f.Runes))))
}

// script returns the end of the sentence in which i stands, and whether it has a
// character that is nothing but traditional.
func (v *variants) script(text []rune, i int) (end int, traditional bool) {
	for i > 0 && !EndsSentence(text[i-1]) {
		i--
	}
	for end = i; end < len(text); end++ {
		r := text[end]
		if to, ok := v.chars[r]; ok && to != r && !v.both[r] {
			traditional = true
		}
		if EndsSentence(r) {
			return end + 1, traditional
		}
	}
	return end, traditional
}

// longest returns the longest phrase that text begins with and what it becomes,
// or its first character and what that becomes.
func (v *variants) longest(text []rune, traditional bool) (from, to []rune) {
	for _, p := range v.phrases[text[0]] {
		if len(p.from) <= len(text) && slices.Equal(text[:len(p.from)], p.from) {
			return p.from, p.to
		}
	}
	if !traditional && v.both[text[0]] {
		return text[:1], text[:1]
	}
	return text[:1], []rune{v.char(text[0])}
}
