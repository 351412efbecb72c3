// Package mcp answers assistants by the Model Context Protocol: tools that read,
// and prompts that say how to use them. Whatever it tells, it has from the same
// GraphQL as everybody else, in the name of whoever asks, with that caller's limits
// and cost; so it has no permissions of its own, and writes nothing.
//
// It does not know HTTP beyond the SDK's handler, nor where records are kept. The
// server mounts it at /mcp.
package mcp
