// Package pgproc finds the programs of a PostgreSQL server on this machine,
// chooses the user that may run them, and runs them.
//
// It knows nothing of how long a server lives or who shares it: localpg keeps
// a durable cluster with it, and pgtest a throw-away one. It opens no database
// connection.
//
// It runs on Unix only, as everything here rests on users, process groups and
// inherited file descriptors.
package pgproc
