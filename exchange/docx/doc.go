// Package docx reads and writes documents (ECMA-376, WordprocessingML). It reads
// the body as its reader sees it, paragraph by paragraph and table by table, with
// styles, outline levels and the numbers that the program itself writes, and says
// of everything else what it is and where it stands: hidden text, placeholders,
// readings, pictures, embedded files.
//
// It knows paragraphs, and neither cases nor fields: reading finds these in
// them.
package docx
