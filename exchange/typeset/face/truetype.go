package face

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// subsetTrueType writes a TrueType font of these glyphs, in their order. The parts of
// composite glyphs follow behind them.
func (f *Face) subsetTrueType(glyphs []uint16) ([]byte, error) {
	tables := map[string][]byte{}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca"} {
		b, err := f.table(f.file, name)
		if err != nil {
			return nil, err
		}
		tables[name] = b
	}
	for _, name := range []string{"cvt ", "fpgm", "prep"} {
		if _, ok := f.tables[name]; ok {
			b, err := f.table(f.file, name)
			if err != nil {
				return nil, err
			}
			tables[name] = b
		}
	}
	head, hhea, maxp := slices.Clone(tables["head"]), slices.Clone(tables["hhea"]), slices.Clone(tables["maxp"])
	long := binary.BigEndian.Uint16(head[50:]) == 1
	wide := int(binary.BigEndian.Uint16(hhea[34:])) // how many glyphs have widths of their own
	place := func(glyph int) (from, to int64) {
		if long {
			return int64(binary.BigEndian.Uint32(tables["loca"][4*glyph:])), int64(binary.BigEndian.Uint32(tables["loca"][4*glyph+4:]))
		}
		return 2 * int64(binary.BigEndian.Uint16(tables["loca"][2*glyph:])), 2 * int64(binary.BigEndian.Uint16(tables["loca"][2*glyph+2:]))
	}
	all := slices.Clone(glyphs)
	at := map[uint16]uint16{}
	for i, g := range glyphs {
		if _, ok := at[g]; !ok {
			at[g] = uint16(i)
		}
	}
	var loca, glyf, hmtx []byte
	for i := 0; i < len(all); i++ {
		if len(all) > 0xffff {
			return nil, fmt.Errorf("%w: too many parts", errBroken)
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		g := int(all[i])
		metric := 4 * min(g, wide-1)
		hmtx = append(hmtx, tables["hmtx"][metric:metric+2]...)
		if g < wide {
			hmtx = append(hmtx, tables["hmtx"][metric+2:metric+4]...)
		} else {
			bearing := 4*wide + 2*(g-wide)
			hmtx = append(hmtx, tables["hmtx"][bearing:bearing+2]...)
		}
		from, to := place(g)
		if to <= from {
			continue
		}
		outline, err := read(f.file, f.tables["glyf"].offset+from, to-from)
		if err != nil {
			return nil, err
		}
		eachPart(outline, func(part uint16) uint16 {
			n, ok := at[part]
			if !ok {
				n = uint16(len(all))
				at[part], all = n, append(all, part)
			}
			return n
		})
		glyf = append(glyf, outline...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(all)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(all)))
	tables["head"], tables["hhea"], tables["maxp"], tables["hmtx"], tables["loca"], tables["glyf"] = head, hhea, maxp, hmtx, loca, glyf
	return assemble(tables), nil
}

// eachPart rewrites the glyphs that a composite one is made of.
func eachPart(outline []byte, as func(uint16) uint16) {
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return
	}
	const words, scale, more, two, four = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(outline[at:])
		binary.BigEndian.PutUint16(outline[at+2:], as(binary.BigEndian.Uint16(outline[at+2:])))
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&two != 0:
			at += 4
		case flags&four != 0:
			at += 8
		}
		if flags&more == 0 {
			return
		}
	}
}

// assemble writes a font of these tables.
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	n := len(names)
	power := 1
	for 2*power <= n {
		power *= 2
	}
	log := 0
	for 1<<(log+1) <= n {
		log++
	}
	b := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	offset := 12 + 16*n
	for _, name := range names {
		t := tables[name]
		b = append(b, name...)
		b = binary.BigEndian.AppendUint32(b, checksum(t))
		b = binary.BigEndian.AppendUint32(b, uint32(offset))
		b = binary.BigEndian.AppendUint32(b, uint32(len(t)))
		offset += (len(t) + 3) &^ 3
	}
	for _, name := range names {
		b = append(b, tables[name]...)
		b = append(b, make([]byte, -len(b)&3)...)
	}
	return b
}

func checksum(b []byte) uint32 {
	sum := uint32(0)
	for i, c := range b {
		sum += uint32(c) << (24 - 8*(i&3))
	}
	return sum
}
