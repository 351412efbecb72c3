package notify

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

func decoded(msg *netmail.Message) ([]byte, error) {
	switch strings.ToLower(msg.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(msg.Body))
	case "base64":
		return io.ReadAll(base64.NewDecoder(base64.StdEncoding, msg.Body))
	}
	return io.ReadAll(msg.Body)
}

// A server that is killed before the e-mail is handed over leaves it to the next one;
// one that is killed after the mail server has it, before that was noted, is not
// followed by a second e-mail.
func TestAKilledServerSendsNothingTwiceAndLosesNothing(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	w.mailed(t, w.as(t, "长春审核", catalog.RoleReviewer, "changchun"), "shenhe@example.cn", catalog.EmailImmediate, false)

	killed := make(chan struct{})
	first := startSender(t, w, box.addr)
	box.mu.Lock()
	box.rcpt = func(string) error {
		box.mu.Lock()
		box.rcpt = nil
		box.mu.Unlock()
		first()
		close(killed)
		return nil
	}
	box.mu.Unlock()
	w.submit(t, editor, "交付之前")
	<-killed
	if d := w.last(t); len(box.letters()) != 0 || d.State != catalog.DeliverySending {
		t.Fatalf("when it was killed: %+v, sent %v", d, box.letters())
	}
	second := startSender(t, w, box.addr)
	await(t, "the next server sends it", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliverySent && d.Tries == 2, d })

	box.mu.Lock()
	box.taken = func(*letterIn) error {
		box.mu.Lock()
		box.taken = nil
		box.mu.Unlock()
		second() // after the mail server has the whole of it, before it says so
		return nil
	}
	box.mu.Unlock()
	w.submit(t, editor, "交付之后")
	await(t, "the mail server has it", func() (bool, any) { return len(box.letters()) == 2, w.last(t) })
	startSender(t, w, box.addr)
	await(t, "nobody knows, and an admin is shown it", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliveryUncertain && d.Problem != nil, d })
	w.submit(t, editor, "以后的")
	await(t, "what comes after it is sent", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliverySent, d })
	if got := box.letters(); len(got) != 3 || !strings.Contains(got[1].text, "交付之后") || !strings.Contains(got[2].text, "以后的") {
		t.Errorf("sent %d letters", len(got))
	}
}

// Three servers on one database, killed and started again while the mail server fails
// now and then: each notice arrives once, but for those that are shown as uncertain.
func TestServersThatAreKilledAtRandomSendEachNoticeOnce(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	const reviewers, notices = 4, 12
	for i := range reviewers {
		w.mailed(t, w.as(t, fmt.Sprintf("审核%d", i), catalog.RoleReviewer, "changchun"), fmt.Sprintf("r%d@example.cn", i), catalog.EmailImmediate, false)
	}
	n := 0
	var kills []func()
	box.taken = func(*letterIn) error {
		box.mu.Lock()
		n++
		now := n
		box.mu.Unlock()
		if now%5 == 0 {
			return &smtp.SMTPError{Code: 451, Message: "later"}
		}
		return nil
	}
	for range 3 {
		kills = append(kills, startSender(t, w, box.addr))
	}
	for i := range notices {
		w.submit(t, editor, fmt.Sprintf("第%d件", i))
		if i%3 == 2 {
			kills[i%len(kills)]()
			kills[i%len(kills)] = startSender(t, w, box.addr)
		}
	}
	await(t, "all is done with", func() (bool, any) {
		storetest.SQL(t, w.url, `UPDATE deliveries SET due_at = now() WHERE state = 'PENDING' AND due_at > now()`)
		got := w.deliveries(t)
		queued := 0
		for _, c := range got {
			queued += c
		}
		left := got[catalog.DeliveryPending] + got[catalog.DeliverySending] + got[catalog.DeliveryHanding]
		return queued > 0 && left == 0 && w.queued(t) == 0, got
	})
	got := w.deliveries(t)
	seen := map[string]int{}
	for _, m := range box.letters() {
		seen[m.id]++
		for i := range notices {
			if strings.Contains(m.text, fmt.Sprintf("《第%d件》", i)) {
				seen[fmt.Sprintf("%s %d", m.to, i)]++
			}
		}
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", what, n)
		}
	}
	missing := 0
	for r := range reviewers {
		for i := range notices {
			if seen[fmt.Sprintf("r%d@example.cn %d", r, i)] == 0 {
				missing++
			}
		}
	}
	// Of those killed between, at most the message under way is uncertain; it may have
	// several notices.
	if missing > 0 && got[catalog.DeliveryUncertain] == 0 {
		t.Errorf("%d did not arrive, and no delivery says so: %v", missing, got)
	}
	if got[catalog.DeliveryFailed]+got[catalog.DeliveryDropped] > 0 || len(box.letters()) < got[catalog.DeliverySent] {
		t.Errorf("%d letters of %v", len(box.letters()), got)
	}
	t.Logf("%d letters; deliveries %v; %d notices in those that are uncertain and did not arrive", len(box.letters()), got, missing)
}

// queued counts the notices that nobody has looked at.
func (w *world) queued(t *testing.T) int {
	t.Helper()
	n, err := w.store.QueuedNotices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A webhook of our own form is sent again with the same id, by which its receiver knows
// it; a robot's message is not sent again.
func TestAKilledServerSendsAWebhookAgainByTheSameID(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	w.mailed(t, w.as(t, "长春审核", catalog.RoleReviewer, "changchun"), "", catalog.EmailOff, true)
	r := newReceiver(t)
	secret := r.hook(t, w, "接口", catalog.WebhookGeneric)
	r.hook(t, w, "群", catalog.WebhookWeCom)
	kill := startSender(t, w, box.addr)
	var once sync.Once
	var wait sync.WaitGroup
	wait.Add(2)
	r.before(func(string) { // both have come, and none was answered
		wait.Done()
		wait.Wait()
		once.Do(kill)
	})
	w.submit(t, editor, "有人要看")
	await(t, "both have come", func() (bool, any) { return len(r.posts()) == 2, w.deliveries(t) })
	r.before(nil)
	startSender(t, w, box.addr)
	await(t, "one was sent again, the other is uncertain", func() (bool, any) {
		got := w.deliveries(t)
		return got[catalog.DeliverySent] == 1 && got[catalog.DeliveryUncertain] == 1, got
	})
	ids := map[string]int{}
	for _, p := range r.posts() {
		if p.path != "/接口" {
			ids["robot"]++
			continue
		}
		ids[p.header.Get("webhook-id")]++
		if err := p.verify(secret); err != nil {
			t.Error(err)
		}
	}
	if len(ids) != 2 || ids["robot"] != 1 {
		t.Errorf("came by id: %v; want one id twice, and the robot's once", ids)
	}
}
