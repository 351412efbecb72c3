package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/mail"

	"github.com/jisiguangyi/jisi/notify"
	"github.com/jisiguangyi/jisi/store"
)

// sender returns an address of e-mail, with a name or without.
func sender(p *string) flag.Value {
	return &value{get: func() string { return *p }, set: func(s string) error {
		if _, err := mail.ParseAddress(s); err != nil {
			return fmt.Errorf("%q is not an address such as jisi@example.cn or 吉思广益 <jisi@example.cn>", s)
		}
		*p = s
		return nil
	}}
}

// checkMail returns what sending e-mail lacks.
func checkMail(c *config) error {
	switch {
	case c.mail.Host == "" && c.mail.From != "":
		return errors.New("-mail-from needs -smtp-host")
	case c.mail.Host == "":
		return nil
	case c.mail.From == "":
		return errors.New("-smtp-host needs -mail-from")
	case c.mail.User != "" && c.mail.Password == "":
		return errors.New("-smtp-user needs -smtp-password-file")
	}
	return nil
}

// mailer returns what sends e-mail, nil where no server is set.
func mailer(c *config) (*notify.Mailer, error) {
	if c.mail.Host == "" {
		return nil, nil //nolint:nilnil // no server is set, and nothing sends
	}
	return notify.NewMailer(c.mail)
}

// notices returns what tells people outside the site.
func notices(c *config, s *store.Store, log *slog.Logger) (*notify.Sender, error) {
	m, err := mailer(c)
	if err != nil {
		return nil, &sentence{"邮件设置有误", "the settings of e-mail are not right", err}
	}
	return notify.New(notify.Options{Queue: s, Mail: m, Hooks: notify.NewPoster(c.hookNetworks), Address: c.publicURL, Log: log}), nil
}
