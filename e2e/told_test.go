package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// receivers are a mail server and a receiver of webhooks, that fail as a test says.
type receivers struct {
	mu      sync.Mutex
	letters []string          // their texts
	posts   map[string]string // what came for a webhook-id
	down    bool
	rcpt    func() // called once before a recipient is accepted
	taken   func() // called once when a letter is whole, before the reply
}

func (r *receivers) once(f *func()) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	do := *f
	*f = nil
	return do
}

func (r *receivers) failing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.down
}

// has counts the letters that tell of a title, and all posts: a group is told no title
// of what is not public.
func (r *receivers) has(title string) (letters, posts int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range r.letters {
		if strings.Contains(text, title) {
			letters++
		}
	}
	return letters, len(r.posts)
}

// session is go-smtp's.
type session struct{ of *receivers }

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	if s.of.failing() {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
	}
	if do := s.of.once(&s.of.rcpt); do != nil {
		do()
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		return err
	}
	s.of.mu.Lock()
	s.of.letters = append(s.of.letters, string(text))
	s.of.mu.Unlock()
	if do := s.of.once(&s.of.taken); do != nil {
		do()
	}
	return nil
}

// newReceivers returns the arguments with which a server tells them.
func newReceivers(t *testing.T) (r *receivers, hook string, args []string) {
	t.Helper()
	r = &receivers{posts: map[string]string{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{r}, nil }))
	s.Domain, s.ErrorLog = "mail.example.cn", log.New(io.Discard, "", 0)
	go func() { _ = s.Serve(l) }() // until it is closed
	t.Cleanup(func() { _ = s.Close() })
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body) // what did not come is told by what is missing
		if r.failing() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		r.mu.Lock()
		r.posts[request.Header.Get("webhook-id")] = string(body)
		r.mu.Unlock()
	}))
	t.Cleanup(h.Close)
	_, port, _ := net.SplitHostPort(l.Addr().String()) // of a listener
	return r, h.URL, []string{"-smtp-host", "127.0.0.1", "-smtp-port", port, "-smtp-security", "none", "-mail-from", "jisi@example.cn", "-webhook-networks", "127.0.0.0/8"}
}

// as asks in somebody's name.
func (s *server) as(t *testing.T, bearer, query string, data any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	got := s.send(t, http.MethodPost, "/graphql", bearer, "application/json", body)
	var whole struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal([]byte(got.body), &whole); err != nil || len(whole.Errors) > 0 || strings.Contains(got.body, `"messageZh":`) {
		t.Fatalf("%s: %v: %s", query, err, got.body)
	}
	if data != nil {
		if err := json.Unmarshal(whole.Data, data); err != nil {
			t.Fatal(err)
		}
	}
}

// Receivers that fail and come back, and the server killed before a letter is handed
// over and after: nothing is lost, no letter comes twice, and where nobody knows whether
// one has arrived, an admin is told.
func TestNoNoticeIsLostThoughReceiversFailAndTheServerIsKilled(t *testing.T) {
	t.Parallel()
	r, hook, args := newReceivers(t)
	p := newStartedPlace(t)
	s := p.serve(t, args...)
	admin := p.token(t, "-role", "admin", "-name", "管理")
	editor := p.token(t, "-role", "editor", "-committee", "changchun", "-name", "长春编辑")
	reviewer := p.token(t, "-role", "reviewer", "-committee", "changchun", "-name", "长春审核")

	s.as(t, reviewer, `mutation { setEmail(email: "shenhe@example.cn") { userErrors { messageZh } } }`, nil)
	code := ""
	eventually(t, "the address is asked for a code", func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, text := range r.letters {
			code = regexp.MustCompile(`\b\d{8}\b`).FindString(text)
		}
		return code != ""
	})
	s.as(t, reviewer, `mutation { confirmEmail(code: "`+code+`") { userErrors { messageZh } } chooseDelivery(kinds: [{kind: TO_REVIEW, email: IMMEDIATE, webhook: true}]) { userErrors { messageZh } } }`, nil)
	s.as(t, admin, `mutation { addWebhook(input: {name: "群", form: GENERIC, url: "`+hook+`"}) { userErrors { messageZh } } }`, nil)
	type delivery struct {
		Way, State     string
		Tries, Notices int
	}
	deliveries := func() []delivery {
		var got struct {
			Viewer struct{ Deliveries []delivery }
		}
		s.as(t, admin, `{ viewer { deliveries(first: 500) { way state tries notices } } }`, &got)
		return got.Viewer.Deliveries
	}
	submit := func(title string) {
		t.Helper()
		var got struct {
			Done struct {
				Record struct {
					ID      string
					Version int
				}
			}
		}
		s.as(t, editor, `mutation { done: createCase(input: {title: "`+title+`", committee: "changchun"}) { record { id version } } }`, &got)
		s.as(t, editor, fmt.Sprintf(`mutation { submitCase(id: %q, version: %d) { userErrors { messageZh } } }`, got.Done.Record.ID, got.Done.Record.Version), nil)
	}
	kill := func() { // from where a receiver is called
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	killed := func(when *func()) (done chan struct{}) {
		done = make(chan struct{})
		r.mu.Lock()
		defer r.mu.Unlock()
		*when = func() { kill(); close(done) }
		return done
	}

	r.mu.Lock()
	r.down = true
	r.mu.Unlock()
	submit("都不通时的案例")
	eventually(t, "both were tried in vain", func() bool {
		tried := map[string]bool{}
		for _, d := range deliveries() {
			tried[d.Way] = tried[d.Way] || d.State == "PENDING" && d.Tries > 0
		}
		return tried["EMAIL"] && tried["WEBHOOK"]
	})
	kill()
	r.mu.Lock()
	r.down = false
	r.mu.Unlock()
	s = p.serve(t, args...)
	eventually(t, "both are told when they are back", func() bool { letters, posts := r.has("都不通时的案例"); return letters > 0 && posts > 0 })

	before := killed(&r.rcpt)
	submit("交出之前的案例")
	<-before
	s = p.serve(t, args...)
	after := killed(&r.taken)
	submit("交出之后的案例")
	<-after
	s = p.serve(t, args...)
	eventually(t, "nothing waits any more", func() bool {
		for _, d := range deliveries() {
			if d.State == "PENDING" || d.State == "SENDING" || d.State == "HANDING" {
				return false
			}
		}
		letters, _ := r.has("交出之前的案例")
		return letters > 0
	})
	states, told, posted := map[string]int{}, 0, 0
	for _, d := range deliveries() {
		states[d.State]++
		if d.Way == "WEBHOOK" {
			told, posted = told+d.Notices, posted+1
		}
	}
	for _, title := range []string{"都不通时的案例", "交出之前的案例", "交出之后的案例"} {
		if letters, posts := r.has(title); letters != 1 || posts != posted {
			t.Errorf("%s: %d letters; %d posts of %d", title, letters, posts, posted)
		}
	}
	if told != 3 {
		t.Errorf("the group is told of %d, want 3", told)
	}
	if states["UNCERTAIN"] != 1 || states["FAILED"] != 0 {
		t.Errorf("deliveries: %v", states)
	}
}
