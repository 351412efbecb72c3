// Package answer writes the data of a GraphQL query as one SQL statement, in which
// PostgreSQL writes the JSON.
//
// A shape says how a statement shows a type, field by field; each noun's stands in
// a file of its own, and its plain columns come from the store's description of
// the noun's table. Conditions, orders and cursors are the store's too, which also
// runs the statement: no connection is known here.
//
// It knows no GraphQL but the names of types and fields: graph turns operations
// into catalog.Selection, asks an Engine, and has the resolvers answer what it
// does not. cmd assembles the two. The tests are graph's, which hold a statement's answers
// against the resolvers' to the byte (graph/answer_test.go).
package answer
