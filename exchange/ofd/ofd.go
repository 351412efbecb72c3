// Package ofd reads the text of OFD files (GB/T 33190), page by page: a ZIP of XML
// in which each page has text objects with their places. It reads text only, no
// pictures and no seals. It knows lines, and no records.
package ofd

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// MaxPages is how many pages of a file are read.
const MaxPages = 300

// ErrNoText says that a file has no text: its pages are pictures, or it is no OFD.
var ErrNoText = errors.New("there is no text")

// IsOFD reports whether a ZIP is an OFD file.
func IsOFD(z *zip.Reader) bool {
	_, err := archive.Part(z, "OFD.xml")
	return err == nil
}

// Text returns the lines of each page, from top to bottom. more is how many pages
// behind MaxPages were not read.
func Text(z *zip.Reader) (pages [][]string, more int, err error) {
	root, err := values(z, "OFD.xml", "DocRoot", "")
	if err != nil {
		return nil, 0, err
	}
	any := false
	for _, doc := range root {
		locations, err := values(z, doc, "Page", "BaseLoc")
		if err != nil {
			return nil, 0, err
		}
		for _, location := range locations {
			if len(pages) == MaxPages {
				more++
				continue
			}
			lines, err := page(z, within(doc, location))
			if err != nil {
				return nil, 0, err
			}
			any = any || len(lines) > 0
			pages = append(pages, lines)
		}
	}
	if !any {
		return nil, 0, ErrNoText
	}
	return pages, more, nil
}

// within returns a name that stands in a part as one of the package.
func within(part, name string) string {
	if strings.HasPrefix(name, "/") {
		return strings.TrimPrefix(name, "/")
	}
	return path.Join(path.Dir(part), name)
}

// values returns the texts of a part's elements of a name, or their attribute.
func values(z *zip.Reader, name, element, attribute string) ([]string, error) {
	part, err := archive.Part(z, name)
	if err != nil {
		return nil, ErrNoText
	}
	var list []string
	open := false
	err = archive.EachToken(part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			open = t.Name.Local == element
			if open && attribute != "" {
				list = append(list, archive.Attribute(t, attribute))
			}
		case xml.CharData:
			if open && attribute == "" && strings.TrimSpace(string(t)) != "" {
				list = append(list, strings.TrimSpace(string(t)))
			}
		case xml.EndElement:
			open = false
		}
		return nil
	})
	return list, err
}

// piece is a text at its place, in millimetres from the top left.
type piece struct {
	x, middle float64
	size      float64
	text      string
}

// page returns the lines of a page. Texts whose middles are at one height are one
// line.
func page(z *zip.Reader, name string) ([]string, error) {
	part, err := archive.Part(z, name)
	if err != nil {
		return nil, ErrNoText
	}
	var (
		pieces []piece
		at     piece
		code   strings.Builder
		open   bool
		box    bool // the object has bounds
		left   float64
		top    float64
	)
	err = archive.EachToken(part, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "TextObject":
				bounds := numbers(archive.Attribute(t, "Boundary"))
				at, box = piece{}, len(bounds) == 4
				if box {
					left, top = bounds[0], bounds[1]
					at = piece{x: left, middle: top + bounds[3]/2, size: bounds[3]}
				}
				if size := numbers(archive.Attribute(t, "Size")); len(size) == 1 {
					at.size = size[0]
				}
			case "TextCode":
				open = true
				code.Reset()
				// The beginning of its base line, within the object.
				if y := numbers(archive.Attribute(t, "Y")); len(y) == 1 && box {
					at.middle = top + y[0] - at.size/2
				}
				if x := numbers(archive.Attribute(t, "X")); len(x) == 1 && box {
					at.x = left + x[0]
				}
			}
		case xml.CharData:
			if open {
				code.Write(t)
			}
		case xml.EndElement:
			if t.Name.Local == "TextCode" {
				open = false
				if at.text = code.String(); strings.TrimSpace(at.text) != "" {
					pieces = append(pieces, at)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lines(pieces), nil
}

func numbers(s string) []float64 {
	var list []float64
	for _, f := range strings.Fields(s) {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return nil
		}
		list = append(list, n)
	}
	return list
}

func lines(pieces []piece) []string {
	slices.SortStableFunc(pieces, func(a, b piece) int {
		switch d := a.middle - b.middle; {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	var list []string
	for len(pieces) > 0 {
		n := 1
		for n < len(pieces) && math.Abs(pieces[n].middle-pieces[0].middle) < math.Max(1, pieces[0].size/2) {
			n++
		}
		line := slices.Clone(pieces[:n])
		slices.SortStableFunc(line, func(a, b piece) int {
			if a.x < b.x {
				return -1
			}
			if a.x > b.x {
				return 1
			}
			return 0
		})
		var b strings.Builder
		for _, p := range line {
			b.WriteString(p.text)
		}
		list = append(list, b.String())
		pieces = pieces[n:]
	}
	return list
}
