package suggest

import (
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// The spellings of titles and names are terms of Field: a letter that says
// whose spelling it is and where it starts, and the spelling.
const (
	Field                = "p" // of the index, where the spellings are
	spelledTitle         = 'a' // from the start of a title or an alternative title
	spelledWithin        = 'b' // from a word within it
	spelledCommittee     = 'c' // the same of the name of the record's committee
	spelledCommitteeWord = 'd'
	spelledTopic         = 'e' // and of its topics and those above
	spelledTopicWord     = 'f'
)

// EachSpelling calls add with the terms by which a document, its committee and its
// topics are completed to; some more than once.
func EachSpelling(w *text.Words, d *catalog.Document, add func(term string)) {
	for _, title := range append([]string{d.Title}, d.AlternativeTitles...) {
		eachSpelling(w, title, spelledTitle, spelledWithin, add)
	}
	for _, name := range d.Names.Committee {
		eachSpelling(w, name, spelledCommittee, spelledCommitteeWord, add)
	}
	for _, name := range d.Names.Topics {
		eachSpelling(w, name, spelledTopic, spelledTopicWord, add)
	}
}

// eachSpelling calls add with the spellings of a text, from its start and from the
// words within it.
func eachSpelling(w *text.Words, s string, start, within byte, add func(term string)) {
	f := w.Fold(s).Runes
	syllables := w.Readings.Of(f)
	for i, at := range w.Starts(f) {
		letter := within
		if i == 0 {
			letter = start
		}
		if s := spell(f, syllables, at); s != "" {
			add(document.Key(letter, s))
		}
	}
}

// A completion is found by the spelling of a title from the start of one of its
// words on: each Chinese character behind its syllable (桂林路 is gui桂lin林lu路),
// each other character behind a mark. A character with several readings has them
// all, the one that its word decides first (chao2zhao朝, with spelledOr for 2),
// since people type what they take the reading to be. One automaton over such
// terms then understands characters, whole syllables, initials, and syllables
// that are still being typed, in any mixture. Syllables stand first because there
// are four hundred of them and thousands of characters: letters that are typed
// leave few branches of the dictionary to go down.
const (
	spelledOther = '\x01' // stands before a character that is not Chinese
	spelledOr    = '\x02' // stands between the readings of a character
	spelledParts = 14     // how much of a title is spelled
)

// spell returns the spelling of the folded text from part i on.
func spell(f []rune, syllables [][]string, i int) string {
	out := make([]byte, 0, 8*spelledParts)
	for n := 0; i < len(f) && n < spelledParts; i++ {
		switch r := f[i]; {
		case !text.IsWordRune(r):
			continue
		case text.IsHan(r) && utf8.RuneLen(r) == 3:
			for j, syllable := range syllables[i] {
				if j > 0 {
					out = append(out, spelledOr)
				}
				out = append(out, syllable...)
			}
			out = utf8.AppendRune(out, r)
		case r < utf8.RuneSelf:
			out = append(out, spelledOther, byte(r))
		default:
			continue
		}
		n++
	}
	return string(out)
}
