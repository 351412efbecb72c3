package pgproc

import (
	"fmt"
	"path/filepath"
	"strconv"
)

// maxSocketPath is the longest path of a unix socket that every system takes:
// macOS has room for 104 bytes with a closing NUL, Linux for 108.
const maxSocketPath = 103

// SocketFile returns the path of the server's socket in the folder dir.
func SocketFile(dir string) string {
	return filepath.Join(dir, ".s.PGSQL."+strconv.Itoa(Port))
}

// CheckSocketDir returns an error if the path of the folder dir is too long for
// a server's socket to be in it.
func CheckSocketDir(dir string) error {
	if n := len(SocketFile(dir)); n > maxSocketPath {
		return fmt.Errorf("the socket's path %s has %d bytes, more than the %d that fit", SocketFile(dir), n, maxSocketPath)
	}
	return nil
}
