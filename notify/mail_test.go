package notify

import (
	"bytes"
	"io"
	"log"
	"mime"
	"net"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/internal/storetest"
)

// mailbox is an e-mail server that keeps what it is sent.
type mailbox struct {
	addr string

	mu    sync.Mutex
	got   []*letterIn
	rcpt  func(to string) error   // before a recipient is accepted; nil accepts
	taken func(m *letterIn) error // when a message is whole, before the reply; nil accepts
	serve func()
}

// letterIn is a message as it came.
type letterIn struct{ id, to, subject, text string }

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.addr = l.Addr().String()
	m.open(t, l)
	return m
}

func (m *mailbox) open(t *testing.T, l net.Listener) (shut func()) {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: m}, nil }))
	s.Domain = "mail.example.cn"
	s.ErrorLog = log.New(io.Discard, "", 0)
	go func() { _ = s.Serve(l) }()
	shut = func() { _ = s.Close() }
	t.Cleanup(shut)
	m.serve = shut
	return shut
}

func (m *mailbox) letters() []*letterIn {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.got)
}

// session is go-smtp's.
type session struct {
	box *mailbox
	to  string
}

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	s.box.mu.Lock()
	rcpt := s.box.rcpt
	s.box.mu.Unlock()
	if rcpt != nil {
		return rcpt(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := read(data)
	if err != nil {
		return err
	}
	m.to = s.to
	s.box.mu.Lock()
	taken := s.box.taken
	s.box.mu.Unlock()
	if taken != nil {
		if err := taken(m); err != nil {
			return err
		}
	}
	s.box.mu.Lock()
	s.box.got = append(s.box.got, m)
	s.box.mu.Unlock()
	return nil
}

func read(data []byte) (*letterIn, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	words := &mime.WordDecoder{}
	subject, err := words.DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		return nil, err
	}
	body, err := decoded(msg)
	return &letterIn{id: msg.Header.Get("Message-ID"), subject: subject, text: string(body)}, err
}

func TestAnEmailTellsWhatWaits(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor, reviewer := w.as(t, "长春编辑", catalog.RoleEditor, "changchun"), w.as(t, "长春审核", catalog.RoleReviewer, "changchun")
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	running(t, sender)

	// The address is the reviewer's own: a code that was sent there says so.
	w.mailed(t, reviewer, "", catalog.EmailImmediate, false)
	address := "shenhe@example.cn"
	if err := w.store.AskEmail(reviewer, &address); err != nil {
		t.Fatal(err)
	}
	await(t, "the code comes", func() (bool, any) { return len(box.letters()) == 1, box.letters() })
	code := regexp.MustCompile(`\b\d{8}\b`).FindString(box.letters()[0].text)
	for _, wrong := range []string{"", "0000 0000x", code + "1"} {
		if err := w.store.ConfirmEmail(reviewer, wrong); catalog.ErrorKindOf(err) != catalog.KindInvalid {
			t.Errorf("confirmed by %q: %v", wrong, err)
		}
	}
	if err := w.store.ConfirmEmail(editor, code); catalog.ErrorKindOf(err) != catalog.KindInvalid {
		t.Errorf("confirmed by somebody else: %v", err)
	}
	if err := w.store.ConfirmEmail(reviewer, code[:4]+" "+code[4:]); err != nil {
		t.Fatal(err)
	}
	if err := w.store.AskEmail(reviewer, &address); catalog.ErrorKindOf(err) != catalog.KindLimit {
		t.Errorf("another code at once: %v", err)
	}

	w.submit(t, editor, "老旧小区加装电梯")
	await(t, "the e-mail comes", func() (bool, any) { return len(box.letters()) == 2, box.letters() })
	got := box.letters()[1]
	if got.to != address || got.subject != "[吉思广益] 案例《老旧小区加装电梯》等待审核，由长春编辑提交" {
		t.Errorf("to %s, subject %q", got.to, got.subject)
	}
	for _, want := range []string{"长春审核：您好", "· 案例《老旧小区加装电梯》等待审核，由长春编辑提交", "https://jisi.example.cn/cases/told-of-1", "https://jisi.example.cn/account"} {
		if !strings.Contains(got.text, want) {
			t.Errorf("the text lacks %q:\n%s", want, got.text)
		}
	}
	if !regexp.MustCompile(`^<[0-9a-f]{32}@example\.cn>$`).MatchString(got.id) {
		t.Errorf("Message-ID %s", got.id)
	}
}

func TestWhoMayNotReadIsSentNothing(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	for _, who := range []struct {
		name      string
		role      catalog.Role
		committee string
	}{{"吉林市审核", catalog.RoleReviewer, "jilin-shi"}, {"长春读者", catalog.RoleReader, "changchun"}, {"已撤销的审核", catalog.RoleReviewer, "changchun"}, {"长春审核", catalog.RoleReviewer, "changchun"}} {
		w.mailed(t, w.as(t, who.name, who.role, who.committee), who.name+"@example.cn", catalog.EmailImmediate, false)
	}
	w.submit(t, editor, "只有审核知道")
	// Queued for it while it was good, and revoked before it is sent.
	if _, err := w.store.QueueNotices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := w.deliveries(t)[catalog.DeliveryPending]; n != 2 {
		t.Errorf("%d deliveries, want those of the two reviewers", n)
	}
	if _, err := w.store.RevokeToken(t.Context(), "已撤销的审核"); err != nil {
		t.Fatal(err)
	}
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	running(t, sender)
	await(t, "one is sent and one dropped", func() (bool, any) {
		n := w.deliveries(t)
		return n[catalog.DeliverySent] == 1 && n[catalog.DeliveryDropped] == 1, n
	})
	if got := box.letters(); len(got) != 1 || got[0].to != "长春审核@example.cn" {
		t.Errorf("sent %+v", got)
	}
}

