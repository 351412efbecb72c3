package face

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sort"
)

// Operators of dictionaries (Adobe TN 5176); those of two bytes begin with 12.
const (
	opBox         = 5
	opCharset     = 15
	opCharStrings = 17
	opPrivate     = 18
	opSubrs       = 19
	opFontMatrix  = 12<<8 | 7
	opROS         = 12<<8 | 30
	opCIDCount    = 12<<8 | 34
	opFDArray     = 12<<8 | 36
	opFDSelect    = 12<<8 | 37
)

// index is an INDEX: objects of any length one after another.
type index struct {
	from    io.ReaderAt
	data    int64 // where offset 1 is, less one
	offsets []uint32
	end     int64
}

func readIndex(r io.ReaderAt, at int64) (index, error) {
	head, err := read(r, at, 2)
	if err != nil {
		return index{}, err
	}
	n := int64(binary.BigEndian.Uint16(head))
	if n == 0 {
		return index{end: at + 2}, nil
	}
	size, err := read(r, at+2, 1)
	if err != nil {
		return index{}, err
	}
	width := int64(size[0])
	if width < 1 || width > 4 {
		return index{}, errBroken
	}
	list, err := read(r, at+3, (n+1)*width)
	if err != nil {
		return index{}, err
	}
	x := index{from: r, data: at + 3 + (n+1)*width - 1, offsets: make([]uint32, n+1)}
	for i := range x.offsets {
		v := uint32(0)
		for _, c := range list[int64(i)*width : int64(i+1)*width] {
			v = v<<8 | uint32(c)
		}
		x.offsets[i] = v
	}
	x.end = x.data + int64(x.offsets[n])
	return x, nil
}

func (x index) len() int { return max(0, len(x.offsets)-1) }

func (x index) item(i int) ([]byte, error) {
	if i < 0 || i >= x.len() || x.offsets[i+1] < x.offsets[i] {
		return nil, fmt.Errorf("%w: no object %d of %d", errBroken, i, x.len())
	}
	return read(x.from, x.data+int64(x.offsets[i]), int64(x.offsets[i+1]-x.offsets[i]))
}

// appendIndex appends an INDEX of these objects.
func appendIndex(b []byte, list [][]byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(list)))
	if len(list) == 0 {
		return b
	}
	b = append(b, 4)
	offset := uint32(1)
	b = binary.BigEndian.AppendUint32(b, offset)
	for _, one := range list {
		offset += uint32(len(one))
		b = binary.BigEndian.AppendUint32(b, offset)
	}
	for _, one := range list {
		b = append(b, one...)
	}
	return b
}

// entry is an entry of a dictionary: the bytes of its operands, and what integers they
// are.
type entry struct {
	op     int
	raw    []byte
	values []int
}

func readDict(b []byte) ([]entry, error) {
	var list []entry
	e, begin := entry{}, 0
	for at := 0; at < len(b); {
		c := int(b[at])
		switch {
		case c <= 21:
			end := at
			at++
			e.op = c
			if c == 12 {
				e.op = 12<<8 | int(b[at])
				at++
			}
			e.raw = b[begin:end]
			list = append(list, e)
			e, begin = entry{}, at
		case c == 28:
			e.values = append(e.values, int(int16(binary.BigEndian.Uint16(b[at+1:]))))
			at += 3
		case c == 29:
			e.values = append(e.values, int(int32(binary.BigEndian.Uint32(b[at+1:]))))
			at += 5
		case c == 30: // a real number, until a half byte of f
			for at++; b[at]&0xf != 0xf && b[at]>>4 != 0xf; at++ {
			}
			at++
			e.values = append(e.values, 0)
		case c >= 32 && c <= 246:
			e.values = append(e.values, c-139)
			at++
		case c >= 247 && c <= 250:
			e.values = append(e.values, (c-247)*256+int(b[at+1])+108)
			at += 2
		case c >= 251 && c <= 254:
			e.values = append(e.values, -(c-251)*256-int(b[at+1])-108)
			at += 2
		default:
			return nil, fmt.Errorf("%w: a dictionary has %d", errBroken, c)
		}
	}
	return list, nil
}

func find(list []entry, op int) (entry, bool) {
	i := slices.IndexFunc(list, func(e entry) bool { return e.op == op })
	if i < 0 {
		return entry{}, false
	}
	return list[i], true
}

func appendOp(b []byte, op int) []byte {
	if op > 0xff {
		b = append(b, 12)
	}
	return append(b, byte(op))
}

// appendInt appends an integer in the form of five bytes, so that dictionaries have the
// same length whatever stands in them.
func appendInt(b []byte, v int) []byte {
	return binary.BigEndian.AppendUint32(append(b, 29), uint32(v))
}

// compact is what is read of a CFF.
type compact struct {
	top         []entry
	global      index
	charStrings index
	parts       []part         // one of a font keyed by name
	of          func(int) byte // which part a glyph is of
}

// part is a font dictionary with its private one.
type part struct {
	dict, private []entry
	local         index
}

