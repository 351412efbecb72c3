package notify

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/pgtest"
	"github.com/jisiguangyi/jisi/internal/storetest"
	"github.com/jisiguangyi/jisi/store"
)

// helperEnv has the test's binary send, as a server of its own, until it is killed:
// database, e-mail server.
const helperEnv = "JISI_TEST_SENDER"

func TestMain(m *testing.M) {
	if settings := os.Getenv(helperEnv); settings != "" {
		url, smtp, _ := strings.Cut(settings, " ")
		if err := sendUntilKilled(url, smtp); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	pgtest.Main(m)
}

const (
	testLease = 2 * time.Second
	testPause = 30 * time.Millisecond
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func sendUntilKilled(url, smtp string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	sender, err := newSender(s, smtp)
	if err != nil {
		return err
	}
	return sender.Run(ctx)
}

func newSender(s Queue, smtp string) (*Sender, error) {
	host, port, err := net.SplitHostPort(smtp)
	if err != nil {
		return nil, err
	}
	settings := MailSettings{Host: host, Security: "none", From: "吉思广益 <jisi@example.cn>"}
	if _, err := fmt.Sscan(port, &settings.Port); err != nil {
		return nil, err
	}
	m, err := NewMailer(settings)
	if err != nil {
		return nil, err
	}
	return New(Options{
		Queue: s, Mail: m, Hooks: NewPoster(loopback), Address: "https://jisi.example.cn", Log: slog.New(slog.DiscardHandler), Lease: testLease, Pause: testPause,
	}), nil
}

// world is a knowledge base with people in it.
type world struct {
	store *store.Store
	url   string
	n     int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, url := storetest.SeededAt(t)
	return &world{store: s, url: url}
}

// as returns a context in which somebody with an account does things.
func (w *world) as(t *testing.T, name string, role catalog.Role, committee string) context.Context {
	t.Helper()
	text, _, err := w.store.CreateToken(t.Context(), &catalog.AccessTokenInput{Name: name, Role: role, Committee: committee, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := catalog.ParseCredential(catalog.TokenPrefix, text)
	v, err := w.store.ViewerByToken(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return catalog.WithViewer(t.Context(), v)
}

// submit has a case wait for review, of which reviewers are told.
func (w *world) submit(t *testing.T, editor context.Context, title string) {
	t.Helper()
	w.n++
	in := &catalog.CaseInput{InputMeta: catalog.InputMeta{Slug: fmt.Sprintf("told-of-%d", w.n), Origin: catalog.OriginContributed}, Title: title, Committee: "changchun"}
	done, err := w.store.Edit(editor, catalog.Edit{Action: catalog.ActionCreate, Kind: catalog.KindCase, Input: in})
	if err == nil {
		_, err = w.store.Edit(editor, catalog.Edit{Action: catalog.ActionSubmit, Kind: catalog.KindCase, ID: done.ID, Version: done.Version})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// mailed sets the address of the account without asking for a code, and has it told at
// this pace.
func (w *world) mailed(t *testing.T, who context.Context, address string, pace catalog.EmailPace, webhook bool) {
	t.Helper()
	choices := []catalog.DeliveryChoice{}
	for _, kind := range catalog.NoticeKinds {
		choices = append(choices, catalog.DeliveryChoice{Kind: kind, Email: pace, Webhook: webhook})
	}
	if err := w.store.ChooseDelivery(who, choices); err != nil {
		t.Fatal(err)
	}
	if address != "" {
		storetest.SQL(t, w.url, `UPDATE delivery_settings SET email = $1 WHERE name = $2`, address, catalog.ViewerFrom(who).Name)
	}
}

// deliveries counts by state.
func (w *world) deliveries(t *testing.T) map[catalog.DeliveryState]int {
	t.Helper()
	admin := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "root", Role: catalog.RoleAdmin})
	all, err := w.store.Deliveries(admin, nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	n := map[catalog.DeliveryState]int{}
	for _, d := range all {
		n[d.State]++
	}
	return n
}

// due has all that waits for another try tried now.
func (w *world) due(t *testing.T) {
	t.Helper()
	storetest.SQL(t, w.url, `UPDATE deliveries SET due_at = now() WHERE state = 'PENDING'`)
}

// await waits until what holds, and says at the end what was seen.
func await(t *testing.T, what string, holds func() (bool, any)) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		ok, seen := holds()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not so in time: %s; seen %v", what, seen)
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
}

// running runs a sender until the test ends.
func running(t *testing.T, s *Sender) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// startSender starts a server of its own that sends, and returns how to kill it with
// signal 9. Killing twice is killing once.
func startSender(t *testing.T, w *world, smtp string) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+w.url+" "+smtp)
	cmd.Stderr = os.Stderr
	cmd.Stdout = io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	kill = func() {
		_ = cmd.Process.Kill()
		<-ended
	}
	t.Cleanup(kill)
	return kill
}
