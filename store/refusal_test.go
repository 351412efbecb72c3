package store

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

// What PgBouncer 1.18 says of its own troubles, all with the code of a broken protocol:
// the operator is told which setting it is, and somebody else to try again.
func TestWhatAPoolerRefusesSaysWhatToDo(t *testing.T) {
	for says, want := range map[string]string{
		"server login has been failing, try again later (server_login_retry)": "server_login_retry",
		"no more connections allowed (max_client_conn)":                       "max_client_conn",
		"query_wait_timeout": "default_pool_size",
		"transaction blocks not allowed in statement pooling mode": "pool_mode",
	} {
		err := refused(&pgconn.PgError{Severity: "FATAL", Code: "08P01", Message: says})
		if catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// A start waits for what says that it will take connections by itself, and for nothing
// else; a stop ends the waiting. That a real PgBouncer says so is e2e's to meet, where
// PostgreSQL is restarted behind one.
func TestAStartWaitsForADatabaseThatWillBeReady(t *testing.T) {
	for _, tt := range []struct {
		err  error
		asks int
	}{
		{&pgconn.PgError{Code: "08P01", Message: "server login has been failing, try again later (server_login_retry)"}, 3},
		{fmt.Errorf("connect: %w", &pgconn.PgError{Code: cannotConnectNow, Message: "the database system is starting up"}), 3},
		{&pgconn.PgError{Code: "28P01", Message: "password authentication failed"}, 1},
		{&pgconn.PgError{Code: "3D000", Message: "there is no such database"}, 1},
		{syscall.ECONNREFUSED, 1},
	} {
		asks := 0
		err := untilReady(t.Context(), func() error {
			if asks++; asks < 3 {
				return tt.err
			}
			return nil
		})
		if asks != tt.asks || (err == nil) != (tt.asks == 3) {
			t.Errorf("%v: asked %d times, %v", tt.err, asks, err)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := untilReady(stopped, func() error { return &pgconn.PgError{Code: cannotConnectNow} }); err == nil {
		t.Error("a start that is stopped goes on")
	}
}
