package backup

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/flate"
)

// What is packed at once. Blocks know nothing of each other, by which they are packed
// beside each other, and lose a percent for it.
const deflateBlock = 1 << 20

// level packs the texts in two thirds of the time that the fastest one takes, to less.
const level = 2

// deflater packs what is written to it, on all processors, into one deflate stream: each
// block ends where a byte does, and so the next one can stand behind it. It has three
// blocks a processor in memory at most.
type deflater struct {
	to      io.Writer
	current []byte
	blocks  chan *block // in their order, until they are written; its room bounds them
	spare   sync.Pool   // of blocks
	workers chan struct{}
	ended   chan struct{} // closed when what has come is written

	mu  sync.Mutex
	err error // the first that to, or packing, met
}

// block is a part on its way.
type block struct {
	in     []byte
	out    bytes.Buffer
	pack   *flate.Writer
	packed chan error
}

var errClosed = errors.New("the stream has been closed")

func newDeflater(to io.Writer) (io.WriteCloser, error) {
	d := &deflater{to: to, blocks: make(chan *block, 2*runtime.GOMAXPROCS(0)), workers: make(chan struct{}, runtime.GOMAXPROCS(0)), ended: make(chan struct{})}
	go d.write()
	return d, nil
}

// Write takes p over. An error is that of an earlier part.
func (d *deflater) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if d.current == nil {
			d.current = make([]byte, 0, deflateBlock)
		}
		fits := min(len(p), cap(d.current)-len(d.current))
		d.current, p = append(d.current, p[:fits]...), p[fits:]
		if len(d.current) == cap(d.current) {
			if err := d.next(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// Close writes what is left and the end of the stream, and returns when all is written.
func (d *deflater) Close() error {
	err := d.failed()
	if err == nil && len(d.current) > 0 {
		err = d.next()
	}
	close(d.blocks)
	<-d.ended
	if err = errors.Join(err, d.failed()); err != nil {
		return err
	}
	d.fail(errClosed)
	_, err = d.to.Write([]byte{1, 0, 0, 0xff, 0xff}) // a last block, stored, of no bytes
	return err
}

// next has the current block packed.
func (d *deflater) next() error {
	if err := d.failed(); err != nil {
		return err
	}
	b, ok := d.spare.Get().(*block)
	if !ok {
		b = &block{packed: make(chan error, 1)}
		var err error
		if b.pack, err = flate.NewWriter(io.Discard, level); err != nil {
			return err
		}
	}
	b.in, d.current = d.current, b.in[:0]
	if cap(d.current) == 0 {
		d.current = nil
	}
	d.blocks <- b
	d.workers <- struct{}{}
	go func() {
		b.out.Reset()
		b.pack.Reset(&b.out)
		_, err := b.pack.Write(b.in)
		if err == nil {
			err = b.pack.Flush()
		}
		<-d.workers
		b.packed <- err
	}()
	return nil
}

// write writes the blocks as they are packed, in their order.
func (d *deflater) write() {
	defer close(d.ended)
	for b := range d.blocks {
		err := <-b.packed
		if err == nil && d.failed() == nil {
			_, err = d.to.Write(b.out.Bytes())
		}
		d.fail(err)
		d.spare.Put(b)
	}
}

func (d *deflater) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.err = err
	}
}

func (d *deflater) failed() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}
