// Package exchange takes records out of files. It reads JSON Lines,
// tables (CSV and XLSX, a row a record, headers in Chinese or English), cases as
// committees write them (DOCX), and folders and ZIPs of these; it decodes
// strictly, tells by place and reason what it does not take, and hands batches of
// inputs to a Sink.
//
// The formats have rooms of their own below it, which know rows, cells and
// paragraphs: text (charsets and lines), archive (ZIPs within limits), csv, xlsx,
// docx. What the fields of a record are in a file is known in jsonl, cell and column,
// for reading as for export, which writes. What rows and paragraphs mean (headers, forms,
// headings) is understood here, once for all of them. synthetic, above it, makes up
// records for tests.
//
// It knows the inputs of catalog and the records that come with the binary
// (data), but no database: store implements Sink and Writer, and cmd
// puts the two together. What a record may contain is catalog's to say, what the
// database accepts is the Writer's; this package says where in which file a
// refused record stands.
package exchange
