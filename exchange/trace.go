package exchange

import (
	"context"
	"path"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/exchange/reading"
)

// From is where a record stood in the files of an import.
type From struct {
	Place reading.Place
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

// fromOf returns where a record stood.
func fromOf(r *reading.Record) From {
	return From{Place: r.Place, Original: r.Original, Name: path.Base(strings.ReplaceAll(r.Place.File, `\`, "/"))}
}
