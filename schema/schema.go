// Package schema holds the SDL, a file a noun, and gives it to whoever shows it
// to a client: the /schema.graphql address and the command jisi schema.
package schema

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.graphql
var files embed.FS

// SDL is the whole schema definition, the files joined in the order of their
// names.
func SDL() string {
	names, _ := fs.Glob(files, "*.graphql") // the pattern is constant and valid
	var b strings.Builder
	for i, name := range names {
		text, _ := files.ReadFile(name) // the file is embedded
		if i > 0 {
			b.WriteByte('\n')
		}
		b.Write(text)
	}
	return b.String()
}
