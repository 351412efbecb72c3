package face

import (
	"encoding/binary"
	"fmt"
	"io"
	"sort"
)

// characters says which glyph a font has for a character: a “cmap” of format 12, or of
// format 4, whose characters are those of two bytes (OpenType 1.9, cmap).
type characters struct {
	format   int
	segments int
	data     []byte
}

// readCharacters reads the best of a font's maps for Unicode.
func readCharacters(r io.ReaderAt, at table) (characters, error) {
	head, err := read(r, at.offset, 4)
	if err != nil {
		return characters{}, err
	}
	n := int64(min(binary.BigEndian.Uint16(head[2:]), mostTables))
	list, err := read(r, at.offset+4, 8*n)
	if err != nil {
		return characters{}, err
	}
	var best characters
	for i := range n {
		e := list[8*i:]
		platform, encoding := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[2:])
		if platform != 0 && (platform != 3 || encoding != 1 && encoding != 10) {
			continue
		}
		if c, err := readMap(r, at.offset+int64(binary.BigEndian.Uint32(e[4:]))); err == nil && c.format > best.format {
			best = c
		}
	}
	if best.format == 0 {
		return best, fmt.Errorf("%w: no map of Unicode", errBroken)
	}
	return best, nil
}

func readMap(r io.ReaderAt, at int64) (c characters, err error) {
	head, err := read(r, at, 16)
	if err != nil {
		return c, err
	}
	switch c.format = int(binary.BigEndian.Uint16(head)); c.format {
	case 4:
		c.segments = int(binary.BigEndian.Uint16(head[6:]) / 2)
		c.data, err = read(r, at, int64(binary.BigEndian.Uint16(head[2:])))
		if err == nil && len(c.data) < 16+8*c.segments {
			err = errBroken
		}
	case 12:
		c.segments = int(binary.BigEndian.Uint32(head[12:]))
		c.data, err = read(r, at+16, 12*int64(c.segments))
	default:
		err = errBroken
	}
	return c, err
}

// glyph returns the glyph of a character, 0 where there is none.
func (m characters) glyph(c rune) uint16 {
	if m.format == 12 {
		of := func(i int) []byte { return m.data[12*i:] }
		i := sort.Search(m.segments, func(i int) bool { return rune(binary.BigEndian.Uint32(of(i)[4:])) >= c })
		if i == m.segments || rune(binary.BigEndian.Uint32(of(i))) > c {
			return 0
		}
		return uint16(binary.BigEndian.Uint32(of(i)[8:]) + uint32(c) - binary.BigEndian.Uint32(of(i)))
	}
	if c > 0xffff {
		return 0
	}
	ends, starts := m.data[14:], m.data[16+2*m.segments:]
	deltas, offsets := starts[2*m.segments:], starts[4*m.segments:]
	i := sort.Search(m.segments, func(i int) bool { return rune(binary.BigEndian.Uint16(ends[2*i:])) >= c })
	if i == m.segments {
		return 0
	}
	start, delta, offset := binary.BigEndian.Uint16(starts[2*i:]), binary.BigEndian.Uint16(deltas[2*i:]), int(binary.BigEndian.Uint16(offsets[2*i:]))
	switch place := 2*i + offset + 2*int(uint16(c)-start); {
	case rune(start) > c:
		return 0
	case offset == 0:
		return uint16(c) + delta
	case place+2 > len(offsets):
		return 0
	default:
		glyph := binary.BigEndian.Uint16(offsets[place:])
		if glyph == 0 {
			return 0
		}
		return glyph + delta
	}
}