func TestADailyEmailHasWhatIsUnread(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor, reviewer := w.as(t, "长春编辑", catalog.RoleEditor, "changchun"), w.as(t, "长春审核", catalog.RoleReviewer, "changchun")
	w.mailed(t, reviewer, "shenhe@example.cn", catalog.EmailDaily, false)
	for _, title := range []string{"第一件", "第二件", "第三件"} {
		w.submit(t, editor, title)
		if _, err := w.store.QueueNotices(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	if n := w.deliveries(t); n[catalog.DeliveryPending] != 1 {
		t.Fatalf("deliveries %v, want one for the day", n)
	}
	if _, ok, err := w.store.ClaimDelivery(t.Context(), catalog.ByEmail, "x", testLease); ok || err != nil {
		t.Fatalf("it is due before its hour: %v", err)
	}
	first := 1
	page, err := w.store.Notices(reviewer, nil, catalog.PageArgs{First: &first})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.store.MarkNoticesRead(reviewer, []catalog.ID{page.Items[0].ID}); err != nil {
		t.Fatal(err)
	}
	w.due(t)
	running(t, sender)
	await(t, "the e-mail comes", func() (bool, any) { return len(box.letters()) == 1, w.deliveries(t) })
	got := box.letters()[0]
	if got.subject != "[吉思广益] 每日通知：2 条" || strings.Contains(got.text, "第三件") || strings.Index(got.text, "第一件") > strings.Index(got.text, "第二件") {
		t.Errorf("%s\n%s", got.subject, got.text)
	}
	// What comes after it was sent is the next day's.
	w.submit(t, editor, "第四件")
	await(t, "the next day's is there", func() (bool, any) { n := w.deliveries(t); return n[catalog.DeliveryPending] == 1, n })
}

func TestRefusalsAreTriedAgainOrGivenUp(t *testing.T) {
	t.Parallel()
	w, box := newWorld(t), newMailbox(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	reviewer := w.as(t, "长春审核", catalog.RoleReviewer, "changchun")
	w.mailed(t, reviewer, "shenhe@example.cn", catalog.EmailImmediate, false)
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	running(t, sender)
	reply := func(rcpt func(string) error, taken func(*letterIn) error) {
		box.mu.Lock()
		box.rcpt, box.taken = rcpt, taken
		box.mu.Unlock()
	}
	code := func(n int) error { return &smtp.SMTPError{Code: n, Message: "no"} }

	reply(func(string) error { return code(451) }, nil)
	w.submit(t, editor, "暂时不收")
	await(t, "it waits for another try", func() (bool, any) {
		d := w.last(t)
		return d.Tries == 1 && d.State == catalog.DeliveryPending && d.Problem != nil, d
	})
	reply(nil, func(*letterIn) error { return code(452) })
	w.due(t)
	await(t, "it waits again", func() (bool, any) { d := w.last(t); return d.Tries == 2 && d.State == catalog.DeliveryPending, d })
	reply(nil, nil)
	w.due(t)
	await(t, "it is sent", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliverySent, d })

	for _, refuse := range []func(){
		func() { reply(func(string) error { return code(550) }, nil) },
		func() { reply(nil, func(*letterIn) error { return code(554) }) },
	} {
		refuse()
		before := w.last(t).ID // which may have been given up, too
		w.submit(t, editor, "一直不收")
		await(t, "it is given up", func() (bool, any) {
			d := w.last(t)
			return d.ID != before && d.State == catalog.DeliveryFailed && d.Problem != nil && strings.Contains(*d.Problem, "55"), d
		})
	}
	reply(nil, nil)
	admin := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "root", Role: catalog.RoleAdmin})
	if err := w.store.RetryDelivery(reviewer, w.last(t).GlobalID()); catalog.ErrorKindOf(err) != catalog.KindForbidden {
		t.Errorf("a reviewer has it sent again: %v", err)
	}
	if err := w.store.RetryDelivery(admin, w.last(t).GlobalID()); err != nil {
		t.Fatal(err)
	}
	await(t, "what an admin has sent again is sent", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliverySent, d })
	if got := len(box.letters()); got != 2 {
		t.Errorf("%d letters, want 2", got)
	}
	// After the last try it is given up.
	box.serve()
	w.submit(t, editor, "没有服务器")
	await(t, "it waits", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliveryPending && d.Tries == 1, d })
	storetest.SQL(t, w.url, `UPDATE deliveries SET tries = $1, due_at = now() WHERE state = 'PENDING'`, catalog.MaxDeliveryTries-1)
	await(t, "it is given up", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliveryFailed, d })
	l, err := net.Listen("tcp", box.addr)
	if err != nil {
		t.Fatal(err)
	}
	box.open(t, l)
	if err := w.store.RetryDelivery(admin, w.last(t).GlobalID()); err != nil {
		t.Fatal(err)
	}
	await(t, "the server is back and has it", func() (bool, any) { return len(box.letters()) == 3, w.last(t) })
}

// last is the newest delivery.
func (w *world) last(t *testing.T) *catalog.Delivery {
	t.Helper()
	admin := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "root", Role: catalog.RoleAdmin})
	all, err := w.store.Deliveries(admin, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return &catalog.Delivery{}
	}
	return all[0]
}
