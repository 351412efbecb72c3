// Package e2e tests the jisi that users get: the binary, run as another process
// from an empty directory, asked over HTTP, and killed.
package e2e