func readCompact(r io.ReaderAt) (c compact, err error) {
	head, err := read(r, 0, 4)
	if err != nil {
		return c, err
	}
	names, err := readIndex(r, int64(head[2]))
	if err != nil {
		return c, err
	}
	tops, err := readIndex(r, names.end)
	if err != nil {
		return c, err
	}
	strings, err := readIndex(r, tops.end)
	if err != nil {
		return c, err
	}
	if c.global, err = readIndex(r, strings.end); err != nil {
		return c, err
	}
	top, err := tops.item(0)
	if err != nil {
		return c, err
	}
	if c.top, err = readDict(top); err != nil {
		return c, err
	}
	at, ok := find(c.top, opCharStrings)
	if !ok {
		return c, errBroken
	}
	if c.charStrings, err = readIndex(r, int64(at.values[0])); err != nil {
		return c, err
	}
	if _, keyed := find(c.top, opROS); !keyed {
		c.of = func(int) byte { return 0 }
		one, err := readPart(r, c.top)
		c.parts = []part{{private: one.private, local: one.local}}
		return c, err
	}
	array, ok := find(c.top, opFDArray)
	choice, ok2 := find(c.top, opFDSelect)
	if !ok || !ok2 {
		return c, errBroken
	}
	dicts, err := readIndex(r, int64(array.values[0]))
	if err != nil {
		return c, err
	}
	for i := range dicts.len() {
		b, err := dicts.item(i)
		if err != nil {
			return c, err
		}
		dict, err := readDict(b)
		if err != nil {
			return c, err
		}
		one, err := readPart(r, dict)
		if err != nil {
			return c, err
		}
		c.parts = append(c.parts, one)
	}
	c.of, err = readChoice(r, int64(choice.values[0]), c.charStrings.len())
	return c, err
}

func readPart(r io.ReaderAt, dict []entry) (p part, err error) {
	p.dict = dict
	at, ok := find(dict, opPrivate)
	if !ok {
		return p, nil
	}
	b, err := read(r, int64(at.values[1]), int64(at.values[0]))
	if err != nil {
		return p, err
	}
	if p.private, err = readDict(b); err != nil {
		return p, err
	}
	if local, ok := find(p.private, opSubrs); ok {
		p.local, err = readIndex(r, int64(at.values[1]+local.values[0]))
	}
	return p, err
}

// readChoice reads an FDSelect.
func readChoice(r io.ReaderAt, at int64, glyphs int) (func(int) byte, error) {
	head, err := read(r, at, 3)
	if err != nil {
		return nil, err
	}
	if head[0] == 0 {
		list, err := read(r, at+1, int64(glyphs))
		return func(g int) byte { return list[g] }, err
	}
	if head[0] != 3 {
		return nil, errBroken
	}
	n := int(binary.BigEndian.Uint16(head[1:]))
	list, err := read(r, at+3, int64(3*n+2))
	if err != nil {
		return nil, err
	}
	return func(g int) byte { // of the last range that begins at it or before
		i := sort.Search(n, func(i int) bool { return int(binary.BigEndian.Uint16(list[3*i:])) > g })
		return list[3*(i-1)+2]
	}, nil
}

// subsetCFF writes a CID-keyed CFF of these glyphs, whose CIDs are their places. Calls
// of subroutines are replaced by what these hold.
func (f *Face) subsetCFF(glyphs []uint16) ([]byte, error) {
	t := f.tables["CFF "]
	c, err := readCompact(io.NewSectionReader(f.file, t.offset, t.length))
	if err != nil {
		return nil, err
	}
	n := len(glyphs)
	outlines, choice := make([][]byte, n), []byte{0}
	for i, g := range glyphs {
		outline, err := c.charStrings.item(int(g))
		if err != nil {
			return nil, err
		}
		of := c.of(int(g))
		choice = append(choice, of)
		if outlines[i], err = flatten(outline, c.parts[of].local, c.global); err != nil {
			return nil, fmt.Errorf("glyph %d: %w", g, err)
		}
	}
	charset := []byte{0}
	if n > 1 { // one range: from CID 1 on
		charset = binary.BigEndian.AppendUint16([]byte{2, 0, 1}, uint16(n-2))
	}
	b := []byte{1, 0, 4, 4}
	b = appendIndex(b, [][]byte{[]byte("A")})
	const firstString = 391
	top := func(charset, choice, charStrings, parts int) []byte {
		d := appendOp(appendInt(appendInt(appendInt(nil, firstString), firstString+1), 0), opROS)
		for _, op := range []int{opFontMatrix, opBox} {
			if e, ok := find(c.top, op); ok {
				d = appendOp(append(d, e.raw...), op)
			}
		}
		for _, e := range [][2]int{{n, opCIDCount}, {charset, opCharset}, {choice, opFDSelect}, {charStrings, opCharStrings}, {parts, opFDArray}} {
			d = appendOp(appendInt(d, e[0]), e[1])
		}
		return d
	}
	rest := appendIndex(nil, [][]byte{[]byte("Adobe"), []byte("Identity")})
	rest = appendIndex(rest, nil) // no subroutines
	begin := len(b) + 2 + 1 + 8 + len(top(0, 0, 0, 0))
	atCharset := begin + len(rest)
	rest = append(rest, charset...)
	atChoice := begin + len(rest)
	rest = append(rest, choice...)
	atCharStrings := begin + len(rest)
	rest = appendIndex(rest, outlines)
	var dicts [][]byte
	for _, p := range c.parts {
		var private, dict []byte
		for _, e := range p.private {
			if e.op != opSubrs {
				private = appendOp(append(private, e.raw...), e.op)
			}
		}
		if e, ok := find(p.dict, opFontMatrix); ok {
			dict = appendOp(append(dict, e.raw...), opFontMatrix)
		}
		dicts = append(dicts, appendOp(appendInt(appendInt(dict, len(private)), begin+len(rest)), opPrivate))
		rest = append(rest, private...)
	}
	atParts := begin + len(rest)
	rest = appendIndex(rest, dicts)
	b = appendIndex(b, [][]byte{top(atCharset, atChoice, atCharStrings, atParts)})
	return append(b, rest...), nil
}
