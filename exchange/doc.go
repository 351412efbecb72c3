// Package exchange carries records in and out as files: it reads JSON Lines,
// tells encodings apart, decodes strictly, and hands batches of inputs to a
// Sink; and it writes inputs as JSON Lines again. Its subpackage synthetic makes
// up records for tests.
//
// It knows the inputs of catalog and the records that come with the binary
// (data), but no database: store implements Sink and Writer, and cmd puts the
// two together. What a record may contain is catalog's to say, what the
// database accepts is the Writer's; this package says where in which file a
// refused record stands.
package exchange
