package cell

import (
	"slices"
	"strings"
	"unicode"
)

// The notation of lists in a cell. Entries stand on lines of their own or have
// ； between them; an entry of several parts has ｜ between its parts, and a list
// within a part has 、 between its entries. A backslash takes the meaning from
// the character behind it, and \n, \r and \t are a line break, a carriage return
// and a tab. Spaces around entries and parts do not count, unless there is a
// backslash before them.
const (
	betweenEntries = "；"
	// BetweenParts is written between the parts of an entry.
	BetweenParts = "｜"
	betweenItems = "、"

	entrySeparators = "\n；;"
	lineSeparators  = "\n"
	// PartSeparators are the characters that are read as that.
	PartSeparators = "｜|"
	itemSeparators = "、"
)

// char is a character of a cell, and whether a backslash stood before it.
type char struct {
	r       rune
	escaped bool
}

// chars reads the backslashes of a cell.
func chars(s string) []char {
	list := make([]char, 0, len(s))
	escaped := false
	for _, r := range s {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case escaped:
			if i := strings.IndexRune("nrt", r); i >= 0 {
				r = rune("\n\r\t"[i])
			}
		}
		list = append(list, char{r, escaped})
		escaped = false
	}
	if escaped {
		list = append(list, char{'\\', true})
	}
	return list
}

// split parts a text at separators that have no backslash, and takes the spaces
// off each part.
func split(list []char, separators string) [][]char {
	var parts [][]char
	for {
		at := slices.IndexFunc(list, func(c char) bool { return !c.escaped && strings.ContainsRune(separators, c.r) })
		if at < 0 {
			return append(parts, trimmed(list))
		}
		parts = append(parts, trimmed(list[:at]))
		list = list[at+1:]
	}
}

// entries are the parts that are not empty.
func entries(list []char, separators string) [][]char {
	return slices.DeleteFunc(split(list, separators), func(part []char) bool { return len(part) == 0 })
}

// Line is an entry that has parts, on a line of its own.
type Line []char

// String returns what the line says, without its backslashes.
func (l Line) String() string { return textOf(l) }

// Lines returns the lines of a cell whose entries have parts, without empty ones.
func Lines(cell string) []Line {
	var lines []Line
	for _, line := range entries(chars(cell), lineSeparators) {
		lines = append(lines, line)
	}
	return lines
}

func trimmed(list []char) []char {
	isSpace := func(c char) bool { return !c.escaped && unicode.IsSpace(c.r) }
	for len(list) > 0 && isSpace(list[0]) {
		list = list[1:]
	}
	for len(list) > 0 && isSpace(list[len(list)-1]) {
		list = list[:len(list)-1]
	}
	return list
}

func textOf(list []char) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteRune(c.r)
	}
	return b.String()
}

// escape puts backslashes before what would otherwise be read as notation.
func escape(s, separators string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\\', strings.ContainsRune(separators, r), (i == 0 || i == len(runes)-1) && unicode.IsSpace(r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
