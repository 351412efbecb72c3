package pdfwriter

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/jisiguangyi/jisi/exchange/typeset/face"
)

// Font is a font of a document. Each character that it draws has a code of its own for
// each width, in the order in which they come, so that a text is copied out as it was put
// in, also where a font draws two characters alike.
type Font struct {
	face   *face.Face
	codes  map[drawn]uint16
	glyphs []face.Glyph
	runes  []rune
	err    error
}

// Font adds a font and returns the name by which pages call it.
func (d *Document) Font(f *face.Face) (*Font, string) {
	d.fonts = append(d.fonts, &Font{face: f, codes: map[drawn]uint16{}, glyphs: []face.Glyph{{}}, runes: []rune{0}})
	return d.fonts[len(d.fonts)-1], fmt.Sprintf("F%d", len(d.fonts)-1)
}

// drawn is a character with how far it moves on, in thousandths of an em.
type drawn struct {
	c       rune
	advance int
}

// Code returns the code by which pages show a character with that glyph, which may move on
// less far than the font says.
func (f *Font) Code(c rune, g face.Glyph) uint16 {
	key := drawn{c, int(math.Round(g.Advance * 1000))}
	if code, ok := f.codes[key]; ok {
		return code
	}
	code := uint16(min(len(f.runes), 0xffff))
	if int(code) == len(f.runes) {
		f.codes[key], f.runes, f.glyphs = code, append(f.runes, c), append(f.glyphs, g)
	}
	return code
}

// write writes the font with the characters that were shown, and returns 0 where there
// were none, or an error is f.err.
func (f *Font) write(o *objects) ref {
	if len(f.runes) == 1 {
		return 0
	}
	subset, err := f.face.Subset(f.glyphs)
	if err != nil {
		f.err = fmt.Errorf("embed a font: %w", err)
		return 0
	}
	name := f.tag() + "+" + pdfName(subset.Name)
	file, descriptor, descendant, unicode, font := o.next(), o.next(), o.next(), o.next(), o.next()
	kind, key := "CIDFontType2", fmt.Sprintf("/FontFile2 %v", file)
	if subset.CFF {
		kind, key = "CIDFontType0", fmt.Sprintf("/FontFile3 %v", file)
		o.stream(file, "/Subtype/CIDFontType0C", subset.Program)
	} else {
		o.stream(file, fmt.Sprintf("/Length1 %d", len(subset.Program)), subset.Program)
	}
	b := f.face.Box
	o.put(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%s %s %s %s]/ItalicAngle 0/Ascent %s/Descent %s/CapHeight %s/StemV 80%s>>",
		name, number(b[0]), number(b[1]), number(b[2]), number(b[3]), number(f.face.Ascent), number(f.face.Descent), number(f.face.Ascent), key))
	cid := fmt.Sprintf("<</Type/Font/Subtype/%s/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %v/DW 1000%s", kind, name, descriptor, f.widths())
	if !subset.CFF {
		cid += "/CIDToGIDMap/Identity"
	}
	o.put(descendant, cid+">>")
	o.stream(unicode, "", f.toUnicode())
	o.put(font, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%v]/ToUnicode %v>>", name, descendant, unicode))
	return font
}

// tag marks a part of a font, by the characters that it has (ISO 32000-1, 9.6.4).
func (f *Font) tag() string {
	sum := sha256.Sum256([]byte(string(f.runes)))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func pdfName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c > '!' && c <= '~' && !strings.ContainsRune("#()<>[]{}/%", rune(c)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "#%02X", c)
		}
	}
	return b.String()
}

// widths are those that are not a full one.
func (f *Font) widths() string {
	var b strings.Builder
	open := false
	for i, g := range f.glyphs {
		if i == 0 || number(g.Advance*1000) == "1000" {
			if open {
				b.WriteString("]")
			}
			open = false
			continue
		}
		if !open {
			fmt.Fprintf(&b, " %d[", i)
		} else {
			b.WriteString(" ")
		}
		b.WriteString(number(g.Advance * 1000))
		open = true
	}
	if open {
		b.WriteString("]")
	}
	if b.Len() == 0 {
		return ""
	}
	return "/W[" + b.String()[1:] + "]"
}

// toUnicode maps codes to characters, a hundred a block (ISO 32000-1, 9.10.3).
func (f *Font) toUnicode() []byte {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 1; from < len(f.runes); from += 100 {
		to := min(from+100, len(f.runes))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for code := from; code < to; code++ {
			fmt.Fprintf(&b, "<%04X><", code)
			for _, unit := range utf16.Encode([]rune{f.runes[code]}) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}
