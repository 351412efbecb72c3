package indexer

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnIndexThatCannotBeWrittenSaysSo(t *testing.T) {
	x, _ := indexOf(t, doc(1, "一", ""))
	full := errors.New("no space left on device")
	writeErrorListener.tell(full, t.TempDir()) // another's
	if err := x.State().LastError; err != nil {
		t.Errorf("before it was told: %v", err)
	}
	writeErrorListener.tell(full, x.gen.path)
	if err := x.State().LastError; !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

func TestAComplaintEndsWhenWritingGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := writeErrors{about: map[string]writeError{}}
		c.tell(errors.New("full"), "here")
		time.Sleep(writeErrorLasts - time.Millisecond) //nolint:forbidigo // of a clock that waits for nobody
		if c.of("here") == nil {
			t.Error("it has ended too early")
		}
		time.Sleep(2 * time.Millisecond) //nolint:forbidigo // as above
		if err := c.of("here"); err != nil {
			t.Errorf("%v has not ended", err)
		}
	})
}
