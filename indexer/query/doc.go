// Package query parses what a person typed (parse.go) and plans how it is answered
// (plan.go): the terms that are scored, the units of which enough must be there, the
// conditions that must hold, and the texts to highlight.
//
// The package knows no index: its plans name fields and terms. Package indexer
// carries them out.
package query
