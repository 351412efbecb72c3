package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// The conditions of PostgreSQL (SQLSTATE) that jisi tells apart, by the names that
// its manual has in appendix A.
const (
	diskFull                   = "53100"
	ioError                    = "58030"
	insufficientPrivilege      = "42501"
	queryCanceled              = "57014"
	characterNotInRepertoire   = "22021"
	uniqueViolation            = "23505"
	undefinedTable             = "42P01"
	undefinedColumn            = "42703"
	deadlockDetected           = "40P01"
	serializationFailure       = "40001"
	tooManyConnections         = "53300"
	lockNotAvailable           = "55P03"
	readOnlyTransaction        = "25006"
	unknownStatement           = "26000"
	duplicateStatement         = "42P05"
	cannotConnectNow           = "57P03"
	classConnection            = "08"
	classDataException         = "22"
	classIntegrityConstraint   = "23"
	classInsufficientResources = "53"
	classOperatorIntervention  = "57"
)

// sqlState returns the condition that an error of the database names, and its
// class; both are "" for every other error.
func sqlState(err error) (code, class string) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || len(pg.Code) < 2 {
		return "", ""
	}
	return pg.Code, pg.Code[:2]
}
