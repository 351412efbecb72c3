package store

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// acknowledgedWithin returns what sets up a connection so that it ends where what it
// sent is not acknowledged within the time. By itself Linux sends again for some 15
// minutes.
func acknowledgedWithin(most time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(network, _ string, c syscall.RawConn) error {
		if network == "unix" {
			return nil
		}
		var err error
		outer := c.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(most.Milliseconds()))
		})
		if outer != nil {
			return outer
		}
		return err
	}
}
