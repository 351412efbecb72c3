// Package store keeps the records in PostgreSQL: the truth that everything else
// is derived from. It holds the project's SQL, a file a noun, but
// for the statements that answer makes of its conditions.
//
// There is one way to write, Writer.Put, which checks an input, finds what it
// refers to, and writes the record, its revision and its line in the outbox in
// one transaction. What must always hold is a constraint of the database as
// well (migrations/), so that no other way gets around it.
//
// Reads come in two forms: lists, by filter and order with keyset paging, also
// for many parents in one statement; and batches by key for the loaders. Reads
// show what the context's viewer may read (Readable).
//
// It knows no GraphQL and no index. cmd assembles it; exchange writes through
// it, graph and loaders read from it, indexer follows its outbox.
package store
