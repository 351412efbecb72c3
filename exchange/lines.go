package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

const (
	// MaxLine is the length of the longest line that is read, in bytes, its
	// line break not counted.
	MaxLine = 8 << 20
	// readAhead is the buffer of a file, in bytes; as much is looked at to
	// guess its charset.
	readAhead = 256 << 10
)

// lineReader tells the lines of a text apart and turns them into UTF-8. Its
// memory is bounded by MaxLine, whatever the file.
type lineReader struct {
	from    *bufio.Reader
	charset charset
	number  int    // of the line read last, from 1
	ending  string // of the line read last: "\n", "\r\n", or "" at the end
	buffer  []byte // of the line read last
}

func newLineReader(r io.Reader) (*lineReader, error) {
	from, cs, err := openText(r)
	if err != nil {
		return nil, err
	}
	return &lineReader{from: from, charset: cs}, nil
}

// next gives the next line without its line break, valid until the call after,
// or a *DecodeError where it is too long or not text, or io.EOF. What is not
// text is given beside its error, for who must see its quotes.
func (l *lineReader) next() ([]byte, error) {
	raw, whole, err := l.raw()
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, tooLong()
	}
	if l.charset == charsetUnknown {
		l.charset = guess(l.sample(raw))
	}
	var column int
	switch l.charset {
	case charsetGB18030:
		raw, column = fromGB18030(raw)
	case charsetUTF16:
		column = replaced(raw)
	default:
		column = invalidUTF8(raw)
	}
	if column > 0 {
		name := l.charset.label()
		return raw, syntaxError(column, "此处不是有效的 "+name+" 文字", "is not valid "+name)
	}
	return raw, nil
}

// raw reads the next line's bytes; whole is false where it was longer than
// MaxLine and has been passed over.
func (l *lineReader) raw() (line []byte, whole bool, err error) {
	l.buffer = l.buffer[:0]
	whole = true
	read := false
	for {
		part, err := l.from.ReadSlice('\n')
		read = read || len(part) > 0
		if whole && len(l.buffer)+len(part) > MaxLine+len("\r\n") {
			whole = false
			l.buffer = l.buffer[:0]
		}
		if whole {
			l.buffer = append(l.buffer, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && read, err == nil:
			l.number++
			line := bytes.TrimSuffix(bytes.TrimSuffix(l.buffer, []byte("\n")), []byte("\r"))
			l.ending = string(l.buffer[len(line):])
			return line, whole && len(line) <= MaxLine, nil
		}
		return nil, false, err
	}
}

// sample is a line and the whole lines behind it that have been read already.
// A line of ASCII alone says nothing, and there the sample ends.
func (l *lineReader) sample(line []byte) []byte {
	if isASCII(line) {
		return nil
	}
	ahead, _ := l.from.Peek(l.from.Buffered())
	ahead = ahead[:bytes.LastIndexByte(ahead, '\n')+1]
	return append(append(bytes.Clone(line), '\n'), ahead...)
}

func isASCII(line []byte) bool {
	for _, c := range line {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func tooLong() *DecodeError {
	return syntaxError(0, "超过一行的上限 8 MiB，已跳过", "is longer than 8 MiB and was passed over")
}
