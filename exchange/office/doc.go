// Package office runs LibreOffice, where it is installed, to turn files of one
// format into another: what no library reads in Go (.doc, .xls, .rtf, .odt, .ods
// and WPS's .wps and .et) into .docx or .xlsx.
//
// Each run has a folder and a profile of its own and a time limit, and ends with
// its children. At most two run at once in a process. The package knows no records
// and no users; reading says in whose words a file could not be turned.
package office
