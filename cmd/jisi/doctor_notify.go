package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jisiguangyi/jisi/notify"
	"github.com/jisiguangyi/jisi/store"
)

// reaching bounds how long a check of a server takes.
const reaching = 15 * time.Second

// checkNotify reports whether people can be told by e-mail and webhook. Nothing is sent.
func checkNotify(ctx context.Context, r *report, c *config, db *examined) {
	checkMailServer(ctx, r, c)
	if db.url == "" || !db.current {
		return
	}
	s, err := store.Open(ctx, db.url, store.Options{Log: silent()})
	if err != nil {
		return // the database's own check has told
	}
	defer s.Close()
	checkWebhooks(ctx, r, c, s)
	failed, uncertain, err := s.UnsentDeliveries(ctx)
	if err == nil && failed+uncertain > 0 {
		r.add(finding{
			"deliveries", noted, fmt.Sprintf("有 %d 条通知没有发出，%d 条不知道是否送达", failed, uncertain), fmt.Sprintf("%d deliveries were given up, and of %d nobody knows whether they arrived", failed, uncertain),
			"管理员可在 /admin 查看原因、再次发送", "admins see why at /admin, and can have them sent again",
		})
	}
}

func checkMailServer(ctx context.Context, r *report, c *config) {
	m, err := mailer(c)
	if err != nil {
		r.failed("mail", "邮件设置有误", err, "请核对 -smtp-… 和 -mail-from", "look at -smtp-… and -mail-from")
		return
	}
	if m == nil {
		r.well("mail", "没有设置邮件服务器，不发邮件通知", "no mail server is set; nobody is told by e-mail")
		return
	}
	limit, cancel := context.WithTimeout(ctx, reaching)
	defer cancel()
	if err := m.Check(limit); err != nil {
		r.failed("mail", "邮件服务器 "+c.mail.Host+" 连不上或不让登录", err, "请核对 -smtp-host、-smtp-port、-smtp-security、-smtp-user 和密码文件", "look at -smtp-host, -smtp-port, -smtp-security, -smtp-user and the password's file")
		return
	}
	if c.publicURL == "" {
		r.add(finding{
			"mail", noted, "邮件服务器 " + c.mail.Host + " 可用；没有设置 -public-url，邮件里没有网址", "the mail server " + c.mail.Host + " answers; without -public-url e-mails have no addresses",
			"请设置 -public-url", "set -public-url",
		})
		return
	}
	r.well("mail", "邮件服务器 "+c.mail.Host+" 可用", "the mail server "+c.mail.Host+" answers")
}

func checkWebhooks(ctx context.Context, r *report, c *config, s *store.Store) {
	hooks, err := s.AllWebhooks(ctx)
	if err != nil {
		return // the database's own check has told
	}
	if len(hooks) == 0 {
		r.well("webhooks", "没有设置通知地址（群机器人、接口）", "no webhooks are set")
		return
	}
	poster := notify.NewPoster(c.hookNetworks)
	var unreached, why []string
	for _, w := range hooks {
		limit, cancel := context.WithTimeout(ctx, reaching)
		err := poster.Check(limit, w.Address)
		cancel()
		if err != nil {
			unreached, why = append(unreached, w.Name), append(why, oneLine(err.Error()))
		}
	}
	if len(unreached) > 0 {
		r.add(finding{
			"webhooks", wrong, fmt.Sprintf("%d 个通知地址中有 %d 个连不上：%s", len(hooks), len(unreached), strings.Join(unreached, "、")),
			fmt.Sprintf("of %d webhooks %d cannot be reached: %s", len(hooks), len(unreached), strings.Join(why, "; ")),
			"请核对地址；内网地址要列在 -webhook-networks 里", "look at the addresses; those of private networks have to be among -webhook-networks",
		})
		return
	}
	r.well("webhooks", fmt.Sprintf("%d 个通知地址都连得上", len(hooks)), fmt.Sprintf("all %d webhooks can be reached", len(hooks)))
}
