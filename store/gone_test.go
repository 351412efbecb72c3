package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/jisiguangyi/jisi/catalog"
)

func TestADatabaseThatIsGoneIsToldFromOneThatRefuses(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want catalog.ErrorKind
	}{
		{&pgconn.ConnectError{}, catalog.KindUnavailable},
		{&pgconn.PgError{Code: "57P01"}, catalog.KindUnavailable}, // it is being stopped
		{&pgconn.PgError{Code: "57P03"}, catalog.KindUnavailable}, // it is starting
		{&pgconn.PgError{Code: "53100"}, catalog.KindUnavailable}, // its disk is full
		{&pgconn.PgError{Code: "53300"}, catalog.KindUnavailable}, // it has no connection left
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), catalog.KindUnavailable},
		{&net.OpError{Op: "read", Net: "unix", Err: syscall.ECONNRESET}, catalog.KindUnavailable},
		{&pgconn.PgError{Code: "57014"}, catalog.KindInternal},    // a statement that was cancelled
		{&pgconn.PgError{Code: "40P01"}, catalog.KindUnavailable}, // two that waited for each other, again and again
		{&pgconn.PgError{Code: "42601"}, catalog.KindInternal},    // one that is wrong
		{&fs.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, catalog.KindInternal},
		{errors.New("other"), catalog.KindInternal},
	} {
		if got := catalog.ErrorKindOf(wrap("test", tt.err)); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.err, got, tt.want)
		}
	}
}

func TestAFullDiskIsCalledThat(t *testing.T) {
	var told *catalog.Error
	err := wrap("test", &pgconn.PgError{Code: "53100"})
	if !errors.As(err, &told) || told.Kind != catalog.KindUnavailable || told.En != "the database's disk is full; make room and try again" {
		t.Errorf("got %v", err)
	}
}
