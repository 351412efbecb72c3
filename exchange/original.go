package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// From is where a record stood in the files of an import.
type From struct {
	Place Place
	// Original is what ImportOptions.Keep returned for the file, "" where it was not
	// kept. Name is the file's name, without its folders.
	Original, Name string
}

// Traced is a Writer that is told where what it has put came from.
type Traced interface {
	// Came is called behind each Put that succeeded, in the same transaction. The
	// lists are aligned; an error ends the import.
	Came(ctx context.Context, inputs []catalog.Input, written []catalog.Written, from []From) error
}

// keepingBy returns the reader with the file's bytes given to keep before they are
// read. A file that is larger than an original may be is read and not kept.
func keepingBy(keep func(name string, content []byte) (string, error), read reader) reader {
	return func(ctx context.Context, f File) iter.Seq2[record, error] {
		return func(yield func(record, error) bool) {
			content, err := io.ReadAll(io.LimitReader(f.Reader, catalog.MaxAttachment+1))
			if err != nil {
				refuseFile(Place{File: f.Name}, err, yield)
				return
			}
			name, original := path.Base(strings.ReplaceAll(f.Name, `\`, "/")), ""
			if len(content) <= catalog.MaxAttachment {
				if original, err = keep(name, content); err != nil {
					yield(record{}, fmt.Errorf("keep %s: %w", f.Name, err))
					return
				}
			}
			f.Reader = io.MultiReader(bytes.NewReader(content), f.Reader)
			for r, err := range read(ctx, f) {
				r.original = original
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

// from returns where a record stood.
func (r *record) from() From {
	return From{Place: r.place, Original: r.original, Name: path.Base(strings.ReplaceAll(r.place.File, `\`, "/"))}
}
