package text

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
	// ReadAhead is the buffer of a file, in bytes; as much is looked at to
	// detect its charset.
	ReadAhead = 256 << 10
)

// Lines splits a text into lines of UTF-8. Its memory is bounded by MaxLine,
// whatever the file. It is for one goroutine.
type Lines struct {
	from    *bufio.Reader
	charset charset
	number  int    // of the line read last, from 1
	ending  string // of the line read last: "\n", "\r\n", "\r", or "" at the end
	buffer  []byte // of the line read last
	ends    byte   // the byte that ends lines, 0 before the first was read
}

// NewLines begins a text. The error is that of reading its first bytes.
func NewLines(r io.Reader) (*Lines, error) {
	from, cs, err := open(r)
	if err != nil {
		return nil, err
	}
	return &Lines{from: from, charset: cs}, nil
}

// Number returns the number of the line read last, from 1; 0 before the first.
func (l *Lines) Number() int { return l.number }

// Ending returns the line break of the line read last, "" at the end of the text.
func (l *Lines) Ending() string { return l.ending }

// Next returns the next line without its line break, valid until the call after,
// or an *Error where it is too long or not text, or io.EOF. Bytes that are no
// text are returned beside their error, for a reader that must see the quotes in
// them.
func (l *Lines) Next() ([]byte, error) {
	raw, whole, err := l.raw()
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, invalid(0, "超过一行的上限 8 MiB，已跳过", "is longer than 8 MiB and was passed over")
	}
	if l.charset == charsetUnknown {
		l.charset = detect(l.sample(raw))
	}
	var column int
	switch l.charset {
	case charsetGB18030:
		raw, column = FromGB18030(raw)
	case charsetUTF16:
		column = replaced(raw)
	default:
		column = InvalidUTF8(raw)
	}
	if column > 0 {
		name := l.charset.label()
		return raw, invalid(column, "此处不是有效的 "+name+" 文字", "is not valid "+name)
	}
	return raw, nil
}

// Skip reads the next line and forgets it. It returns io.EOF at the end.
func (l *Lines) Skip() error {
	_, _, err := l.raw()
	return err
}

// raw reads the next line's bytes; whole is false where it was longer than
// MaxLine and has been passed over.
func (l *Lines) raw() (line []byte, whole bool, err error) {
	if l.ends == 0 {
		l.ends = l.lineEnd()
	}
	l.buffer = l.buffer[:0]
	whole = true
	read := false
	for {
		part, err := l.from.ReadSlice(l.ends)
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

// lineEnd returns the byte that ends lines: CR where what has been read of the
// text has lines parted by CR and no LF, as old programs of the Mac and some
// exports write, else LF. It waits for no more than the first piece, since a pipe
// may bring the rest much later.
func (l *Lines) lineEnd() byte {
	_, _ = l.from.Peek(1) // an error comes again when the line is read
	head, _ := l.from.Peek(l.from.Buffered())
	at := bytes.IndexByte(head, '\r')
	if at >= 0 && at+1 < len(head) && bytes.IndexByte(head, '\n') < 0 {
		return '\r'
	}
	return '\n'
}

// sample returns a line and the whole lines behind it that have been read
// already. A line of ASCII alone says nothing, and there the sample ends.
func (l *Lines) sample(line []byte) []byte {
	if isASCII(line) {
		return nil
	}
	ahead, _ := l.from.Peek(l.from.Buffered())
	ahead = ahead[:bytes.LastIndexByte(ahead, l.ends)+1]
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
