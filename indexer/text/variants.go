package text

import (
	"fmt"
	"slices"

	"github.com/longbridgeapp/opencc"
)

// variants turns traditional characters into simplified ones by OpenCC's
// tables. The library converts strings and says nothing of places, so its
// tables are read out once and applied here, where the map back can be kept.
type variants struct {
	chars   map[rune]rune
	begins  runeSet // the characters of the basic plane that a conversion may begin at
	tells   runeSet // those without one of which there is nothing to convert in a text
	phrases map[rune][]variantPhrase
}

// runeSet is a set of characters of the basic plane.
type runeSet [0x10000 / 64]uint64

func (s *runeSet) add(r rune) {
	if r < 0x10000 {
		s[r/64] |= 1 << (r % 64)
	}
}

func (s *runeSet) has(r rune) bool { return r < 0x10000 && s[r/64]&(1<<(r%64)) != 0 }

// variantPhrase is a phrase that does not become what its characters would
// become one by one, such as 乾坤, which stays.
type variantPhrase struct{ from, to []rune }

// newVariants reads OpenCC's traditional to simplified tables.
func newVariants() (*variants, error) {
	cc, err := opencc.New("t2s")
	if err != nil {
		return nil, fmt.Errorf("indexer: open the traditional to simplified tables: %w", err)
	}
	v := &variants{chars: map[rune]rune{}, phrases: map[rune][]variantPhrase{}}
	var long []variantPhrase
	for _, group := range cc.DictChains {
		for _, dict := range group.Dicts {
			for _, id := range dict.Trie.PrefixPredict(nil, 0) {
				key, err := dict.Trie.Key(id)
				if err != nil {
					return nil, fmt.Errorf("indexer: read the script tables: %w", err)
				}
				value, err := dict.Trie.Value(id)
				if err != nil || len(dict.Values[value]) == 0 {
					return nil, fmt.Errorf("indexer: read the script tables at %q: %w", key, err)
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
	out := Folded{Runes: make([]rune, 0, len(f.Runes)), at: f.at}
	moved := false // whether a phrase became longer or shorter
	var at []int32
	for i := 0; i < len(f.Runes); {
		r := f.Runes[i]
		if !v.mayBegin(r) {
			out.Runes = append(out.Runes, r)
			if moved {
				at = append(at, int32(f.Start(i)))
			}
			i++
			continue
		}
		from, to := v.longest(f.Runes[i:])
		if len(from) != len(to) && !moved {
			moved = true
			for j := range out.Runes {
				at = append(at, int32(f.Start(j)))
			}
		}
		for j, c := range to {
			out.Runes = append(out.Runes, c)
			if moved {
				at = append(at, int32(f.Start(i+min(j, len(from)-1))))
			}
		}
		i += len(from)
	}
	if moved {
		out.at = append(at, int32(f.Start(len(f.Runes))))
	}
	return out
}

// longest returns the longest phrase that text begins with and what it becomes,
// or its first character and what that becomes.
func (v *variants) longest(text []rune) (from, to []rune) {
	for _, p := range v.phrases[text[0]] {
		if len(p.from) <= len(text) && slices.Equal(text[:len(p.from)], p.from) {
			return p.from, p.to
		}
	}
	return text[:1], []rune{v.char(text[0])}
}
