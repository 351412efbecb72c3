package text

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is how the text of a file is written down.
type charset int

const (
	charsetUnknown charset = iota // only ASCII has been read yet
	charsetUTF8
	charsetUTF16 // turned into UTF-8 before lines are told apart
	charsetGB18030
)

// label names the charset in messages.
func (c charset) label() string {
	switch c {
	case charsetUTF16:
		return "UTF-16"
	case charsetGB18030:
		return "GB18030"
	}
	return "UTF-8"
}

// open takes off a byte order mark and turns UTF-16, with a mark or
// without, into UTF-8. UTF-8 and GB18030 are left as they are: both have ASCII
// in single bytes and no line break within a character, so that lines can be
// told apart first and the two by the first line that is more than ASCII.
func open(r io.Reader) (*bufio.Reader, charset, error) {
	br := bufio.NewReaderSize(r, ReadAhead)
	head, err := br.Peek(3)
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err := br.Discard(3)
		return br, charsetUTF8, err
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), len(head) > 1 && head[0] != 0 && head[1] == 0:
		return fromUTF16(br, unicode.LittleEndian), charsetUTF16, nil
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), len(head) > 1 && head[0] == 0 && head[1] != 0:
		return fromUTF16(br, unicode.BigEndian), charsetUTF16, nil
	}
	return br, charsetUnknown, nil
}

func fromUTF16(r io.Reader, order unicode.Endianness) *bufio.Reader {
	d := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
	return bufio.NewReaderSize(transform.NewReader(r, d), ReadAhead)
}

// detect tells UTF-8 from GB18030 by a sample of whole lines. A sample that is
// valid UTF-8 is UTF-8. One that is not may be UTF-8 with a broken byte: then
// nearly all its characters still read as UTF-8, whereas of Chinese in GB18030
// more than half of the pairs do not. GB18030 may have a broken byte as well,
// but must make sense for the most part.
func detect(sample []byte) charset {
	good, bad := characters(sample)
	if good+bad == 0 {
		return charsetUnknown
	}
	if bad*2 > good {
		text, _ := FromGB18030(sample)
		damage := bytes.Count(text, []byte("\uFFFD"))
		if all, _ := characters(text); damage*2 < all {
			return charsetGB18030
		}
	}
	return charsetUTF8
}

// characters counts the characters beyond ASCII, and the bytes that are none.
func characters(text []byte) (good, bad int) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good, bad
}

// replaced returns the column of the first U+FFFD, which decoders put for what
// they can't read, or 0. A file that has the character itself carries the
// damage of an earlier conversion, and is refused there as well.
func replaced(text []byte) int {
	at := strings.IndexRune(string(text), utf8.RuneError)
	if at < 0 {
		return 0
	}
	return utf8.RuneCount(text[:at]) + 1
}

// InvalidUTF8 returns the column, in code points from 1, of the first byte that
// is not UTF-8, or 0.
func InvalidUTF8(line []byte) int {
	if utf8.Valid(line) {
		return 0
	}
	column := 1
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		if r == utf8.RuneError && n == 1 {
			return column
		}
		line = line[n:]
		column++
	}
	return 0
}
