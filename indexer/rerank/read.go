package rerank

import "unicode/utf8"

// read turns parts into hits of the query, and notes where sentences start. This is done
// for the whole text of thirty records a search, and most of it is common characters that
// the query does not have, which are only counted. It returns those of the others that
// are left.
func (c *Comparison) read(a *Query, codes []uint16, others []other) []other {
	parts, joined := c.parts, false
	table := a.table
	for _, code := range codes {
		id := table[code] - 1
		if id < 0 {
			switch code {
			case codeGap:
				joined = false
				continue
			case codeSentence:
				joined = false
				c.sentence = append(c.sentence, sentence{hit: int32(len(c.hits)), part: int32(parts)})
				continue
			case codeHan, codeRun:
				if id = c.other(a, code, &others[0]); id >= 0 {
					c.hit(a, parts, id, joined)
				}
				others = others[1:]
			}
		} else {
			c.hit(a, parts, id, joined)
		}
		parts++
		joined = true
	}
	c.parts = parts
	return others
}

// hit takes in a part that the query has too; id is the query's number for it.
func (c *Comparison) hit(a *Query, part int, id int16, joined bool) {
	pair := int16(-1)
	if last := len(c.hits) - 1; joined && last >= 0 && int(c.hits[last].part) == part-1 {
		pair = a.pair(c.hits[last].id, id)
	}
	c.hits = append(c.hits, partHit{int32(part), id, pair, joined})
}

// other returns the query's number for a part that has no code of its own, -1 where it
// has none. It takes in a date that was not asked with.
func (c *Comparison) other(a *Query, code uint16, o *other) int16 {
	if code == codeHan {
		char, _ := utf8.DecodeRuneInString(o.text)
		if id, ok := a.runes[char]; ok {
			return id
		}
		return -1
	}
	if id, ok := a.runs[o.text]; ok {
		return id
	}
	if a.dates {
		c.unasked(o.text, o.next)
	}
	return -1
}

// unasked takes in a run of letters or digits that the query does not have, before the
// character next.
func (c *Comparison) unasked(run string, next rune) {
	if isDate(run, next) {
		c.sentence[len(c.sentence)-1].dated = true
	}
}
