package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/store"
)

func TestATransactionThatHoldsChangesBackIsToldAfter30Seconds(t *testing.T) {
	var log bytes.Buffer
	h := &heldBack{log: slog.New(slog.NewTextHandler(&log, nil))}
	start := time.Now()
	var last sighting
	for _, tt := range []struct {
		at    time.Duration
		found *store.Holder
		lines int // so far
		held  bool
	}{
		{0, nil, 0, false},
		{5 * time.Second, &store.Holder{XID: "7", PID: 3, Age: 10 * time.Second}, 0, false},
		{25 * time.Second, &store.Holder{XID: "7", PID: 3, Age: 30 * time.Second}, 1, true},
		{30 * time.Second, &store.Holder{XID: "7", PID: 3, Age: 35 * time.Second}, 1, true},
		{6 * time.Minute, &store.Holder{XID: "7", PID: 3, Age: 365 * time.Second}, 2, true},
		{7 * time.Minute, nil, 3, false}, // it has ended
		// Whose age we may not know.
		{8 * time.Minute, &store.Holder{XID: "9", Prepared: "p"}, 3, false},
		{8*time.Minute + 29*time.Second, &store.Holder{XID: "9", Prepared: "p"}, 3, false},
		{8*time.Minute + 31*time.Second, &store.Holder{XID: "9", Prepared: "p"}, 4, true},
		{8*time.Minute + 35*time.Second, &store.Holder{XID: "10", PID: 4}, 5, false}, // another one
		{8*time.Minute + 60*time.Second, &store.Holder{XID: "11", PID: 5}, 5, false}, // and another: none is old
	} {
		h.look(t.Context(), &last, tt.found, start.Add(tt.at))
		if lines := strings.Count(log.String(), "\n"); lines != tt.lines || (h.age() != 0) != tt.held {
			t.Errorf("after %v: %d lines, want %d; held back %v, want %v:\n%s", tt.at, lines, tt.lines, h.age(), tt.held, &log)
		}
	}
	if !strings.Contains(log.String(), "pid=3") || !strings.Contains(log.String(), "prepared=p") {
		t.Errorf("the log names neither: %s", &log)
	}
}
