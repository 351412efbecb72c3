package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/jisiguangyi/jisi/catalog"
)

// receiver takes webhooks, and answers as robots do.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []post
	first  func(path string) // before it answers
	status int
	answer string
}

type post struct {
	path   string
	query  url.Values
	header http.Header
	body   []byte
}

func (p post) verify(secret string) error {
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	return wh.Verify(p.body, p.header)
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{status: http.StatusOK, answer: `{"errcode":0,"code":0}`}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.got = append(r.got, post{q.URL.Path, q.URL.Query(), q.Header.Clone(), body})
		first, status, answer := r.first, r.status, r.answer
		r.mu.Unlock()
		if first != nil {
			first(q.URL.Path)
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) before(f func(string)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first = f
}

func (r *receiver) says(status int, answer string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.answer = status, answer
}

func (r *receiver) posts() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// hook has an admin set the receiver as a webhook.
func (r *receiver) hook(t *testing.T, w *world, name string, form catalog.WebhookForm) (secret string) {
	t.Helper()
	admin := catalog.WithViewer(t.Context(), &catalog.Viewer{Name: "root", Role: catalog.RoleAdmin})
	key, committee := "robot-secret", "changchun"
	_, secret, err := w.store.AddWebhook(admin, &catalog.WebhookInput{Name: name, Form: form, URL: r.URL + "/" + name + "?key=not-to-be-logged", Secret: &key, Committee: &committee})
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func TestWebhooksAreToldWithoutDraftsTitles(t *testing.T) {
	t.Parallel()
	w, box, r := newWorld(t), newMailbox(t), newReceiver(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	reviewer := w.as(t, "长春审核", catalog.RoleReviewer, "changchun")
	w.mailed(t, reviewer, "", catalog.EmailOff, true)
	w.mailed(t, w.as(t, "另一审核", catalog.RoleReviewer, "changchun"), "", catalog.EmailOff, true) // told of the same
	w.mailed(t, editor, "", catalog.EmailOff, true)
	secrets := map[string]string{}
	for name, form := range map[string]catalog.WebhookForm{"generic": catalog.WebhookGeneric, "wecom": catalog.WebhookWeCom, "dingtalk": catalog.WebhookDingTalk, "feishu": catalog.WebhookFeishu} {
		secrets[name] = r.hook(t, w, name, form)
	}
	w.submit(t, editor, "草稿的标题")
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	running(t, sender)
	await(t, "each has it once", func() (bool, any) { n := w.deliveries(t); return n[catalog.DeliverySent] == 4, n })
	got := map[string]post{}
	for _, p := range r.posts() {
		got[strings.TrimPrefix(p.path, "/")] = p
		if strings.Contains(string(p.body), "草稿的标题") || strings.Contains(string(p.body), "told-of") || strings.Contains(string(p.body), "长春编辑") {
			t.Errorf("%s is told of a draft: %s", p.path, p.body)
		}
		if !strings.Contains(string(p.body), "案例等待审核") {
			t.Errorf("%s: %s", p.path, p.body)
		}
	}
	if len(r.posts()) != 4 || len(got) != 4 {
		t.Fatalf("%d posts to %d", len(r.posts()), len(got))
	}
	if err := got["generic"].verify(secrets["generic"]); err != nil {
		t.Error(err)
	}
	var m Message
	if err := json.Unmarshal(got["generic"].body, &m); err != nil || m.Type != "notices" || len(m.Notices) != 1 || m.Notices[0].URL != "https://jisi.example.cn/write" || m.ID != got["generic"].header.Get("webhook-id") {
		t.Errorf("%v %+v", err, m)
	}
	tampered := got["generic"]
	tampered.body = append(slices.Clone(tampered.body), ' ')
	if tampered.verify(secrets["generic"]) == nil {
		t.Error("the signature is not of the body")
	}

	// What is public is told by its title.
	id := slices.Collect(func(yield func(catalog.ID) bool) {
		found, err := w.store.CasesBySlug(reviewer, []string{"told-of-1"})
		if err != nil {
			t.Fatal(err)
		}
		yield(found["told-of-1"].ID)
	})[0]
	if _, err := w.store.Edit(reviewer, catalog.Edit{Action: catalog.ActionPublish, Kind: catalog.KindCase, ID: id, Version: 2}); err != nil {
		t.Fatal(err)
	}
	await(t, "that it was published", func() (bool, any) { n := w.deliveries(t); return n[catalog.DeliverySent] == 8, n })
	if last := r.posts()[7]; !strings.Contains(string(last.body), "案例《草稿的标题》已发布") || !strings.Contains(string(last.body), "https://jisi.example.cn/cases/told-of-1") {
		t.Errorf("%s", last.body)
	}
}

func TestAWebhookThatFailsComesBack(t *testing.T) {
	t.Parallel()
	w, box, r := newWorld(t), newMailbox(t), newReceiver(t)
	editor := w.as(t, "长春编辑", catalog.RoleEditor, "changchun")
	w.mailed(t, w.as(t, "长春审核", catalog.RoleReviewer, "changchun"), "", catalog.EmailOff, true)
	r.hook(t, w, "wecom", catalog.WebhookWeCom)
	sender, err := newSender(w.store, box.addr)
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	r.says(http.StatusBadGateway, "")
	running(t, sender)
	w.submit(t, editor, "一件事")
	for _, next := range []struct {
		status int
		answer string
		want   string
	}{{http.StatusFound, "", "HTTP 302"}, {http.StatusOK, `{"errcode":45009,"errmsg":"api freq out of limit"}`, "errcode 45009"}, {http.StatusOK, `{"errcode":0}`, ""}} {
		tries++
		await(t, "it waits for another try", func() (bool, any) { d := w.last(t); return d.Tries == tries && d.State == catalog.DeliveryPending, d })
		r.says(next.status, next.answer)
		w.due(t)
	}
	await(t, "it is sent", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliverySent && d.Tries == 4, d })
	for _, p := range r.posts() {
		if p.path != "/wecom" {
			t.Errorf("a redirect was followed to %s", p.path)
		}
	}
	r.says(http.StatusOK, "<html>")
	w.submit(t, editor, "两件事")
	await(t, "an answer that is no robot's is no yes and no no", func() (bool, any) { d := w.last(t); return d.State == catalog.DeliveryUncertain, d })
}

func TestRobotsAreSignedAsTheirMakersSay(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	// Worked out with openssl: printf '1700000000000\nthe-secret' | openssl dgst -sha256 -hmac the-secret -binary | base64
	const ding = "QTsEtujdEb9aGIZISQcD+39pTpegLz2xpC+5sksM+SA="
	u, err := url.Parse(dingTalkURL("https://oapi.dingtalk.com/robot/send?access_token=abc", "the-secret", now))
	if err != nil {
		t.Fatal(err)
	}
	if q := u.Query(); q.Get("access_token") != "abc" || q.Get("timestamp") != "1700000000000" || q.Get("sign") != ding {
		t.Errorf("DingTalk: %v", q)
	}
	// And with the key "1700000000\nthe-secret" over nothing.
	const fei = "yFabRJRoiHoYCDNQuHRRUprIhjIbxXdWfXPt6tenULo="
	if m := feishu("文", "the-secret", now); m.Timestamp != "1700000000" || m.Sign != fei || m.Type != "text" || m.Content.Text != "文" {
		t.Errorf("Feishu: %+v", m)
	}
	if long := weCom(strings.Repeat("协商", 2000)).Text.Content; len(long) > robotText || !strings.HasSuffix(long, "商…") && !strings.HasSuffix(long, "协…") {
		t.Errorf("a long text has %d bytes and ends in %q", len(long), long[len(long)-9:])
	}
}

func TestOnlyPublicAndListedAddressesAreReached(t *testing.T) {
	for _, text := range []string{
		"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1", "240.0.0.1",
		"::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001::1",
	} {
		if public(netip.MustParseAddr(text)) {
			t.Errorf("%s passes for public", text)
		}
	}
	for _, text := range []string{"1.1.1.1", "8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111"} {
		if !public(netip.MustParseAddr(text)) {
			t.Errorf("%s does not pass for public", text)
		}
	}
	r := newReceiver(t)
	for _, host := range []string{r.Listener.Addr().String(), strings.Replace(r.Listener.Addr().String(), "127.0.0.1", "localhost", 1)} { // a name leads there all the same
		for listed, want := range map[string]catalog.DeliveryState{"": catalog.DeliveryPending, "10.0.0.0/8": catalog.DeliveryPending, "127.0.0.0/8": catalog.DeliverySent} {
			var networks []netip.Prefix
			if listed != "" {
				networks = append(networks, netip.MustParsePrefix(listed))
			}
			p := &catalog.Parcel{Way: catalog.ByWebhook, Purpose: catalog.ForTest, Form: catalog.WebhookWeCom, URL: "http://" + host + "/hook?key=the-key"}
			got := NewPoster(networks).send(t.Context(), p, "", func() error { return nil })
			if got.State != want {
				t.Errorf("%s with %q listed: %+v, want %s", host, listed, got, want)
			}
			if want == catalog.DeliveryPending && (!strings.Contains(got.Problem, "-webhook-networks") || strings.Contains(got.Problem, "the-key")) {
				t.Errorf("%s: %s", host, got.Problem)
			}
		}
	}
	if n := len(r.posts()); n != 2 {
		t.Errorf("%d requests came through, want 2", n)
	}
}

func TestAnAddressThatNothingIsSentToIsToldAtOnce(t *testing.T) {
	for _, test := range []struct {
		address, listed string
		refused         bool
	}{
		{"http://127.0.0.1:8080/hook", "", true},
		{"http://localhost/hook?key=the-key", "", true},
		{"http://[::1]/hook", "", true},
		{"https://10.1.2.3/hook", "", true},
		{"http://169.254.169.254/latest", "", true},
		{"http://[::ffff:192.168.0.9]:8080/", "", true},
		{"http://127.0.0.1:8080/hook", "10.0.0.0/8", true},
		{"http://127.0.0.1:8080/hook", "127.0.0.0/8", false},
		{"https://10.1.2.3/hook", "10.0.0.0/8", false},
		{"https://1.1.1.1/hook", "", false},
		{"https://[2400:3200::1]/hook", "", false},
		{"https://nowhere.invalid/hook", "", false}, // RFC 6761: it never resolves; the dialer sees to it
	} {
		var networks []netip.Prefix
		if test.listed != "" {
			networks = append(networks, netip.MustParsePrefix(test.listed))
		}
		err := Reachable(networks)(t.Context(), test.address)
		var told *catalog.Error
		switch {
		case (err != nil) != test.refused:
			t.Errorf("%s with %q listed: %v, want it refused: %v", test.address, test.listed, err, test.refused)
		case err != nil && (!errors.As(err, &told) || told.Kind != catalog.KindInvalid || told.Path != "url" || !strings.Contains(told.Zh, "-webhook-networks") || strings.Contains(told.Zh, "the-key")):
			t.Errorf("%s: %+v", test.address, err)
		}
	}
}

func TestAParcelIsTheSameAtEveryTry(t *testing.T) {
	at := time.Date(2026, 11, 27, 8, 0, 0, 123456000, time.UTC)
	first, second := &catalog.Parcel{ID: 1, Key: "notices 1 x", Claim: "a", Tries: 1, MadeAt: at}, &catalog.Parcel{ID: 1, Key: "notices 1 x", Claim: "b", Tries: 2, MadeAt: at.In(catalog.Changchun)}
	if idOf(first) != idOf(second) {
		t.Error("two tries have two ids")
	}
	for _, other := range []*catalog.Parcel{{Key: "notices 2 x", MadeAt: at}, {Key: "notices 1 y", MadeAt: at}, {Key: "notices 1 x", MadeAt: at.Add(time.Second)}} {
		if idOf(first) == idOf(other) {
			t.Errorf("%+v has the id of another", other)
		}
	}
	if fmt.Sprint(catalog.RetryAfter(1), catalog.RetryAfter(2), catalog.RetryAfter(100)) != "5s 10s 2h0m0s" {
		t.Error(catalog.RetryAfter(1), catalog.RetryAfter(2), catalog.RetryAfter(100))
	}
}
