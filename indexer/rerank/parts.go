package rerank

import (
	"github.com/jisiguangyi/jisi/indexer/text"
)

// Parts is the texts of a document as the second look goes through them: a code for each
// character and run, and for what stands between them. It is made of a document once,
// and gone through by each search that has it among its best: in the texts themselves
// that took four times longer, which was a third of the search for a keyword. Nothing of
// it is changed; it is safe for concurrent use.
type Parts struct {
	codes  []uint16
	title  int // so many of them are of the first text
	others []other
}

// other is a part that has no code of its own.
type other struct {
	text string
	next rune // the character after it; 0 at the end
}

// The codes. Those that are no part stand before one.
const (
	codeGap      = iota // the part does not follow the one before directly
	codeSentence        // the same, and it begins a sentence
	codeHan             // a rare character, the next of the others
	codeRun             // a run of letters or digits, the next of the others
	codeCommon          // the first common character; the others follow
	codeCount    = codeCommon + text.LastCommon - text.FirstCommon + 1
)

// PartsOf returns the parts of readable texts, the first of which is a title.
func PartsOf(texts []string) *Parts {
	bytes := 0
	for _, t := range texts {
		bytes += len(t)
	}
	p := &Parts{codes: make([]uint16, 0, bytes/3+bytes/24+8)} // a mark in eight characters
	for i, t := range texts {
		p.add(t)
		if i == 0 {
			p.title = len(p.codes)
		}
	}
	return p
}

// Bytes is what it takes in memory, the texts aside that others are parts of.
func (p *Parts) Bytes() int64 { return int64(2*cap(p.codes) + 24*cap(p.others) + 64) }

// PartsBytes is about what the parts of texts of so many bytes take.
func PartsBytes(texts int) int64 { return int64(texts) * 3 / 4 }

// add adds a text. Texts follow each other with a sentence's end between.
func (p *Parts) add(s string) {
	r := reader{newSentence: true}
	for i := 0; i < len(s); {
		char, ok := text.CommonAt(s, i)
		if !ok {
			i = p.addOther(&r, s, i)
			continue
		}
		p.part(&r, codeCommon+uint16(char-text.FirstCommon))
		i += 3
	}
}

// reader is where the reading of a text stands.
type reader struct {
	newSentence bool // the next part starts one
	joined      bool // the next part follows the last one directly
}

func (p *Parts) part(r *reader, code uint16) {
	switch {
	case r.newSentence:
		p.codes = append(p.codes, codeSentence)
	case !r.joined:
		p.codes = append(p.codes, codeGap)
	}
	p.codes = append(p.codes, code)
	r.newSentence, r.joined = false, true
}

// addOther adds what is no common character: a mark, a run of letters and digits, or a
// rare character. It returns the place after it.
func (p *Parts) addOther(r *reader, s string, i int) int {
	char, size := text.RuneAt(s, i)
	class := text.ClassOf(char)
	if class&text.ClassWord == 0 {
		r.joined = false
		r.newSentence = r.newSentence || char != '\n' && class&text.ClassSentence != 0
		return i + size
	}
	end, code := i+size, uint16(codeHan)
	if class&text.ClassHan == 0 {
		code = codeRun
		for n := 1; end < len(s) && n < text.LongestPart; n++ {
			char, size = text.RuneAt(s, end)
			if class := text.ClassOf(char); class&text.ClassWord == 0 || class&text.ClassHan != 0 {
				break
			}
			end += size
		}
	}
	p.part(r, code)
	next := rune(0)
	if end < len(s) {
		next, _ = text.RuneAt(s, end)
	}
	p.others = append(p.others, other{s[i:end], next})
	return end
}
