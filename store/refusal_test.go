package store

import (
	"strings"
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
