package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/jisiguangyi/jisi/catalog"
)

// MailSettings say through which server e-mail goes. Host and From must be set.
type MailSettings struct {
	Host string
	Port int // 0 is the usual one of the security
	// Security is starttls, tls or none; "" is starttls.
	Security       string
	User, Password string      // "" does not sign in
	From           string      // an address, with a name or without
	TLS            *tls.Config // nil trusts what the system does
}

// Mailer sends e-mail. It is safe for concurrent use.
type Mailer struct {
	settings MailSettings
	from     *netmail.Address
}

// NewMailer returns a mailer; it does not connect. It fails where the settings are not
// those of a server and an address.
func NewMailer(s MailSettings) (*Mailer, error) {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("the sender's address: %w", err)
	}
	m := &Mailer{settings: s, from: from}
	_, err = m.client()
	return m, err
}

// connecting bounds how long it takes until the server knows us, and answering how long
// it takes over a message.
const (
	connecting = 12 * time.Second
	answering  = 15 * time.Second
)

func (m *Mailer) client() (*mail.Client, error) {
	s := m.settings
	o := []mail.Option{mail.WithTimeout(connecting)}
	switch s.Security {
	case "", "starttls":
		o = append(o, mail.WithTLSPortPolicy(mail.TLSMandatory))
	case "tls":
		o = append(o, mail.WithSSLPort(false))
	case "none":
		o = append(o, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		return nil, fmt.Errorf("%q is none of starttls, tls, none", s.Security)
	}
	if s.Port > 0 {
		o = append(o, mail.WithPort(s.Port))
	}
	if s.TLS != nil {
		own := s.TLS.Clone()
		own.ServerName = s.Host
		o = append(o, mail.WithTLSConfig(own))
	}
	if s.User != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, o...)
}

// Check connects, signs in and leaves again.
func (m *Mailer) Check(ctx context.Context) error {
	c, err := m.client()
	if err != nil {
		return err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	return conn.Quit()
}

// message makes the message of a delivery.
func (m *Mailer) message(p *catalog.Parcel, address string) (*mail.Msg, error) {
	letter := compose(p, address)
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(m.from.Name, m.from.Address); err != nil {
		return nil, err
	}
	if err := msg.To(p.Email); err != nil {
		return nil, err
	}
	_, host, _ := strings.Cut(m.from.Address, "@")
	msg.Subject(letter.subject)
	msg.SetMessageIDWithValue(idOf(p) + "@" + host)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence answers it
	msg.SetGenHeader("X-Jisi-Delivery", idOf(p))
	msg.SetBodyString(mail.TypeTextPlain, letter.text)
	return msg, nil
}

// send sends a delivery, and calls hand right before the dot that makes it the server's.
func (m *Mailer) send(ctx context.Context, p *catalog.Parcel, address string, hand func() error) catalog.DeliveryOutcome {
	msg, err := m.message(p, address)
	if err != nil {
		return failed("邮件写不成", err)
	}
	c, err := m.client()
	if err != nil {
		return again("邮件设置有误", err)
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return again("邮件服务器连不上或不让登录", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.UpdateDeadline(answering); err != nil {
		return again("邮件服务器没有回应", err)
	}
	if err := conn.Mail(m.from.Address); err != nil {
		return again("邮件服务器不接受发件人", err)
	}
	if err := conn.Rcpt(p.Email); err != nil {
		if code(err) >= 500 {
			return failed("邮件服务器不接受收件人", err)
		}
		return again("邮件服务器暂不接受收件人", err)
	}
	body, err := conn.Data()
	if err != nil {
		return again("邮件服务器不接受邮件", err)
	}
	if _, err := msg.WriteTo(body); err != nil {
		return again("邮件没有传完", err)
	}
	if err := hand(); err != nil {
		return again("没有交付", err) // the connection is closed without the dot
	}
	if err := conn.UpdateDeadline(answering); err != nil {
		return again("邮件服务器没有回应", err)
	}
	err = body.Close()
	switch {
	case err == nil:
		_ = conn.Quit()
		return catalog.DeliveryOutcome{State: catalog.DeliverySent}
	case code(err) >= 500:
		return failed("邮件服务器拒收", err)
	case code(err) >= 400:
		return again("邮件服务器暂时不收", err)
	}
	return catalog.DeliveryOutcome{State: catalog.DeliveryUncertain, Problem: "邮件交给服务器后没有得到答复：" + oneLine(err)}
}

// code returns the reply code that an error is, 0 where it is none.
func code(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

func again(what string, err error) catalog.DeliveryOutcome {
	return catalog.DeliveryOutcome{State: catalog.DeliveryPending, Problem: what + "：" + oneLine(err)}
}

func failed(what string, err error) catalog.DeliveryOutcome {
	return catalog.DeliveryOutcome{State: catalog.DeliveryFailed, Problem: what + "：" + oneLine(err)}
}

// oneLine returns an error as a line of at most 200 characters.
func oneLine(err error) string {
	return catalog.Clip(strings.Join(strings.Fields(strings.ToValidUTF8(err.Error(), "?")), " "), 200)
}
