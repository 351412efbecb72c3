package backup

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// What is packed on several processors is one deflate stream, which the standard library
// reads, whatever the size of the parts.
func TestDeflatedIsInflated(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	text := []byte(strings.Repeat("协商议题由县政协报党委同意。\t\\N\n", 3*deflateBlock/40))
	for i := 0; i < len(text); i += 97 {
		text[i] = byte(random.Uint32()) // so that no two blocks are alike
	}
	for _, size := range []int{0, 1, deflateBlock - 1, deflateBlock, deflateBlock + 1, 2 * deflateBlock, len(text)} {
		for _, part := range []int{1 << 10, 1<<15 + 1, 3 * deflateBlock} {
			var packed bytes.Buffer
			d, err := newDeflater(&packed)
			if err != nil {
				t.Fatal(err)
			}
			for rest := text[:size]; len(rest) > 0; {
				n, err := d.Write(rest[:min(part, len(rest))])
				if err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			r := flate.NewReader(&packed)
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, text[:size]) || packed.Len() > 0 {
				t.Errorf("%d bytes in parts of %d: %v, %d bytes, %d left", size, part, err, len(got), packed.Len())
			}
		}
	}
}

// full takes some bytes and no more.
type full struct{ room int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A disk that is full stops the writer, and is the error at the end, wherever it comes.
func TestDeflatingStopsWhereNothingCanBeWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	part := make([]byte, deflateBlock)
	for i := range part {
		part[i] = byte(random.Uint32())
	}
	for _, room := range []int{0, deflateBlock, 5 * deflateBlock} {
		d, err := newDeflater(&full{room: room})
		if err != nil {
			t.Fatal(err)
		}
		written := 0
		for err == nil && written < 1000 {
			_, err = d.Write(part)
			written++
		}
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %d blocks, %v", room, written, err)
		}
		if err := d.Close(); !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: closing: %v", room, err)
		}
	}
}
