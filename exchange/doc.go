// Package exchange imports records: it hands what reading finds in files to a Sink, in
// batches, puts off what refers to records that have not come yet, and reports what was
// written and, by place and reason, what was refused. Before that it shows and mends what
// was understood of a case, and it checks and cleans what is attached to one.
//
// What the fields of a record are in a file is known below it: in jsonl, cell and column,
// for reading as for export, which writes. The formats have rooms of their own: text
// (charsets and lines), archive (ZIPs within limits), csv, xlsx, docx, pdf, ofd; dates
// knows days in words, office runs LibreOffice, photo cleans photos, typeset prints.
// synthetic, above it, makes up records for tests.
//
// It knows the inputs of catalog and the records that come with the binary
// (data), but no database: a Writer is the store's, and cmd and internal/files make a
// Sink of the store. What a record may contain is catalog's to say, what the database accepts is
// the Writer's; this package says where in which file a refused record stands.
package exchange
