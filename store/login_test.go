package store_test

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/store"
)

// asksForSHA256 is a server that asks for a login as drivers of openGauss and GaussDB
// expect it: code 10, how the password is stored, 64 and 8 hexadecimal digits, and the
// iterations. It is made by those drivers; no openGauss was at hand.
func asksForSHA256(t *testing.T, iterations uint32) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	message := binary.BigEndian.AppendUint32([]byte{'R'}, 4+4+4+64+8+4)
	message = binary.BigEndian.AppendUint32(message, 10)
	message = binary.BigEndian.AppendUint32(message, 2)
	message = append(message, strings.Repeat("0a", 32)+strings.Repeat("0b", 4)...)
	message = binary.BigEndian.AppendUint32(message, iterations)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // the test is over
			}
			go func() {
				defer conn.Close()
				var size [4]byte
				if _, err := io.ReadFull(conn, size[:]); err != nil {
					return
				}
				if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(size[:]))-4); err != nil {
					return
				}
				_, _ = conn.Write(message)
				_, _ = io.Copy(io.Discard, conn) // until the other side gives up
			}()
		}
	}()
	return "postgres://jisi:secret@" + l.Addr().String() + "/jisi?sslmode=disable"
}

func TestALoginThatIsNotPostgreSQLsIsRecognised(t *testing.T) {
	for _, iterations := range []uint32{2048, 10000} { // pgx fails of each in another way
		address := asksForSHA256(t, iterations)
		_, opening := store.Open(t.Context(), address, store.Options{})
		_, examining := store.Examine(t.Context(), address)
		for what, err := range map[string]error{"opening": opening, "examining": examining, "migrating": store.Migrate(t.Context(), address)} {
			if catalog.ErrorKindOf(err) != catalog.KindUnavailable || !strings.Contains(err.Error(), "openGauss") || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s, %d iterations: %v", what, iterations, err)
			}
		}
	}
}
