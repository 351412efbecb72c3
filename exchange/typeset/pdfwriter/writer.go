package pdfwriter

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"unicode/utf16"
)

// ref is the number of an object.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// objects writes the objects of a file and remembers where each is.
type objects struct {
	to      *bufio.Writer
	sum     hash.Hash
	at      int64
	offsets []int64 // by number, 0 for one that was not written
	err     error
	packed  bytes.Buffer
	packer  *zlib.Writer
}

func newObjects(w io.Writer) *objects {
	o := &objects{to: bufio.NewWriterSize(w, 64<<10), sum: sha256.New(), offsets: []int64{0}}
	o.packer, _ = zlib.NewWriterLevel(&o.packed, zlib.DefaultCompression) // the level is one of zlib's
	o.write("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return o
}

func (o *objects) write(text string) {
	if o.err != nil {
		return
	}
	n, err := o.to.WriteString(text)
	o.at += int64(n)
	_, _ = io.WriteString(o.sum, text) // a hash takes everything
	if err != nil {
		o.err = fmt.Errorf("write a PDF: %w", err)
	}
}

// next returns the number of an object that is written later.
func (o *objects) next() ref {
	o.offsets = append(o.offsets, 0)
	return ref(len(o.offsets) - 1)
}

func (o *objects) put(r ref, body string) {
	o.offsets[r] = o.at
	o.write(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", int(r), body))
}

// stream writes a stream, compressed; more stands in its dictionary.
func (o *objects) stream(r ref, more string, data []byte) {
	o.packed.Reset()
	o.packer.Reset(&o.packed)
	_, _ = o.packer.Write(data) // a Buffer takes everything
	_ = o.packer.Close()
	o.put(r, fmt.Sprintf("<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream", o.packed.Len(), more, o.packed.Bytes()))
}

// end writes the table of objects and the trailer. The file's identity is the hash of
// what it holds.
func (o *objects) end(root, info ref) error {
	id := strings.ToUpper(hex.EncodeToString(o.sum.Sum(nil)[:16]))
	begin := o.at
	o.write(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(o.offsets)))
	for _, offset := range o.offsets[1:] {
		if offset == 0 {
			o.write("0000000000 65535 f \n")
			continue
		}
		o.write(fmt.Sprintf("%010d 00000 n \n", offset))
	}
	o.write(fmt.Sprintf("trailer\n<</Size %d/Root %v/Info %v/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(o.offsets), root, info, id, id, begin))
	if err := o.to.Flush(); o.err == nil && err != nil {
		o.err = fmt.Errorf("write a PDF: %w", err)
	}
	return o.err
}

// textString writes a text that is shown outside pages.
func textString(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}

// number writes a number in as few digits as it needs, at most three behind the point.
func number(v float64) string {
	text := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
	if text == "" || text == "-0" {
		return "0"
	}
	return text
}
