// Package localpg keeps a private PostgreSQL cluster in the data directory, for
// a jisi that is given no DATABASE_URL.
//
// # What is where
//
//	DIR/postgres.log          what the server says
//	DIR/postgres/             the home:
//	    data/                 the cluster
//	    socket/               the server's unix socket
//	    start.lock            held while somebody starts or stops the server
//	    use.lock              shared by all who use it
//	    server.lock           held by the server's own processes
//	    programs/             downloaded programs, where there were no others
//
// The server listens on the socket alone, in a folder that only its user may
// enter; whoever can enter is let in without a password.
//
// Root can't run PostgreSQL and becomes another user for it (pgproc.AccountFor).
// Where that user can't enter DIR, as below root's own home, the home is a new
// folder of /var/lib/jisi instead, and DIR/postgres.location names it. Where the
// socket's path would be too long for the system, the socket is in a folder
// below the one for temporary files, and the home's socket.location names it.
//
// # Who starts and stops it
//
// Any number of processes may use one data directory at once, and any may be
// killed at any moment. Three file locks keep them in order; as the kernel drops
// a lock with the last process that has the file open, none is ever stale:
//
//   - server.lock is inherited by initdb, by the postmaster and by all its
//     backends. While it is held something of a server is alive, be it only a
//     backend that has outlived its killed postmaster, and no other server may
//     be started. No process number is trusted for this.
//   - use.lock is held, shared, by each Cluster. Who closes one and can then have
//     it alone was the last, and stops the server.
//   - start.lock is held by whoever starts or stops, so that one process does.
//
// While it holds the cluster, each process also watches server.lock, and starts
// the server again if it has died. The server is no part of the process group
// that a terminal's Ctrl-C goes to. (A service manager that signals all of a
// service's processes at once, as systemd does, should be told not to:
// KillMode=mixed.)
//
// # Where the programs come from
//
// From this machine (pgproc.Find). Where it has none and this process is root
// with a package manager at hand, Start fails with the command that installs
// them. Otherwise, for an ordinary user or on macOS, it downloads them once, with
// the embedded-postgres module, and says so in the log.
package localpg
