// Package csv reads and writes tables as RFC 4180 has them. Unlike encoding/csv
// it keeps the line breaks within cells as they are, says which cell is broken
// and goes on behind it, reads any of the charsets of package text, and detects
// whether commas, tabs or semicolons part the cells.
//
// It knows rows of texts, and neither columns nor records: reading finds these
// in the rows.
package csv
