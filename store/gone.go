package store

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// connectTimeout bounds one attempt to connect where the url does not say: a
// machine that is gone answers nothing at all, and requests should not wait for
// what the network's own timeouts take, which are minutes.
const connectTimeout = 3 * time.Second

// isUnavailable reports whether the database could not be reached, or went
// away in the middle, as opposed to having refused a statement.
func isUnavailable(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || pgconn.SafeToRetry(err) || isCut(err) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:2]
		switch pg.Code {
		case queryCanceled: // the caller's own cancelling
			return false
		case lockNotAvailable, // somebody else has the table
			deadlockDetected, serializationFailure, // or more than one, in another order
			readOnlyTransaction,                  // a primary that has become a standby
			insufficientPrivilege,                // a user that may not
			ioError,                              // a disk that fails
			unknownStatement, duplicateStatement: // a pooler that shares connections
			return true
		}
		return class == classConnection || class == classInsufficientResources || class == classOperatorIntervention
	}
	return false
}

// isCut reports whether a connection ended in the middle, as it does where a
// server is killed and cannot say so. pgx returns what the network said as it is;
// an error of a file or a pipe, which may come by in a transaction too, is none.
func isCut(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network)
}
