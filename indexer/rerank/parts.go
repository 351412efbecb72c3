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

// PartsOf returns the parts of readable texts, the first of which is a title. Nothing of
// the texts is kept.
func PartsOf(texts []string) *Parts {
	bytes := 0
	for _, t := range texts {
		bytes += len(t)
	}
	b := builder{codes: make([]uint16, 0, bytes/3+bytes/24+8)} // a mark in eight characters
	title := 0
	for i, t := range texts {
		b.add(t)
		if i == 0 {
			title = len(b.codes)
		}
	}
	p := &Parts{codes: b.codes, title: title, others: make([]other, len(b.others))}
	runs := string(b.runs)
	for i, o := range b.others {
		p.others[i] = other{runs[:o.bytes], o.next}
		runs = runs[o.bytes:]
	}
	return p
}

// Bytes is what it takes in memory.
func (p *Parts) Bytes() int64 {
	return int64(2*cap(p.codes)+32*len(p.others)) + 128
}

// builder takes texts into parts.
type builder struct {
	codes  []uint16
	runs   []byte // the texts of others, one behind the other
	others []struct {
		bytes int
		next  rune
	}
}

// none says that a part follows the one before it directly.
const none = codeCount

// add adds a text. Texts follow each other with a sentence's end between.
func (b *builder) add(s string) {
	codes, before := b.codes, uint16(codeSentence)
	for i := 0; i < len(s); {
		if char, ok := text.CommonAt(s, i); ok {
			if before != none {
				codes, before = append(codes, before), none
			}
			codes = append(codes, codeCommon+uint16(char-text.FirstCommon))
			i += 3
			continue
		}
		char, size := text.RuneAt(s, i)
		class := text.ClassOf(char)
		if class&text.ClassWord == 0 { // a mark
			i += size
			switch {
			case before == codeSentence:
			case char != '\n' && class&text.ClassSentence != 0:
				before = codeSentence
			default:
				before = codeGap
			}
			continue
		}
		if before != none {
			codes, before = append(codes, before), none
		}
		end, code := i+size, uint16(codeHan)
		if class&text.ClassHan == 0 {
			end, code = runEnd(s, i+size), codeRun
		}
		codes = append(codes, code)
		b.other(s, i, end)
		i = end
	}
	b.codes = codes
}

// runEnd returns the end of a run of letters or digits, of which the first ends at i.
func runEnd(s string, i int) int {
	for n := 1; i < len(s) && n < text.LongestPart; n++ {
		char, size := text.RuneAt(s, i)
		if class := text.ClassOf(char); class&text.ClassWord == 0 || class&text.ClassHan != 0 {
			break
		}
		i += size
	}
	return i
}

// other adds what has no code of its own.
func (b *builder) other(s string, start, end int) {
	next := rune(0)
	if end < len(s) {
		next, _ = text.RuneAt(s, end)
	}
	b.runs = append(b.runs, s[start:end]...)
	b.others = append(b.others, struct {
		bytes int
		next  rune
	}{end - start, next})
}
