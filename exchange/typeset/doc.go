// Package typeset sets documents of docx.Print, and whole books of them, on pages by
// GB/T 9704-2012 and writes them as PDF: lines of 28 characters broken by the rules for
// Chinese punctuation (GB/T 15834, W3C CLREQ), pages of 22 lines on which no paragraph
// leaves one line alone, page numbers at the outer side, contents and indexes with links,
// an outline.
//
// It works within the process, page by page, so that a book of any length takes the
// memory of its longest text. It knows paragraphs and their styles, and no records.
package typeset
