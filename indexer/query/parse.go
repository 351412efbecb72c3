package query

import (
	"strings"
	"unicode"

	"github.com/jisiguangyi/jisi/indexer/document"
	"github.com/jisiguangyi/jisi/indexer/text"
)

// Parsed is what a person typed, taken apart. All texts in it are folded.
type Parsed struct {
	Text    []rune    // what is simply looked for; what was taken out of it are spaces
	Phrases [][]rune  // “…” and "…": found only where it stands just so
	exclude [][]rune  // -word and -"phrase"
	fields  []inField // title:… and the like
	Blank   bool      // nothing was typed but space
}

// inField is a text looked for in one field.
type inField struct {
	field string // one of document.FieldTitle … document.FieldTopic
	key   byte   // the letter under which the same thing's slug or code stands; 0 where there is none
	text  []rune
}

// queryFields are the names that a person may put before a colon.
var queryFields = map[string]inField{
	"title": {field: document.FieldTitle}, "标题": {field: document.FieldTitle}, "题目": {field: document.FieldTitle},
	"brand": {field: document.FieldBrand, key: document.KeyBrand}, "品牌": {field: document.FieldBrand, key: document.KeyBrand}, "协商品牌": {field: document.FieldBrand, key: document.KeyBrand},
	"committee": {field: document.FieldCommittee, key: document.KeyCommittee}, "政协": {field: document.FieldCommittee, key: document.KeyCommittee},
	"单位": {field: document.FieldCommittee, key: document.KeyCommittee}, "委员会": {field: document.FieldCommittee, key: document.KeyCommittee},
	"region": {field: document.FieldRegion, key: document.KeyRegion}, "地区": {field: document.FieldRegion, key: document.KeyRegion},
	"区划": {field: document.FieldRegion, key: document.KeyRegion}, "地方": {field: document.FieldRegion, key: document.KeyRegion},
	"topic": {field: document.FieldTopic, key: document.KeyTopic}, "主题": {field: document.FieldTopic, key: document.KeyTopic}, "议题": {field: document.FieldTopic, key: document.KeyTopic},
}

// longestFieldName bounds how far back from a colon its name may begin.
const longestFieldName = 10

// LongestQuery is how many characters of a query are looked at. A page of text
// is the longest that anybody means to search for.
const LongestQuery = 2000

// Parse takes a folded query apart. There is no wrong query: what does not
// read as syntax is text.
func Parse(f []rune) Parsed {
	if len(f) > LongestQuery {
		f = f[:LongestQuery]
	}
	p := parser{in: f}
	for p.i < len(p.in) {
		p.next()
	}
	return p.out
}

type parser struct {
	in  []rune
	i   int
	out Parsed
}

// next reads one thing from where the parser stands.
func (p *parser) next() {
	atStart := p.i == 0 || p.in[p.i-1] == ' '
	switch c := p.in[p.i]; {
	case isQuote(c):
		if text, ok := p.quoted(); ok {
			p.phrase(&p.out.Phrases, text)
			return
		}
	case c == '-' && atStart && p.i+1 < len(p.in) && (isQuote(p.in[p.i+1]) || text.IsWordRune(p.in[p.i+1])):
		p.i++
		p.phrase(&p.out.exclude, p.value())
		return
	case atStart:
		if in, length, ok := fieldName(p.in[p.i:]); ok {
			p.i += length
			in.text = p.value()
			if text.CountParts(in.text) > 0 {
				p.out.fields = append(p.out.fields, in)
			}
			p.out.Text = append(p.out.Text, ' ')
			return
		}
	}
	p.out.Text = append(p.out.Text, p.in[p.i])
	p.i++
}

// phrase keeps a phrase that has anything in it to look for.
func (p *parser) phrase(to *[][]rune, runes []rune) {
	if text.CountParts(runes) > 0 {
		*to = append(*to, runes)
	}
	p.out.Text = append(p.out.Text, ' ')
}

// value reads a phrase in quotes, or up to the next space.
func (p *parser) value() []rune {
	if p.i < len(p.in) && isQuote(p.in[p.i]) {
		if text, ok := p.quoted(); ok {
			return text
		}
	}
	start := p.i
	for p.i < len(p.in) && p.in[p.i] != ' ' {
		p.i++
	}
	return p.in[start:p.i]
}

// quoted reads a phrase in quotes; false, and nothing read, where the quote is
// not closed.
func (p *parser) quoted() ([]rune, bool) {
	for j := p.i + 1; j < len(p.in); j++ {
		if closes(p.in[p.i], p.in[j]) {
			text := p.in[p.i+1 : j]
			p.i = j + 1
			return []rune(strings.TrimFunc(string(text), unicode.IsSpace)), true
		}
	}
	return nil, false
}

func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' || r == '‟' }

func closes(open, r rune) bool {
	if open == '"' {
		return r == '"'
	}
	return r == '”' || r == '“' || r == '"'
}

// fieldName reads a field's name and the colon after it.
func fieldName(f []rune) (inField, int, bool) {
	for j := 1; j < len(f) && j <= longestFieldName; j++ {
		if f[j] == ':' {
			in, ok := queryFields[string(f[:j])]
			if !ok || j+1 == len(f) || f[j+1] == ' ' {
				return inField{}, 0, false
			}
			return in, j + 1, true
		}
		if f[j] == ' ' {
			break
		}
	}
	return inField{}, 0, false
}

// Loosened is the query with its phrases as plain text.
func (p Parsed) Loosened() Parsed {
	text := p.Text
	for _, phrase := range p.Phrases {
		text = append(append(text[:len(text):len(text)], ' '), phrase...)
	}
	p.Text, p.Phrases = text, nil
	return p
}
