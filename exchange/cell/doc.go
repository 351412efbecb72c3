// Package cell reads and writes what stands in one cell of a table: the notation of
// lists and of entries with parts, numbers, dates and labels of enums, and the lines of a
// ledger as people write them.
//
// It knows the types of fields by reflection, and neither columns nor files. It is tested by
// whole columns and tables: exchange/column/columns_test.go, exchange/table_test.go.
package cell
