// Package schema holds the SDL, a file a noun, and hands it to whoever shows it
// to a client: the /schema.graphql address and the command jisi schema.
package schema

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed *.graphql
var files embed.FS

// extension is an extension of a type by fields: the type's name, and the
// fields. It ends with the first brace at the beginning of a line.
var extension = regexp.MustCompile(`(?ms)^extend type (\w+) \{\n(.*?)^}\n`)

// definition is the definition of a type, up to its last brace.
var definition = regexp.MustCompile(`(?ms)^type (\w+)[^{\n]*\{\n.*?^}`)

// SDL is the whole schema definition: the files in the order of their names,
// with the fields by which one file extends a type of another in that type. Some
// tools want it so; Relay's compiler takes the fields of an extension for fields
// of the client, and does not ask the server for them.
func SDL() string {
	names, _ := fs.Glob(files, "*.graphql") // the pattern is constant and valid
	var definitions []string
	extensions := map[string]string{}
	for _, name := range names {
		text, _ := files.ReadFile(name) // the file is embedded
		for _, e := range extension.FindAllStringSubmatch(string(text), -1) {
			extensions[e[1]] += e[2]
		}
		if rest := strings.TrimSpace(extension.ReplaceAllString(string(text), "")); rest != "" {
			definitions = append(definitions, rest+"\n")
		}
	}
	return definition.ReplaceAllStringFunc(strings.Join(definitions, "\n"), func(d string) string {
		name := definition.FindStringSubmatch(d)[1]
		return strings.TrimSuffix(d, "}") + extensions[name] + "}"
	})
}
