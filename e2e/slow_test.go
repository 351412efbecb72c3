package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whoever holds connections open by sending next to nothing, as slowloris does,
// is cut off, and nobody else notices.
func TestSlowClientsAreCutOffAndOthersServed(t *testing.T) {
	t.Parallel()
	s := newStartedPlace(t).serve(t)
	want := s.counts(t)
	var slow []net.Conn
	for i := range 300 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() }) // the test is over
		if _, err := fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: jisi\r\nX-Slow: %d", i); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
	}
	for range 20 {
		if got := s.counts(t); got != want {
			t.Fatalf("beside them: %+v, want %+v", got, want)
		}
	}
	for i, conn := range slow {
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		// It may say 408 first. What counts is that it ends.
		if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Fatalf("connection %d is still open after %v", i, patience)
		}
	}
}

func TestNoRequestUnderWayIsCutAtAStop(t *testing.T) {
	t.Parallel()
	s := newStartedPlace(t).serve(t)
	var under []net.Conn
	for range 20 {
		under = append(under, s.slowRequest(t))
	}
	s.counts(t) // so that those, which came before, have been accepted
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it takes no new ones", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			_ = conn.Close() // it was only a try
		}
		return err != nil
	})
	for i, conn := range under {
		if _, err := io.WriteString(conn, "}"); err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("request %d has no answer: %v", i, err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close() // it is read
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(text), "totalCount") {
			t.Errorf("request %d: status %d, %s, %v", i, response.StatusCode, text, err)
		}
	}
	if code := s.wait(t); code != 0 || strings.Contains(s.log.String(), "cut off") {
		t.Errorf("exit code %d; its log:\n%s", code, s.log)
	}
}
