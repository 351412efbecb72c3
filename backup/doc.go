// Package backup writes the whole database into one file and brings it back. The
// file is a ZIP with two entries: what pg_dump writes in its custom format, and
// a manifest with what is needed to tell whether the file is whole and fits. It
// runs PostgreSQL's own programs and knows no table; that is the store's.
package backup
