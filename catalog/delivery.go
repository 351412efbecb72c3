package catalog

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"math/big"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
)

// NoticeKinds are the kinds of notices that are told today, in the order in which
// settings list them.
var NoticeKinds = func() []NoticeKind {
	var kinds []NoticeKind
	for _, code := range noticeKindEnum.Codes() {
		kinds = append(kinds, NoticeKind(code))
	}
	return kinds
}()

// EmailPace says when somebody is told by e-mail.
type EmailPace string

// The paces. A daily e-mail goes out at DigestHour.
const (
	EmailOff       EmailPace = "OFF"
	EmailImmediate EmailPace = "IMMEDIATE"
	EmailDaily     EmailPace = "DAILY"
)

// EmailPaces are all paces.
var EmailPaces = []EmailPace{EmailOff, EmailImmediate, EmailDaily}

// Valid reports whether p is one of EmailPaces.
func (p EmailPace) Valid() bool { return slices.Contains(EmailPaces, p) }

// Label is the pace's name in Chinese.
func (p EmailPace) Label() string {
	return map[EmailPace]string{EmailOff: "不发", EmailImmediate: "随时", EmailDaily: "每天一封"}[p]
}

// DigestHour is the hour of the day, in the zone of the settings, at which daily e-mails go out.
const DigestHour = 8

// NextDigest returns the first DigestHour after t.
func NextDigest(t time.Time) time.Time {
	y, m, d := t.In(Zone()).Date()
	at := time.Date(y, m, d, DigestHour, 0, 0, 0, Zone())
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// DeliveryChoice is how somebody wants to be told of one kind of notices.
type DeliveryChoice struct {
	Kind    NoticeKind
	Email   EmailPace
	Webhook bool // in the group of a webhook that is open to its committee
}

// DeliverySettings are how somebody is told outside the site (站外通知).
type DeliverySettings struct {
	Email        *string // that was confirmed, nil where there is none
	PendingEmail *string // that waits to be confirmed
	Webhooks     []string
	Kinds        []*DeliveryChoice // of each of NoticeKinds
}

// How a confirmation of an e-mail address goes: the code is good for ConfirmLife
// and ConfirmTries tries, and another is sent ConfirmPause after it at the earliest.
const (
	ConfirmLife  = 30 * time.Minute
	ConfirmTries = 5
	ConfirmPause = time.Minute
)

// MaxEmail bounds an address, in bytes (RFC 5321, 4.5.3.1.3, without the brackets).
const MaxEmail = 254

// CheckEmail returns INVALID where s is no plain e-mail address.
func CheckEmail(path, s string) error {
	var c checker
	c.email(path, s)
	return c.problems.Or()
}

func (c *checker) email(path, s string) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > MaxEmail || strings.ContainsAny(s, "\r\n\"<> ") {
		c.invalid(path, "请写完整的邮箱地址，例如 name@example.cn", "must be an e-mail address, as in name@example.cn")
	}
}

// WebhookForm is what a webhook is sent: our own JSON, or the message of a chat
// group's robot.
type WebhookForm string

// The forms.
const (
	WebhookGeneric  WebhookForm = "GENERIC"
	WebhookWeCom    WebhookForm = "WECOM"
	WebhookDingTalk WebhookForm = "DINGTALK"
	WebhookFeishu   WebhookForm = "FEISHU"
)

// WebhookForms are all forms.
var WebhookForms = []WebhookForm{WebhookGeneric, WebhookWeCom, WebhookDingTalk, WebhookFeishu}

// Label is the form's name in Chinese.
func (f WebhookForm) Label() string {
	return map[WebhookForm]string{
		WebhookGeneric: "通用（JSON，签名）", WebhookWeCom: "企业微信群机器人", WebhookDingTalk: "钉钉群机器人", WebhookFeishu: "飞书群机器人",
	}[f]
}

// Deduplicates reports whether a receiver can tell that it has a message already: ours
// by its id. A robot shows what it gets.
func (f WebhookForm) Deduplicates() bool { return f == WebhookGeneric }

// Webhook is an address to which notices are sent. Its url and secret are shown to
// nobody; the receiver's host is.
type Webhook struct {
	ID          ID
	Name        string
	Form        WebhookForm
	Host        string
	Address     string // host and port, for checks
	CommitteeID *ID    // whose people may have theirs sent there; nil: anybody
	MadeBy      string
	MadeAt      time.Time
}

// GlobalID is the opaque id by which clients know the webhook.
func (w *Webhook) GlobalID() string { return fmt.Sprint(w.ID) }

// WebhookInput is a webhook as an admin sets it.
type WebhookInput struct {
	Name      string
	Form      WebhookForm
	URL       string
	Secret    *string // a robot's; our own form's is made by the server
	Committee *string // slug or name
}

