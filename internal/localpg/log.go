package localpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// maxLog is how many bytes the server's log may have before it begins anew; what
// it had is kept once, in a file beside it.
const maxLog = 8 * megabyte

// openLog opens the server's log for it to append to.
func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the server's log: %w", err)
	}
	err = inheritOwner(f)
	if err == nil {
		err = trimLog(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// trimLog begins a log anew that has grown too long. The file stays the same, as
// a server may be writing to it; what it writes between the copy and the cut is
// lost.
func trimLog(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Size() <= maxLog {
		return err
	}
	old, err := os.OpenFile(f.Name()+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("keeping the server's old log: %w", err)
	}
	// Its end only, should it have grown while nobody looked.
	_, err = io.Copy(old, io.NewSectionReader(f, max(0, info.Size()-maxLog), maxLog))
	if err = errors.Join(err, old.Close()); err != nil {
		return fmt.Errorf("keeping the server's old log: %w", err)
	}
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("beginning the server's log anew: %w", err)
	}
	return nil
}
