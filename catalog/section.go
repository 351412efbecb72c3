package catalog

import (
	"fmt"
	"unicode/utf8"
)

// Section is an article within a source (篇章): its text is the source's at
// [Start, End), in Unicode code points.
type Section struct {
	Title string `json:"title"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// maxSections is how many articles a source has at most.
const maxSections = 100

// SectionAt returns the section of the source in which the code point stands, nil
// where it stands in none.
func (s *Source) SectionAt(at int) *Section {
	for i := range s.Sections {
		if s.Sections[i].Start <= at && at < s.Sections[i].End {
			return &s.Sections[i]
		}
	}
	return nil
}

var sectionNoun = describe[Section]("",
	NounField{Name: "title", Label: Words{"标题", "title"}, Meaning: Words{"篇章标题", "the article's title"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "start", Label: Words{"起点", "start"}, Meaning: Words{"篇章在正文中的起点", "the code point at which the article begins"}, Shape: ShapeCount},
	NounField{Name: "end", Label: Words{"止点", "end"}, Meaning: Words{"篇章在正文中的止点", "the code point after the article's last"}, Shape: ShapeCount},
)

// checkSections checks that the sections stand in the text, one after another.
func checkSections(c *checker, sections []Section, text string) {
	if len(sections) > maxSections {
		c.invalid("sections", fmt.Sprintf("有 %d 篇，最多 %d 篇", len(sections), maxSections), fmt.Sprintf("has %d; at most %d are allowed", len(sections), maxSections))
	}
	length, before := utf8.RuneCountInString(text), 0
	for i, s := range sections {
		if s.Start < before || s.End <= s.Start || s.End > length {
			c.invalid(at("sections", i)+".start", fmt.Sprintf("篇章 %d–%d 不在正文之内，或与前一篇重叠", s.Start, s.End),
				fmt.Sprintf("the section at [%d, %d) does not stand in the text behind the one before", s.Start, s.End))
		}
		before = s.End
	}
}
