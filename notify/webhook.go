package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/jisiguangyi/jisi/catalog"
)

// Poster sends to webhooks. It is safe for concurrent use.
type Poster struct {
	client *http.Client
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	now    func() time.Time
}

// posting bounds one request.
const posting = 12 * time.Second

// NewPoster returns a poster that reaches public addresses, and those of the networks
// that are listed. It follows no redirect and uses no proxy.
func NewPoster(listed []netip.Prefix) *Poster {
	dial := dialer(listed)
	return &Poster{
		dial: dial, now: time.Now,
		client: &http.Client{
			Timeout:       posting,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				DialContext: dial, DisableKeepAlives: true, // a request on an old connection would be sent twice by itself
				TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
			},
		},
	}
}

// Check connects to an address, as in example.org:443, and says nothing.
func (h *Poster) Check(ctx context.Context, address string) error {
	conn, err := h.dial(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Message is what a webhook of our own form is sent, signed as Standard Webhooks says
// (standardwebhooks.com): headers webhook-id, which is the same whenever a message is
// sent again, webhook-timestamp and webhook-signature.
type Message struct {
	ID        string          `json:"id"`
	Type      string          `json:"type"` // notices or test
	Timestamp string          `json:"timestamp"`
	Notices   []WebhookNotice `json:"notices"`
}

// WebhookNotice is one notice of a message.
type WebhookNotice struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	At   string `json:"at"`
}

// request makes the request of a delivery.
func (h *Poster) request(ctx context.Context, p *catalog.Parcel, address string) (*http.Request, error) {
	now := h.now()
	to := p.URL
	id := "msg_" + idOf(p)
	var body any
	switch text := lines(p, address); p.Form {
	case catalog.WebhookWeCom:
		body = weCom(text)
	case catalog.WebhookDingTalk:
		body, to = dingTalk(text), dingTalkURL(to, p.Secret, now)
	case catalog.WebhookFeishu:
		body = feishu(text, p.Secret, now)
	default:
		m := Message{ID: id, Type: strings.ToLower(string(catalog.ForNotices)), Timestamp: p.MadeAt.UTC().Format(time.RFC3339), Notices: []WebhookNotice{}}
		if p.Purpose == catalog.ForTest {
			m.Type = strings.ToLower(string(p.Purpose))
		}
		for _, n := range p.Notices {
			m.Notices = append(m.Notices, WebhookNotice{n.GlobalID(), string(n.Of), n.Text(), link(address, n), n.At.UTC().Format(time.RFC3339)})
		}
		body = m
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("the address is not one") // it is a secret
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "jisi")
	if p.Form == catalog.WebhookGeneric {
		signer, err := standardwebhooks.NewWebhook(p.Secret)
		if err != nil {
			return nil, errors.New("the secret is not one")
		}
		signature, err := signer.Sign(id, now, data)
		if err != nil {
			return nil, err
		}
		r.Header.Set(standardwebhooks.HeaderWebhookID, id)
		r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
		r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	}
	return r, nil
}

// send sends a delivery, and calls hand before the request.
func (h *Poster) send(ctx context.Context, p *catalog.Parcel, address string, hand func() error) catalog.DeliveryOutcome {
	connected := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected = true }})
	r, err := h.request(ctx, p, address)
	if err != nil {
		return failed("消息写不成", err)
	}
	if err := hand(); err != nil {
		return again("没有交付", err)
	}
	answer, err := h.client.Do(r)
	if err != nil {
		var wrapped *url.Error // which has the address, and that may have a key
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		if connected && !p.Form.Deduplicates() {
			return catalog.DeliveryOutcome{State: catalog.DeliveryUncertain, Problem: "发出后没有得到答复：" + oneLine(err)}
		}
		return again("对方连不上或没有答复", err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	switch {
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return again("对方没有接受", fmt.Errorf("HTTP %d", answer.StatusCode))
	case p.Form.Deduplicates():
		return catalog.DeliveryOutcome{State: catalog.DeliverySent}
	case err != nil:
		return catalog.DeliveryOutcome{State: catalog.DeliveryUncertain, Problem: "对方的答复没有收全：" + oneLine(err)}
	}
	refused, clear := robotAnswer(said)
	switch {
	case !clear:
		return catalog.DeliveryOutcome{State: catalog.DeliveryUncertain, Problem: "对方的答复不是机器人的，请核对地址"}
	case refused != nil:
		return again("机器人没有接受", refused)
	}
	return catalog.DeliveryOutcome{State: catalog.DeliverySent}
}
