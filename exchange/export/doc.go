// Package export writes records for people: as JSON Lines, CSV and XLSX, which an import
// reads back without a difference, a case as DOCX, the template that committees fill in,
// and what is printed: cases, books of a collection and the files of a call, as DOCX,
// PDF and EPUB.
//
// Records come from an Exporter that it declares, names for slugs from a Namer. It reads
// no files.
package export
