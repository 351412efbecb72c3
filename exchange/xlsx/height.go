package xlsx

import (
	"math"
	"strings"

	"golang.org/x/text/width"
)

const (
	// lineHeight is how high a line of 11 points is, in points: a face of Chinese that
	// stands in for 宋体 wants half as much again as its size.
	lineHeight = 16.0
	// mostHeight is how high a row may be (Excel's limit).
	mostHeight = 409.5
	// wideCharacter is how wide a Chinese character is, in widths of a digit, by
	// which columns are measured. It is more than two: a line that may not begin with
	// a stop ends before it is full.
	wideCharacter = 2.05
	narrowLetter  = 1.05
)

// height returns how high a row of wrapped cells is, in points, by the columns of
// these widths; what stands in further ones is not printed and may be cut. Rows have
// to say it: LibreOffice prints a row without a height as one line high.
func height(cells []string, widths []float64) float64 {
	lines := 1
	for i, cell := range cells {
		if i < len(widths) {
			lines = max(lines, linesOf(cell, widths[i]))
		}
	}
	return min(mostHeight, 2+lineHeight*float64(lines))
}

// linesOf returns how many lines a text takes in a column so many digits wide.
func linesOf(s string, column float64) int {
	lines := 0
	for line := range strings.SplitSeq(s, "\n") {
		total := 0.0
		for _, r := range line {
			switch width.LookupRune(r).Kind() {
			case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
				total += wideCharacter
			default:
				total += narrowLetter
			}
		}
		lines += max(1, int(math.Ceil(total/max(column, wideCharacter))))
	}
	return lines
}
