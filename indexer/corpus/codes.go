package corpus

import (
	"bufio"
	"fmt"
	"os"
	"runtime"

	"github.com/blevesearch/mmap-go"
)

// codes gathers the codes of a segment's words, some 1.8 KB a document, in a file that
// has no name and is mapped once all are there: of what an analysis keeps they are by far
// the most, and in the process's own memory they would count twice, since its heap may
// grow to twice of what it holds. Without a folder, or where its disk is full, they are
// in memory all the same. The zero value gathers in memory.
type codes struct {
	file *os.File
	to   *bufio.Writer
	size int
	own  []byte // where there is no file
}

// newCodes returns codes in a file of a folder, which may be "".
func newCodes(dir string) *codes {
	if dir == "" {
		return new(codes)
	}
	f, err := os.CreateTemp(dir, "words-*")
	if err != nil {
		return new(codes)
	}
	if err := os.Remove(f.Name()); err != nil { // as where an open file cannot be removed
		_ = f.Close()
		_ = os.Remove(f.Name())
		return new(codes)
	}
	return &codes{file: f, to: bufio.NewWriterSize(f, 1<<16)}
}

// add adds codes.
func (c *codes) add(b []byte) error {
	c.size += len(b)
	if c.file == nil {
		c.own = append(c.own, b...)
		return nil
	}
	if _, err := c.to.Write(b); err != nil {
		return fmt.Errorf("write codes of words: %w", err)
	}
	return nil
}

// bytes returns all codes, of which none is added afterwards. They are gone once owner
// is.
func bytes[T any](c *codes, owner *T) ([]byte, error) {
	if c.file == nil {
		return c.own, nil
	}
	defer c.close()
	if c.size == 0 {
		return nil, nil
	}
	if err := c.to.Flush(); err != nil {
		return nil, fmt.Errorf("write codes of words: %w", err)
	}
	mapped, err := mmap.Map(c.file, mmap.RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("map codes of words: %w", err)
	}
	runtime.AddCleanup(owner, func(m mmap.MMap) { _ = m.Unmap() }, mapped)
	return mapped, nil
}

// close closes the file, which has no name.
func (c *codes) close() {
	if c.file != nil {
		_ = c.file.Close() // it has no name, and nobody reads it
		c.file, c.to = nil, nil
	}
}
