// Package server is the HTTP side of jisi: addresses, headers, limits, logging,
// health. It knows how GraphQL goes over HTTP, but not what the schema's fields
// mean, nor where records and hits come from: cmd/jisi hands all of that in.
package server
