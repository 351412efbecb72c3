// Package release writes the records out as a dated, frozen release for
// research: JSON Lines a noun, flat tables as CSV and Parquet, a Frictionless
// data package with a codebook, what has changed since an earlier release,
// checksums, and how to cite it. The same records, software and address make
// the same bytes: there is no clock in it but the records' own, and rows come in
// the order in which the source lists them.
//
// It knows no database: cmd hands it a Source, and keeps what it wrote.
package release
