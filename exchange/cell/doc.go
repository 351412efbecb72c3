// Package cell reads and writes what stands in one cell of a table: the notation of
// lists and of entries with parts, numbers, dates and labels of enums, and the lines of a
// ledger as people write them.
//
// It knows the types of fields by reflection, and neither columns nor files. Its tests are in exchange
// (columns_test.go, table_test.go), beside those of what is made of cells.
package cell
