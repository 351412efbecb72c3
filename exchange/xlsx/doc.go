// Package xlsx reads and writes workbooks (ECMA-376, SpreadsheetML) as rows of
// texts, each as the cell shows it: 85% and not 0.85, 2021年7月 and not a day's
// number.
//
// Sheets are streamed in both directions, so that memory does not grow with them,
// and reading takes time in the order of what a file holds. excelize was used
// before; it takes time by the square of merged cells, goes through each of a
// million rows where only the last is formatted, has no code for the East Asian
// date formats, and does not look at date1904. It still writes the template,
// which has lists to choose from.
//
// The package knows cells, and neither columns nor records: reading finds these
// in the rows.
package xlsx
