package meaning

import (
	"log/slog"
	"testing"
	"time"
)

// A server that is busy costs the cached answers once a moment, however many queries wait
// for it in vain; and once they have, whoever asks the same again is answered anew.
func TestABusyServerTakesTheCachedAnswersOnceAMoment(t *testing.T) {
	client, err := NewClient(Settings{URL: "http://127.0.0.1:1/v1", Model: "none", Budget: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	s := New(client, nil, slog.New(slog.DiscardHandler))
	before := s.Version()
	for range 100 {
		s.busy()
	}
	if now := s.Version(); now != before {
		t.Errorf("%d changes at once", now-before)
	}
	for end := time.Now().Add(10 * busyFor); s.Version() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the answers stay")
		}
	}
	if now := s.Version(); now != before+1 {
		t.Errorf("%d changes for one moment", now-before)
	}
	s.busy()
	for end := time.Now().Add(10 * busyFor); s.Version() == before+1; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the next one that waits in vain is not heard of")
		}
	}
}
