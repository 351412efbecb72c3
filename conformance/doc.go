// Package conformance checks the API with what others wrote: npm's graphql-http,
// graphql-ws and graphql-sse, @graphql-eslint, graphql-inspector, and the real
// Apollo Client, urql and Relay. Its test starts the whole server and runs the
// Node package in this folder against it; README.md says what is in it.
package conformance
