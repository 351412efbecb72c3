// Package reading finds records in files: in JSON Lines, in tables (CSV and XLSX, a row a
// record, headers in Chinese or English), in cases as committees write them (DOCX, PDF,
// OFD, text, web pages), and in ZIPs and folders of these. It says by place and reason
// what it does not take.
//
// The formats below it know rows, cells and paragraphs. What these mean is understood
// here, once for all formats: table.go and header.go read tables, form.go forms laid out
// in one, document.go and the files named case… documents, values.go the fields that all
// three find. What becomes of a record is exchange's, whose tests import what is read
// here.
package reading
