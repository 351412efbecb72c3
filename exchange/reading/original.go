package reading

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

// keepingBy returns the reader with the file's bytes given to keep before they are
// read. A file that is larger than an original may be is read and not kept.
func keepingBy(keep func(name string, content []byte) (string, error), read Reader) Reader {
	return func(ctx context.Context, f File) iter.Seq2[Record, error] {
		return func(yield func(Record, error) bool) {
			content, err := io.ReadAll(io.LimitReader(f.Reader, catalog.MaxAttachment+1))
			if err != nil {
				refuseFile(Place{File: f.Name}, err, yield)
				return
			}
			name, original := path.Base(strings.ReplaceAll(f.Name, `\`, "/")), ""
			if len(content) <= catalog.MaxAttachment {
				if original, err = keep(name, content); err != nil {
					yield(Record{}, fmt.Errorf("keep %s: %w", f.Name, err))
					return
				}
			}
			f.Reader = io.MultiReader(bytes.NewReader(content), f.Reader)
			for r, err := range read(ctx, f) {
				r.Original = original
				if !yield(r, err) {
					return
				}
			}
		}
	}
}
