// Package gqlhttp serves a GraphQL schema over HTTP: single answers by the rules
// of GraphQL over HTTP, WebSockets by graphql-transport-ws, event streams by
// graphql-sse, and operations of the same process. All four check and run an
// operation in one place (execute.go), under the same limits; answers for
// anonymous readers are cached until a record changes (cache.go).
//
// It knows no pages, no sign-in and no files, nor what the schema's fields mean:
// who a bearer is, who a caller is and what a caller may still send are asked of
// the functions in Options. Its one caller is server, which sets these and puts
// the endpoint beside the site's other addresses.
package gqlhttp
