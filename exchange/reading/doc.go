// Package reading finds records in files: in JSON Lines, in tables (CSV and XLSX, a row a
// record, headers in Chinese or English), in cases as committees write them (DOCX, PDF,
// OFD, text, web pages), and in ZIPs and folders of these. It says by place and reason
// what it does not take.
//
// The formats below it know rows, cells and paragraphs. What these mean is understood
// here, once for all formats: table.go and header.go read tables, form.go forms laid out
// in one, document.go and the files named case… documents, values.go the fields that all
// three find. What becomes of a record is exchange's.
//
// The tests of what is read here are there too (exchange/table_test.go, docx_test.go,
// office_test.go, formats_test.go, siblings_test.go and others, with testdata): most import
// what they read, and share files and helpers with those that do not.
package reading
