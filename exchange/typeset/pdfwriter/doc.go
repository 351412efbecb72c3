// Package pdfwriter writes PDF files (ISO 32000-1) as they come: a page is written when
// it is done, and what all pages share, fonts, outline and tree of pages, at the end. In
// memory stay an offset an object, a line of the outline, and the characters that occur.
//
// It knows pages, fonts and links, and neither lines nor texts.
package pdfwriter
