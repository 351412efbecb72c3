// Package column says which columns a file of records has: a kind's fields in the order
// in which they are written, with their labels and the other names that people give
// them, and how a header is matched with them.
//
// It knows a record's cells, and neither tables nor documents.
package column
