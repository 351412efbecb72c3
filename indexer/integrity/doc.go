// Package integrity reports whether the files of an index are as they were written. It
// knows bleve's files: segments (.zap), which end with a CRC-32 that bleve writes and
// never looks at, and root.bolt, which names the segments and has no sum at all. What
// is done about a damaged file it does not know; package indexer does it.
package integrity
