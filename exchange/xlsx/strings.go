package xlsx

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/jisiguangyi/jisi/exchange/archive"
)

// maxStringsHeld is how many bytes of a workbook's shared strings are kept in
// memory; past that all are kept in a temporary file.
const maxStringsHeld = 32 << 20

// sharedStrings are the texts that cells refer to by number.
type sharedStrings struct {
	held   []string
	ends   []int64 // in file, of each text
	size   int64
	file   *os.File
	writer *bufio.Writer
}

func (b *Book) readStrings(name string) error {
	part, err := archive.Part(b.zip, name)
	if err != nil {
		return nil //nolint:nilerr // a relation to nothing: no cell can refer to it
	}
	b.strings = &sharedStrings{}
	text := richText{}
	err = archive.EachToken(part, func(t xml.Token) error {
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
			return b.strings.add(text.take())
		}
		text.token(t)
		return nil
	})
	if err == nil && b.strings.writer != nil {
		err = b.strings.writer.Flush()
	}
	return err
}

func (s *sharedStrings) add(text string) error {
	s.size += int64(len(text))
	if s.file == nil && s.size <= maxStringsHeld {
		s.held = append(s.held, text)
		return nil
	}
	if s.file == nil {
		if err := s.spill(); err != nil {
			return err
		}
	}
	return s.write(text)
}

// spill moves the texts to a temporary file.
func (s *sharedStrings) spill() (err error) {
	if s.file, err = os.CreateTemp("", "jisi-import-*"); err != nil {
		return fmt.Errorf("make room for texts: %w", err)
	}
	s.writer = bufio.NewWriterSize(s.file, 256<<10)
	for _, text := range s.held {
		if err := s.write(text); err != nil {
			return err
		}
	}
	s.held = nil
	return nil
}

func (s *sharedStrings) write(text string) error {
	end := int64(len(text))
	if n := len(s.ends); n > 0 {
		end += s.ends[n-1]
	}
	s.ends = append(s.ends, end)
	if _, err := s.writer.WriteString(text); err != nil {
		return fmt.Errorf("make room for texts: %w", err)
	}
	return nil
}

// at returns a text by its number; false where there is none.
func (s *sharedStrings) at(number string) (string, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(number))
	switch {
	case s == nil, err != nil, i < 0:
		return "", false
	case s.file == nil:
		if i >= len(s.held) {
			return "", false
		}
		return s.held[i], true
	case i >= len(s.ends):
		return "", false
	}
	start := int64(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	text := make([]byte, s.ends[i]-start)
	if _, err := s.file.ReadAt(text, start); err != nil {
		return "", false
	}
	return string(text), true
}

func (s *sharedStrings) remove() {
	if s.file != nil {
		_ = s.file.Close()           // it was only read
		_ = os.Remove(s.file.Name()) // among temporary files, which are cleaned anyway
	}
}

// richText gathers the text of an element of type CT_Rst: its t, alone or in
// runs, without the readings of phonetic guides.
type richText struct {
	b      strings.Builder
	within bool // a t
	rPh    int  // depth within readings
}

func (r *richText) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "rPh":
			r.rPh++
		case "t":
			r.within = r.rPh == 0
		}
	case xml.EndElement:
		switch t.Name.Local {
		case "rPh":
			r.rPh--
		case "t":
			r.within = false
		}
	case xml.CharData:
		if r.within {
			r.b.Write(t)
		}
	}
}

func (r *richText) take() string {
	text := r.b.String()
	r.b.Reset()
	return unescape(text)
}

// escaped is how SpreadsheetML writes characters that XML cannot carry (ECMA-376,
// part 1, 22.9.2.19, ST_Xstring).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(n))
	})
}
