package corpus

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// line is a place of a concordance's term, and what it is sorted by first.
type line struct {
	near       uint64 // the characters next to it, as contextStart packs them; 0 for POSITION
	doc        uint32 // the document's number among the candidates, which is by its record's id
	field      uint32 // the text's number among the document's
	start, end uint32 // in bytes of the text as it is
}

func (a line) compare(b line) int { return cmp.Or(cmp.Compare(a.near, b.near), a.comparePlace(b)) }

// comparePlace orders lines as POSITION does.
func (a line) comparePlace(b line) int {
	return cmp.Or(cmp.Compare(a.doc, b.doc), cmp.Compare(a.field, b.field), cmp.Compare(a.start, b.start))
}

// lineInContext is a line with all that it is sorted by.
type lineInContext struct {
	line
	context string
}

func (a lineInContext) compare(b lineInContext) int {
	return cmp.Or(cmp.Compare(a.context, b.context), a.comparePlace(b.line))
}

// linesOf adds the lines of a candidate's own texts.
func (k *Concordance) linesOf(doc int, texts []document.OwnText, to []line) []line {
	for i, t := range texts {
		for _, p := range k.places(t) {
			l := line{doc: uint32(doc), field: uint32(i), start: uint32(p.Start), end: uint32(p.End)}
			if k.sorted() {
				l.near = k.contextStart(t.Text, l)
			}
			to = append(to, l)
		}
	}
	return to
}

// context is what a line is sorted by: a copy, as texts do not outlive their
// reading.
func (k *Concordance) context(text string, l line) string {
	if k.query.Order == catalog.ConcordanceByRight {
		return strings.Clone(textAfter(text, int(l.end), k.query.Width))
	}
	left := []rune(textBefore(text, int(l.start), k.query.Width))
	slices.Reverse(left)
	return string(left)
}

// A line's context begins with nearCharacters, which fill a number by nearBits each.
const (
	nearCharacters = 3
	nearBits       = 21
)

// goesOn reports whether a line's context is longer than what begins it, which
// then does not tell its place.
func (k *Concordance) goesOn(l line) bool {
	return k.query.Width > nearCharacters && l.near&(1<<nearBits-1) != 0
}

// contextStart is the first characters of a line's context as a number that has
// the order of contexts.
func (k *Concordance) contextStart(text string, l line) (near uint64) {
	at := int(l.end)
	if k.query.Order == catalog.ConcordanceByLeft {
		at = int(l.start)
	}
	for i := range nearCharacters {
		near <<= nearBits
		if i >= k.query.Width {
			continue
		}
		var r rune
		var size int
		if k.query.Order == catalog.ConcordanceByLeft {
			r, size = utf8.DecodeLastRuneInString(text[:at])
			at -= size
		} else {
			r, size = utf8.DecodeRuneInString(text[at:])
			at += size
		}
		if size > 0 {
			near |= uint64(r) + 1 // what ends comes before what goes on
		}
	}
	return near
}

