package rerank

import (
	"github.com/jisiguangyi/jisi/indexer/text"
)

// read turns a readable text into hits of the query, and notes where its
// sentences start. Texts follow each other with a sentence's end between. This
// is done for the whole text of thirty records a search, and most of it is
// common characters that the query does not have, which are run past.
func (c *Comparison) read(a *Query, s string) {
	r := reader{newSentence: true}
	for i := 0; i < len(s); {
		char, ok := text.CommonAt(s, i)
		if !ok {
			i = c.other(&r, a, s, i)
			continue
		}
		c.part(&r, a, a.table[char-text.FirstCommon]-1)
		i += 3
		if end := notAsked(a, s, i); end > i {
			c.parts += (end - i) / 3
			i = end
		}
	}
}

// notAsked returns the place behind the common characters from i on that the query
// does not have.
func notAsked(a *Query, s string, i int) int {
	for {
		char, ok := text.CommonAt(s, i)
		if !ok || a.table[char-text.FirstCommon] != 0 {
			return i
		}
		i += 3
	}
}

// reader is where the reading of a text stands.
type reader struct {
	newSentence bool // the next part starts one
	joined      bool // the next part follows the last one directly
}

// part takes in a part; id is the query's number for it, -1 where it has none.
func (c *Comparison) part(r *reader, a *Query, id int16) {
	if r.newSentence {
		c.sentence = append(c.sentence, sentence{hit: int32(len(c.hits)), part: int32(c.parts)})
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
// digits, or a rare character. It returns the place after it.
func (c *Comparison) other(r *reader, a *Query, s string, i int) int {
	char, size := text.RuneAt(s, i)
	class := text.ClassOf(char)
	if class&text.ClassWord == 0 {
		r.joined = false
		r.newSentence = r.newSentence || char != '\n' && class&text.ClassSentence != 0
		return i + size
	}
	end := i + size
	if class&text.ClassHan != 0 {
		id, ok := a.runes[char]
		if !ok {
			id = -1
		}
		c.part(r, a, id)
		return end
	}
	for n := 1; end < len(s) && n < text.LongestPart; n++ {
		char, size = text.RuneAt(s, end)
		if class := text.ClassOf(char); class&text.ClassWord == 0 || class&text.ClassHan != 0 {
			break
		}
		end += size
	}
	id, ok := a.runs[s[i:end]]
	if !ok {
		id = -1
	}
	c.part(r, a, id)
	if !ok && a.dates {
		next := rune(0)
		if end < len(s) {
			next, _ = text.RuneAt(s, end)
		}
		c.unasked(s[i:end], next)
	}
	return end
}

// unasked takes in a run of letters or digits that the query does not have, before the
// character next.
func (c *Comparison) unasked(run string, next rune) {
	if isDate(run, next) {
		c.sentence[len(c.sentence)-1].dated = true
	}
}
