package indexer

import "unicode/utf8"

// read turns a text into hits of the query, and notes where its sentences
// start. Texts follow each other with a sentence's end between. It says what
// would come of the folded text, and does without folding where it can: this is
// done for the whole text of thirty records a search.
func (c *compared) read(w *Words, a *asked, text string) {
	parts, hits, sentences := c.parts, len(c.hits), len(c.sentence)
	if c.readPlain(w, a, text) {
		return
	}
	c.parts, c.hits, c.sentence = parts, c.hits[:hits], c.sentence[:sentences]
	c.readFolded(a, w.Fold(text).Runes)
}

// reader is where the reading of a text stands.
type reader struct {
	newSentence bool // the next part starts one
	joined      bool // the next part follows the last one directly
}

// part takes in a part; id is the query's number for it, -1 where it has none.
func (c *compared) part(r *reader, id int16) {
	if r.newSentence {
		c.sentence = append(c.sentence, int32(len(c.hits)))
		r.newSentence = false
	}
	if id >= 0 {
		c.hits = append(c.hits, partHit{int32(c.parts), id, r.joined})
	}
	c.parts++
	r.joined = true
}

// mark takes in a character that is no part.
func (r *reader) mark(class uint8) {
	r.joined = false
	r.newSentence = r.newSentence || class&runeSentence != 0
}

// readPlain reads a text of common characters, marks and ASCII; false where
// there is anything else in it, or a character that has to be simplified.
func (c *compared) readPlain(w *Words, a *asked, text string) bool {
	r := reader{newSentence: true}
	variants := w.folder.variants
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			class := runeClass[w.folder.table[b]]
			if class&runeWord == 0 {
				r.mark(class)
				i++
				continue
			}
			end := i + 1
			for end < len(text) && text[end] < utf8.RuneSelf && isWordRune(w.folder.table[text[end]]) {
				end++
			}
			if end-i > longestPart {
				return false
			}
			c.part(&r, a.run(text[i:end]))
			i = end
			continue
		}
		char, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case char >= firstCommon && char <= lastCommon:
			if variants.changes(char) {
				return false
			}
			c.part(&r, a.table[char-firstCommon]-1)
		case char >= 0x10000 || char == utf8.RuneError:
			return false
		default:
			folded := w.folder.table[char]
			if folded == dropped || combines(char) || classOf(folded)&runeWord != 0 {
				return false
			}
			r.mark(classOf(folded))
		}
	}
	return true
}

// run gives the number of a run of ASCII letters and digits, -1 where the query
// does not have it.
func (a *asked) run(text string) int16 {
	if len(a.runs) == 0 || len(text) > longestPart {
		return -1
	}
	var small [longestPart]byte
	for i := range len(text) {
		small[i] = text[i]
		if b := text[i]; b >= 'A' && b <= 'Z' {
			small[i] = b + 'a' - 'A'
		}
	}
	if id, ok := a.runs[string(small[:len(text)])]; ok {
		return id
	}
	return -1
}

// readFolded reads a folded text of any characters.
func (c *compared) readFolded(a *asked, f []rune) {
	r := reader{newSentence: true}
	for i := 0; i < len(f); {
		class := classOf(f[i])
		if class&runeWord == 0 {
			r.mark(class)
			i++
			continue
		}
		end := partEnd(f, i)
		id, ok := a.lookup(f[i:end])
		if !ok {
			id = -1
		}
		c.part(&r, id)
		i = end
	}
}