// textBefore returns up to width code points of a text before the byte at.
func textBefore(text string, at, width int) string {
	from := at
	for ; width > 0 && from > 0; width-- {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	return text[from:at]
}

// textAfter returns up to width code points of a text from the byte at on.
func textAfter(text string, at, width int) string {
	to := at
	for ; width > 0 && to < len(text); width-- {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	return text[at:to]
}

// read returns the form of a text in which the term is looked for. Where the term
// is all words, the text's readable form is read as it is: its words are those of
// the folded text, at the same places.
func (k *Concordance) read(t document.OwnText) string {
	if k.marked {
		return k.words.Fold(t.Text).String()
	}
	return t.Readable
}

// count returns how many places there are in a text.
func (k *Concordance) count(t document.OwnText) (n int) {
	k.eachPlace(k.read(t), func(int) { n++ })
	return n
}

// eachPlace calls visit with the first byte of each place of the term in a text
// that has been folded. Places do not overlap, and none cuts a run of letters and
// digits.
func (k *Concordance) eachPlace(s string, visit func(at int)) {
	for at := 0; ; {
		if at = k.next(s, at); at < 0 {
			return
		}
		if k.letter && (text.CutsRun(s, at) || text.CutsRun(s, at+len(k.said))) {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			continue
		}
		visit(at)
		at += len(k.said)
	}
}

// next returns the first byte of the first place from a byte on where the term
// stands, -1 where there is none. It looks for the term's last byte: the first ones
// of Chinese characters are a few that stand everywhere, on which strings.Index
// stops so often that it takes twice as long.
func (k *Concordance) next(text string, from int) int {
	last := len(k.said) - 1
	for at := from + last; at < len(text); at++ {
		n := strings.IndexByte(text[at:], k.said[last])
		if n < 0 {
			return -1
		}
		if at += n; strings.HasSuffix(text[from:at+1], k.said) {
			return at - last
		}
	}
	return -1
}

// places returns where the term stands in a text, in bytes of it as it is.
func (k *Concordance) places(t document.OwnText) []catalog.TextRange {
	var found []catalog.TextRange
	text := k.read(t)
	k.eachPlace(text, func(at int) { found = append(found, catalog.TextRange{Start: at, End: at + len(k.said)}) })
	if len(found) == 0 || text == t.Text {
		return found
	}
	// The folded text has its places in code points, and says where those come from.
	folded := k.words.Fold(t.Text)
	points, seen := 0, 0 // as many code points are in the first bytes
	bytesAt := byteCounter{text: t.Text}
	for i, r := range found {
		points, seen = points+utf8.RuneCountInString(text[seen:r.Start]), r.Start
		start := bytesAt.of(folded.Start(points))
		found[i] = catalog.TextRange{Start: start, End: bytesAt.of(folded.End(points + len(k.Term)))}
	}
	return found
}

// byteCounter turns numbers of code points of a text into bytes, in a moment where
// they ascend.
type byteCounter struct {
	text          string
	points, bytes int
}

func (b *byteCounter) of(points int) int {
	if points < b.points { // one sign of the text can be several in its folded form
		b.points, b.bytes = 0, 0
	}
	for ; b.points < points && b.bytes < len(b.text); b.points++ {
		_, size := utf8.DecodeRuneInString(b.text[b.bytes:])
		b.bytes += size
	}
	return b.bytes
}

// sortRange puts those lines at from:to that would stand there if all were
// sorted, in their order. A page needs no more, and sorting all takes several
// times longer: this is Hoare's quickselect (Algorithm 65, CACM 1961), of a range.
func sortRange(list []line, from, to int) {
	for rounds := 2 * bits.Len(uint(len(list))); from < to; rounds-- {
		if len(list) < 50 || rounds == 0 {
			slices.SortFunc(list, line.compare)
			return
		}
		switch at := partition(list); {
		case to <= at:
			list = list[:at]
		case from > at:
			list, from, to = list[at+1:], from-at-1, to-at-1
		default:
			sortRange(list[:at], from, at)
			list, from, to = list[at+1:], 0, to-at-1
		}
	}
}

// partition puts lines that come before one of them before it and the others
// after it, and returns its place.
func partition(list []line) int {
	last := len(list) - 1
	for _, p := range [][2]int{{0, last / 2}, {last / 2, last}, {0, last / 2}} { // the median of three comes to the middle
		if list[p[1]].compare(list[p[0]]) < 0 {
			list[p[0]], list[p[1]] = list[p[1]], list[p[0]]
		}
	}
	list[last/2], list[last] = list[last], list[last/2]
	at := 0
	for i := range list[:last] {
		if list[i].compare(list[last]) < 0 {
			list[i], list[at] = list[at], list[i]
			at++
		}
	}
	list[at], list[last] = list[last], list[at]
	return at
}
