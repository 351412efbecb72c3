package face

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Face reads the glyphs of a font. It is safe for concurrent use, and keeps its file
// open as long as the process runs.
type Face struct {
	*Font
	file       *os.File
	characters characters
	em         float64 // units of it
	widths     []byte  // four bytes for each of the first glyphs
	Box        [4]float64
	Ascent     float64 // in thousandths of an em, as Box and Descent are
	Descent    float64
}

// Glyph is how a font draws a character.
type Glyph struct {
	index   uint16
	Advance float64 // of an em
}

// Open opens a font.
func (f *Font) Open() (*Face, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("open a font: %w", err)
	}
	face := &Face{Font: f, file: file}
	if err := face.read(); err != nil {
		_ = file.Close() // it was only read
		return nil, fmt.Errorf("read the font %s: %w", f.path, err)
	}
	return face, nil
}

func (f *Face) read() error {
	var tables [3][]byte
	for i, name := range []string{"head", "hhea", "hmtx"} {
		b, err := f.table(f.file, name)
		if err != nil {
			return err
		}
		tables[i] = b
	}
	head, hhea, hmtx := tables[0], tables[1], tables[2]
	if len(head) < 54 || len(hhea) < 36 {
		return errBroken
	}
	n := 4 * int(binary.BigEndian.Uint16(hhea[34:]))
	f.em = float64(binary.BigEndian.Uint16(head[18:]))
	if n == 0 || n > len(hmtx) || f.em == 0 {
		return errBroken
	}
	f.widths = hmtx[:n]
	thousandths := func(b []byte) float64 { return float64(int16(binary.BigEndian.Uint16(b))) * 1000 / f.em }
	for i := range f.Box {
		f.Box[i] = thousandths(head[36+2*i:])
	}
	f.Ascent, f.Descent = thousandths(hhea[4:]), thousandths(hhea[6:])
	var err error
	f.characters, err = readCharacters(f.file, f.tables["cmap"])
	return err
}

// Glyph returns the glyph of a character, and whether the font has one.
func (f *Face) Glyph(c rune) (Glyph, bool) {
	index := f.characters.glyph(c)
	return f.glyph(index), index != 0
}

// Missing returns the glyph that the font draws for what it does not have.
func (f *Face) Missing() Glyph { return f.glyph(0) }

func (f *Face) glyph(index uint16) Glyph {
	at := min(4*int(index), len(f.widths)-4) // the rest are as wide as the last
	return Glyph{index, float64(binary.BigEndian.Uint16(f.widths[at:])) / f.em}
}

// Subset is a font that has the glyphs of one document.
type Subset struct {
	Name    string // PostScript's, without a tag
	Program []byte
	CFF     bool // a CID-keyed CFF; else TrueType
}

var errBroken = errors.New("the font is broken")

// Subset returns a font whose glyph i, which is also its CID, is list[i]; glyph 0 is
// the one for what is missing, whatever list[0] is. The same list makes the same bytes.
func (f *Face) Subset(list []Glyph) (s Subset, err error) {
	defer func() {
		if r := recover(); r != nil { // an offset that points nowhere
			err = fmt.Errorf("%w: %s: %v", errBroken, f.path, r)
		}
	}()
	glyphs := make([]uint16, max(1, len(list)))
	for i := 1; i < len(list); i++ {
		glyphs[i] = list[i].index
	}
	s.Name = f.postScript
	if _, s.CFF = f.tables["CFF "]; s.CFF {
		s.Program, err = f.subsetCFF(glyphs)
	} else {
		s.Program, err = f.subsetTrueType(glyphs)
	}
	if err != nil {
		return Subset{}, fmt.Errorf("cut glyphs out of %s: %w", f.path, err)
	}
	return s, nil
}
