// Package server is the HTTP side of jisi: addresses, headers, limits, logging,
// health. How GraphQL goes over HTTP is known in gqlhttp below it; neither knows what the
// schema's fields mean, nor where records and hits come from: cmd/jisi hands all of that in.
package server
