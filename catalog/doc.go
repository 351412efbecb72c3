// Package catalog is the domain: the nouns of the consultative committees with
// their limits and rules, the procedure 两问三要三明确, and the errors that a
// user may see. It knows no database, no index and no HTTP, and imports the
// standard library only; store, indexer, loaders, exchange and graph speak to
// each other in its types.
//
// Each noun stands in a file of its own, under the same name as its SDL in
// schema/, its SQL in store/ and its resolvers in graph/. A noun has up to two
// types: what is read (Case), with references as ids for the loaders, and what
// is written (CaseInput), with references as slugs, so that an input means the
// same in every database. The input's JSON is a line of an import, the snapshot
// kept by a revision, and the shape of a mutation's argument.
//
// Values are plain data: safe for concurrent reading, not for writing.
package catalog
