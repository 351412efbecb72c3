package typeset

import (
	"github.com/jisiguangyi/jisi/exchange/docx"
	"github.com/jisiguangyi/jisi/exchange/typeset/face"
)

// The page of GB/T 9704 in points: A4, 37 mm above, 28 mm at the binding, 156 by 225 mm of
// text.
const (
	mm         = 72 / 25.4
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	top        = 37 * mm
	left       = 28 * mm
	wide       = 156 * mm
	high       = 225 * mm
	numberAt   = 35*mm - 7*mm - 14 // the line of page numbers: 7 mm below the text
	headAt     = 20 * mm           // of running heads, from above
)

// style is how a paragraph is set. Sizes are in points.
type style struct {
	role          face.Role
	size, leading float64
	closer        float64 // how much closer characters stand than they are wide
	indent        float64 // of the first line, in characters
	before, after float64
	right         float64 // what stays free at the right
	align         alignment
	keep          bool // on one page with what follows
	level         int  // of the outline, 0 for none
}

type alignment int

const (
	justified alignment = iota
	centered
	flushRight
	flushLeft
)

// grid has 28 characters of 16 points fill the line.
const grid = 16 - wide/28

// styles are those of docx.Print, and of a book, as they stand in the Word file.
var styles = map[docx.PrintStyle]style{
	docx.PrintText:     {role: face.TextRole, size: 16, leading: 28, closer: grid, indent: 2},
	docx.PrintTitle:    {role: face.TitleRole, size: 22, leading: 32, align: centered, keep: true, level: 1},
	docx.PrintSubtitle: {role: face.KaiRole, size: 16, leading: 28, closer: grid, align: centered, keep: true},
	docx.PrintHeading:  {role: face.HeiRole, size: 16, leading: 28, closer: grid, indent: 2, keep: true, level: 2},
	docx.PrintBelow:    {role: face.KaiRole, size: 14, leading: 28, indent: 2},
	docx.PrintSigned:   {role: face.TextRole, size: 16, leading: 28, closer: grid, align: flushRight, right: 64},
}

// Styles of a book.
var (
	coverTitle = style{role: face.TitleRole, size: 36, leading: 48, before: 168, after: 84, align: centered}
	coverLine  = style{role: face.KaiRole, size: 18, leading: 32, before: 14, align: centered}
	frontTitle = style{role: face.HeiRole, size: 22, leading: 32, after: 28, align: centered, keep: true}
	entryLine  = style{role: face.TextRole, size: 14, leading: 28, right: 28, align: flushLeft}
	headLine   = style{role: face.SongRole, size: 10.5, leading: 16, align: centered}
	pageNumber = style{role: face.SongRole, size: 14, leading: 14}
)
