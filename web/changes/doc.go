// Package changes says what a change did to a record, in the words of its readers:
// fields by their labels, values of enums by theirs, records by their names, texts
// compared word by word and lists entry by entry.
//
// It knows the catalog's descriptions of fields and the JSON of revisions. It does
// not know where records are kept: who calls it looks the names up.
package changes