// Validate checks the input on its own.
func (in *WebhookInput) Validate() error {
	var c checker
	c.required("name", in.Name, MaxTitle)
	c.oneOf("form", string(in.Form), slices.Contains(WebhookForms, in.Form))
	c.link("url", in.URL)
	if u, err := url.Parse(in.URL); err == nil && (u.User != nil || u.Fragment != "") {
		c.invalid("url", "网址里不要写用户名和 #", "must have no user name and no fragment")
	}
	if in.Secret != nil {
		c.line("secret", *in.Secret, MaxTitle)
	}
	return c.problems.Or()
}

// DeliveryWay is how something is sent.
type DeliveryWay string

// The ways.
const (
	ByEmail   DeliveryWay = "EMAIL"
	ByWebhook DeliveryWay = "WEBHOOK"
)

// Label is the way's name in Chinese.
func (w DeliveryWay) Label() string {
	return map[DeliveryWay]string{ByEmail: "邮件", ByWebhook: "群机器人、接口"}[w]
}

// DeliveryPurpose is what something is sent for.
type DeliveryPurpose string

// The purposes.
const (
	ForNotices DeliveryPurpose = "NOTICES"
	ForDigest  DeliveryPurpose = "DIGEST"
	ForConfirm DeliveryPurpose = "CONFIRM" // of an e-mail address
	ForTest    DeliveryPurpose = "TEST"    // of a webhook
)

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states. Nothing has left of what is SENDING that its receiver could act on;
// what is HANDING is past that point. What of that nobody knows the end is UNCERTAIN,
// and is not sent again but when an admin says so.
const (
	DeliveryPending   DeliveryState = "PENDING"
	DeliverySending   DeliveryState = "SENDING"
	DeliveryHanding   DeliveryState = "HANDING"
	DeliverySent      DeliveryState = "SENT"
	DeliveryUncertain DeliveryState = "UNCERTAIN"
	DeliveryFailed    DeliveryState = "FAILED"
	DeliveryDropped   DeliveryState = "DROPPED"
)

// DeliveryStates are all states.
var DeliveryStates = []DeliveryState{
	DeliveryPending, DeliverySending, DeliveryHanding, DeliverySent, DeliveryUncertain, DeliveryFailed, DeliveryDropped,
}

// Label is the state's name in Chinese.
func (s DeliveryState) Label() string {
	return map[DeliveryState]string{
		DeliveryPending: "待发", DeliverySending: "正在发送", DeliveryHanding: "正在交付", DeliverySent: "已发出",
		DeliveryUncertain: "是否送达不明", DeliveryFailed: "未能发出", DeliveryDropped: "不再需要",
	}[s]
}

// Bounds on trying: the pause doubles from RetryPause to MaxRetryPause, and a
// delivery is given up after MaxDeliveryTries, which is some three days.
const (
	RetryPause       = 5 * time.Second
	MaxRetryPause    = 2 * time.Hour
	MaxDeliveryTries = 45
)

// RetryAfter returns the pause after so many tries.
func RetryAfter(tries int) time.Duration {
	pause := RetryPause
	for range tries - 1 {
		if pause *= 2; pause >= MaxRetryPause {
			return MaxRetryPause
		}
	}
	return pause
}

// KeepDeliveries is how long what was sent stays on the list.
const KeepDeliveries = 90 * 24 * time.Hour

// Delivery is something that is sent, as an admin sees it.
type Delivery struct {
	ID      ID
	Way     DeliveryWay
	Purpose DeliveryPurpose
	To      string // an account's name, or a webhook's
	State   DeliveryState
	Tries   int
	Notices int
	Problem *string // why the last try failed
	MadeAt  time.Time
	DueAt   time.Time
	EndedAt *time.Time
}

// GlobalID is the opaque id by which clients know the delivery.
func (d *Delivery) GlobalID() string { return fmt.Sprint(d.ID) }

// Parcel is a delivery that was claimed, with all that its sender needs.
type Parcel struct {
	ID      ID
	Key     string // the same at each try
	Claim   string
	Way     DeliveryWay
	Purpose DeliveryPurpose
	Tries   int // this one counted
	MadeAt  time.Time

	Name    string // the account's
	Email   string // where to
	Code    string // that confirms the address
	Form    WebhookForm
	URL     string
	Secret  string
	Notices []*Notice
	More    int // notices that are not among Notices
}

// DeliveryOutcome is what became of a try.
type DeliveryOutcome struct {
	State   DeliveryState // SENT, UNCERTAIN, FAILED, DROPPED, or PENDING for another try
	Problem string
}

// NewConfirmCode makes a code of eight digits, and the hash that is kept of it. It is
// good for minutes and a few tries, so that this is enough.
func NewConfirmCode() (code string, hash [32]byte) {
	n, _ := rand.Int(rand.Reader, big.NewInt(100_000_000)) // crypto/rand.Reader never fails
	code = fmt.Sprintf("%08d", n)
	return code, sha256.Sum256([]byte(code))
}

// ConfirmCodeMatches reports whether it is the code of that hash, spaces aside.
func ConfirmCodeMatches(code string, hash []byte) bool {
	got := sha256.Sum256([]byte(strings.Join(strings.Fields(code), "")))
	return subtle.ConstantTimeCompare(got[:], hash) == 1
}
