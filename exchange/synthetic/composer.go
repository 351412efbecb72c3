package synthetic

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// composer composes sentences about one subject: an object of a theme, with a problem,
// a measure, a place.
// Not safe for concurrent use.
type composer struct {
	words  *lexicon
	theme  *theme
	random *rand.Rand
	main   [themeLists]int // the entry of each list that the record is about
	places [2]string
	titles titles

	firm     bool            // say nothing but what the record is about, as a title does
	spent    map[*list][]int // entries of lists with once that are still unused
	sentence []pick          // what the sentence in hand has used
}

// mainChance is how often a gap is filled with what the record is about, where
// the sentence does not say it yet; a text returns to its subject.
var mainChance = [themeLists]float64{listObject: 0.6, listProblem: 0.3, listMeasure: 0.3, listPeople: 0.2, listOffice: 0.2, listSite: 0.2}

// titles are what a committee's own side is called, after its level.
type titles struct{ area, committee, party string }

// pick is an entry of a list.
type pick struct {
	from  *list
	entry int
}

func newComposer(l *lexicon, t *theme, at titles, random *rand.Rand) *composer {
	v := &composer{words: l, theme: t, random: random, titles: at, spent: map[*list][]int{}}
	for i, from := range t.lists {
		v.main[i] = from.at(random.Float64())
	}
	for i := range v.places {
		v.places[i] = v.inventPlace()
	}
	return v
}

func (v *composer) inventPlace() string {
	suffix := v.words.suffix[v.random.IntN(2)]
	return oneOf(v.random, v.words.first) + oneOf(v.random, v.words.second) + oneOf(v.random, suffix)
}

// say returns one sentence of a general list.
func (v *composer) say(name string) string {
	var b strings.Builder
	v.sentence = v.sentence[:0]
	v.fill(&b, v.words.general[name])
	return b.String()
}

// headline returns one sentence of a general list that speaks of nothing but what
// the record is about.
func (v *composer) headline(name string) string {
	v.firm = true
	defer func() { v.firm = false }()
	return v.say(name)
}

// noun returns one word of the theme.
func (v *composer) noun(list int) string {
	var b strings.Builder
	v.sentence = v.sentence[:0]
	v.fill(&b, v.theme.lists[list])
	return b.String()
}

// fill appends an entry of a list, its own gaps filled.
func (v *composer) fill(b *strings.Builder, from *list) {
	entry := v.choose(from)
	v.sentence = append(v.sentence, pick{from, entry})
	for _, s := range from.entries[entry] {
		v.segment(b, s)
	}
}

func (v *composer) segment(b *strings.Builder, s segment) {
	switch s.gap {
	case gapText:
		b.WriteString(s.text)
	case gapTheme:
		v.fill(b, v.theme.lists[s.list])
	case gapGeneral:
		v.fill(b, s.from)
	case gapNumber:
		b.WriteString(strconv.Itoa(v.number(s.low, s.high)))
	case gapPlace:
		place := v.places[0]
		if v.random.IntN(4) == 0 {
			place = v.places[1]
		}
		b.WriteString(place)
	case gapArea:
		b.WriteString(v.titles.area)
	case gapCommittee:
		b.WriteString(v.titles.committee)
	case gapParty:
		b.WriteString(v.titles.party)
	}
}

// choose draws an entry that the sentence does not have yet.
func (v *composer) choose(from *list) int {
	for i, chance := range mainChance {
		if chance > 0 && from == v.theme.lists[i] && !v.said(from, v.main[i]) && (v.firm || v.random.Float64() < chance) {
			return v.main[i]
		}
	}
	if from.once {
		return v.chooseUnused(from)
	}
	entry := from.at(v.random.Float64())
	for tries := 0; tries < 8 && v.said(from, entry); tries++ {
		entry = from.at(v.random.Float64())
	}
	for v.said(from, entry) && len(from.entries) > len(v.sentence) {
		entry = (entry + 1) % len(from.entries)
	}
	return entry
}

func (v *composer) said(from *list, entry int) bool {
	for _, p := range v.sentence {
		if p.from == from && p.entry == entry {
			return true
		}
	}
	return false
}

// chooseUnused goes through a list in an order of the record's own, and once
// more when it is through. The order is drawn by weight, without putting back.
func (v *composer) chooseUnused(from *list) int {
	left := v.spent[from]
	if len(left) == 0 {
		left = v.order(from)
	}
	v.spent[from] = left[:len(left)-1]
	return left[len(left)-1]
}

// order draws an order of a list's entries, the weightier ones likely at the
// end. An entry's key is a random time with its weight as the rate; sorted by
// such times, each entry is next with the chance that its weight has among those
// left (Efraimidis and Spirakis, Weighted random sampling, 2006).
func (v *composer) order(from *list) []int {
	type timed struct {
		entry int
		time  float64
	}
	all := make([]timed, len(from.entries))
	for i := range all {
		all[i] = timed{i, v.random.ExpFloat64() / from.weights[i]}
	}
	slices.SortFunc(all, func(a, b timed) int { return cmp.Compare(b.time, a.time) })
	order := make([]int, len(all))
	for i, t := range all {
		order[i] = t.entry
	}
	return order
}

// number draws from [low, high] with equal chances for equal ratios, as counts
// in the wild have them.
func (v *composer) number(low, high int) int {
	ratio := float64(high+1) / float64(low)
	return min(high, int(float64(low)*math.Pow(ratio, v.random.Float64())))
}

// paragraphs returns sentences of a list until they make up at least size bytes,
// a paragraph after every few; numbered puts （一） and so on before each.
func (v *composer) paragraphs(name string, size int, numbered bool) string {
	var b strings.Builder
	ordinals := []rune("一二三四五六七八九十")
	for paragraph := 0; b.Len() < size; paragraph++ {
		if paragraph > 0 {
			b.WriteByte('\n')
		}
		if numbered {
			b.WriteString("（" + string(ordinals[min(paragraph, len(ordinals)-1)]) + "）")
		}
		for n := 3 + v.random.IntN(3); n > 0 && b.Len() < size; n-- {
			b.WriteString(v.say(name))
		}
	}
	return b.String()
}

func oneOf[T any](random *rand.Rand, choices []T) T { return choices[random.IntN(len(choices))] }
