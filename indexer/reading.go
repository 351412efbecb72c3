package indexer

import "unicode/utf8"

// read turns a readable text into hits of the query, and notes where its
// sentences start. Texts follow each other with a sentence's end between. This
// is done for the whole text of thirty records a search, so that the common
// characters, three bytes each, are decoded in place.
func (c *compared) read(a *asked, text string) {
	r := reader{newSentence: true}
	for i := 0; i < len(text); {
		b := text[i]
		if b >= firstCommonByte && b <= lastCommonByte && i+2 < len(text) {
			char := rune(b&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
			if char >= firstCommon {
				c.part(&r, a, a.table[char-firstCommon]-1)
				i += 3
				continue
			}
		}
		i = c.other(&r, a, text, i)
	}
}

// The first bytes of the common characters in UTF-8.
const (
	firstCommonByte = 0xE4
	lastCommonByte  = 0xE9
)

// reader is where the reading of a text stands.
type reader struct {
	newSentence bool // the next part starts one
	joined      bool // the next part follows the last one directly
}

// part takes in a part; id is the query's number for it, -1 where it has none.
func (c *compared) part(r *reader, a *asked, id int16) {
	if r.newSentence {
		c.sentence = append(c.sentence, int32(len(c.hits)))
		r.newSentence = false
	}
	if id >= 0 {
		pair := int16(-1)
		if last := len(c.hits) - 1; r.joined && last >= 0 && int(c.hits[last].part) == c.parts-1 {
			pair = a.pair(c.hits[last].id, id)
		}
		c.hits = append(c.hits, partHit{int32(c.parts), id, pair, r.joined})
	}
	c.parts++
	r.joined = true
}

// other takes in what is no common character: a mark, a run of letters and
// digits, or a rare character. It gives the place after it.
func (c *compared) other(r *reader, a *asked, text string, i int) int {
	char, size := utf8.DecodeRuneInString(text[i:])
	class := classOf(char)
	if class&runeWord == 0 {
		r.joined = false
		r.newSentence = r.newSentence || char != '\n' && class&runeSentence != 0
		return i + size
	}
	end := i + size
	if class&runeHan != 0 {
		id, ok := a.runes[char]
		if !ok {
			id = -1
		}
		c.part(r, a, id)
		return end
	}
	for n := 1; end < len(text) && n < longestPart; n++ {
		char, size = utf8.DecodeRuneInString(text[end:])
		if class := classOf(char); class&runeWord == 0 || class&runeHan != 0 {
			break
		}
		end += size
	}
	id, ok := a.runs[text[i:end]]
	if !ok {
		id = -1
	}
	c.part(r, a, id)
	return end
}
