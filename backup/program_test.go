package backup

import (
	"testing"
	"time"
)

// slow takes its time with what it is given, as psql does where an index is made.
type slow struct{ taken int }

func (s *slow) Write(p []byte) (int, error) {
	time.Sleep(400 * time.Millisecond)
	s.taken += len(p)
	return len(p), nil
}

// The program has long ended when the last of what it wrote is taken.
func TestWhatAProgramWroteIsTakenAfterItHasEnded(t *testing.T) {
	const size = 6 * 32 << 10 // six pieces of io.Copy's, the last two in the pipe when it ends
	to := &slow{}
	if err := run(t.Context(), program{path: "/bin/sh", args: []string{"-c", "head -c 196608 /dev/zero"}, out: to}); err != nil || to.taken != size {
		t.Errorf("taken %d of %d: %v", to.taken, size, err)
	}
}
