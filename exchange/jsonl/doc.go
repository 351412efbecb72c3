// Package jsonl writes inputs of records as JSON Lines and decodes them strictly: what
// a line holds that its kind of record does not have is refused, with its place.
//
// It knows the inputs' types by reflection and reads one line at a time. Whether values
// are allowed is catalog's to say, what becomes of a record its caller's.
package jsonl
