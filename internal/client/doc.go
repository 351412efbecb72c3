// Package client asks a running server: it reads a GraphQL document, takes its
// variables as words of a command line and types them by the document, sends it,
// pages through a connection by its cursors, and lays what comes back out as
// JSON, CSV or a table. It knows no schema, so that it asks servers of other
// versions as well; cmd calls it.
package client
