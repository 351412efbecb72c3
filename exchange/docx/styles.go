package docx

import (
	"archive/zip"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// style is what matters of one of a document's styles, as it says itself; what it
// is based on may say more.
type style struct {
	name     string
	based    string
	level    int // of the outline, from 1; 0 where it does not say
	centered bool
	hidden   bool
	num      numbered
}

func readStyles(z *zip.Reader, name string) (map[string]style, error) {
	styles := map[string]style{}
	id := ""
	err := eachToken(z, name, func(t xml.Token) {
		e, ok := t.(xml.StartElement)
		if !ok {
			return
		}
		s := styles[id]
		switch e.Name.Local {
		case "style":
			id, s = archive.Attribute(e, "styleId"), style{}
		case "name":
			s.name = strings.ToLower(archive.Attribute(e, "val"))
		case "basedOn":
			s.based = archive.Attribute(e, "val")
		case "outlineLvl":
			s.level = outlineLevel(e)
		case "jc":
			s.centered = archive.Attribute(e, "val") == "center"
		case "vanish":
			s.hidden = isOn(e)
		case "numId":
			s.num.id = archive.Attribute(e, "val")
		case "ilvl":
			s.num.level = level(e)
		default:
			return
		}
		styles[id] = s
	})
	return styles, err
}

// resolved returns a style with what it takes from those that it is based on. A
// heading's level is in its name in every language of the program.
func (r *reader) resolved(id string) style {
	s := r.styles[id]
	whole := s
	if whole.num.id != "" && whole.num.level == 0 {
		whole.num.level = r.numbers.levelOfStyle(whole.num.id, id)
	}
	for range r.styles {
		if whole.level == 0 {
			whole.level = s.level
		}
		if n, ok := strings.CutPrefix(s.name, "heading "); ok && whole.level == 0 {
			whole.level, _ = strconv.Atoi(n) // 0 where it is none
		}
		whole.centered = whole.centered || s.centered
		whole.hidden = whole.hidden || s.hidden
		if whole.num.id == "" {
			whole.num = s.num
		}
		if s.based == "" {
			break
		}
		s = r.styles[s.based]
	}
	return whole
}

// outlineLevel reads w:outlineLvl, whose 0 is the first level and 9 is text.
func outlineLevel(e xml.StartElement) int {
	n, err := strconv.Atoi(archive.Attribute(e, "val"))
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

func level(e xml.StartElement) int {
	n, err := strconv.Atoi(archive.Attribute(e, "val"))
	if err != nil || n < 0 || n >= levels {
		return 0
	}
	return n
}

// isOn reads a property that may be switched off.
func isOn(e xml.StartElement) bool {
	switch archive.Attribute(e, "val") {
	case "0", "false", "off":
		return false
	}
	return true
}
