package catalog

import (
	"strings"
	"unicode/utf8"
)

// Citation ties a record, and the fields that it supports, to a verbatim quote
// of a source: Quote stands in the source's text at [Start, End), in Unicode
// code points.
type Citation struct {
	ID       ID
	RecordID ID
	SourceID ID
	Quote    string
	Start    int
	End      int
	Fields   []string // as in "title" or "outcomes.0.effect"
}

// Supports reports whether the citation is for the field, for something below
// it, or for something that it is a part of: a citation of "outcomes.0.effect"
// or of "outcomes" supports "outcomes.0".
func (c *Citation) Supports(field string) bool {
	for _, f := range c.Fields {
		if f == field || strings.HasPrefix(f, field+".") || strings.HasPrefix(field, f+".") {
			return true
		}
	}
	return false
}

// CitationInput is a citation as it is written. Start may be left out where
// the quote stands in its source once only; the store fills it in.
type CitationInput struct {
	Source string   `json:"source"`
	Quote  string   `json:"quote"`
	Start  *int     `json:"start,omitempty"`
	Fields []string `json:"fields,omitempty"`
}

var citationNoun = describe[CitationInput]("",
	NounField{
		Name: "source", Label: Words{"出处", "source"}, Meaning: Words{"所引出处的 slug", "the source that is quoted, by its slug"},
		Shape: ShapeReference, Required: true, Kind: KindSource, Most: MaxTitle,
	},
	NounField{
		Name: "quote", Label: Words{"引文", "quote"}, Meaning: Words{"引文，与出处原文逐字相同", "the quote, as the source has it to the character"},
		Shape: ShapeText, Required: true, Most: MaxQuote,
	},
	NounField{
		Name: "start", Label: Words{"引文起点", "start"}, Shape: ShapeCount,
		Meaning: Words{"引文在出处全文中的起点（Unicode 码点，从 0 起）", "where the quote begins in the source's text, in Unicode code points from 0"},
	},
	NounField{
		Name: "fields", Label: Words{"所支持的字段", "fields"}, Shape: ShapeLine, Many: true, Most: MaxTitle,
		Meaning: Words{"引文所支持的字段，空格隔开", "the fields that the quote supports, parted by spaces"},
	},
)

// Locate finds the quote in the text of its source and returns its range in code
// points. Where Start is given the quote must stand exactly there; where not,
// it must stand in the text once only.
func (in *CitationInput) Locate(text string) (start, end int, err error) {
	length := utf8.RuneCountInString(in.Quote)
	if in.Start != nil {
		at, ok := byteOffset(text, *in.Start)
		if !ok || !strings.HasPrefix(text[at:], in.Quote) {
			return 0, 0, &Error{Kind: KindInvalid, Zh: "引文与出处在此位置的原文不符", En: "the quote is not what the source says at this offset"}
		}
		return *in.Start, *in.Start + length, nil
	}
	at := strings.Index(text, in.Quote)
	if at < 0 {
		return 0, 0, &Error{Kind: KindInvalid, Zh: "引文不在出处的原文中", En: "the quote does not stand in the source's text"}
	}
	if strings.Contains(text[at+1:], in.Quote) {
		return 0, 0, &Error{Kind: KindInvalid, Zh: "引文在出处中不止一处，请用 start 注明位置", En: "the quote stands in the source more than once; say where with start"}
	}
	start = utf8.RuneCountInString(text[:at])
	return start, start + length, nil
}

// byteOffset returns the byte at which the code point of that number begins.
func byteOffset(text string, codePoints int) (int, bool) {
	n := 0
	for i := range text {
		if n == codePoints {
			return i, true
		}
		n++
	}
	return len(text), n == codePoints
}
