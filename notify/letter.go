package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"github.com/jisiguangyi/jisi/catalog"
)

// idOf returns what a delivery is called at every try: hexadecimal, 32 characters.
func idOf(p *catalog.Parcel) string {
	sum := sha256.Sum256([]byte(p.Key + "\n" + p.MadeAt.UTC().Format("2006-01-02T15:04:05.000000")))
	return hex.EncodeToString(sum[:16])
}

// link returns where a notice's record is read, an adoption at its case, and what has no
// page on its writers' desk; "" where the site's address is not known.
func link(address string, n *catalog.Notice) string {
	if address == "" {
		return ""
	}
	address = strings.TrimSuffix(address, "/")
	kind := n.Kind
	if kind == catalog.KindAdoption { // the slug is its case's
		kind = catalog.KindCase
	}
	if folder := kind.Folder(); folder != "" && n.Slug != "" {
		return address + folder + url.PathEscape(n.Slug)
	}
	return address + "/write"
}

// letter is an e-mail's text.
type letter struct{ subject, text string }

// maxSubject bounds what of a notice stands in a subject, in characters.
const maxSubject = 60

// compose writes the e-mail of a delivery.
func compose(p *catalog.Parcel, address string) letter {
	var b strings.Builder
	fmt.Fprintf(&b, "%s：您好。\n\n", p.Name)
	if p.Purpose == catalog.ForConfirm {
		fmt.Fprintf(&b, "您在吉思广益设置用这个邮箱接收通知。确认码是：\n\n    %s\n\n请在 %d 分钟内填到“站外通知”页上。如果不是您本人设置的，不必理会这封邮件。\n", p.Code, int(catalog.ConfirmLife.Minutes()))
		if address != "" {
			fmt.Fprintf(&b, "\n%s/account\n", strings.TrimSuffix(address, "/"))
		}
		return letter{"[吉思广益] 邮箱确认码", b.String()}
	}
	for _, n := range p.Notices {
		fmt.Fprintf(&b, "· %s\n", n.Text())
		if at := link(address, n); at != "" {
			fmt.Fprintf(&b, "  %s\n", at)
		}
		fmt.Fprintf(&b, "  %s\n\n", n.At.In(catalog.Zone()).Format("2006年1月2日 15:04"))
	}
	if p.More > 0 {
		fmt.Fprintf(&b, "另有 %d 条，请登录查看。\n\n", p.More)
	}
	b.WriteString("——\n这是吉思广益自动发出的邮件，请勿回复。要改变或停止邮件通知，请登录后打开“站外通知”")
	if address != "" {
		fmt.Fprintf(&b, "：%s/account", strings.TrimSuffix(address, "/"))
	}
	b.WriteString("\n")
	return letter{subject(p), b.String()}
}

func subject(p *catalog.Parcel) string {
	n := len(p.Notices) + p.More
	switch {
	case p.Purpose == catalog.ForDigest:
		return fmt.Sprintf("[吉思广益] 每日通知：%d 条", n)
	case n == 1:
		return "[吉思广益] " + catalog.Clip(p.Notices[0].Text(), maxSubject)
	}
	return fmt.Sprintf("[吉思广益] %d 条通知", n)
}

// lines writes a message of a chat group.
func lines(p *catalog.Parcel, address string) string {
	if p.Purpose == catalog.ForTest {
		return "【吉思广益】这是一条测试消息：通知会发到这里。"
	}
	var b strings.Builder
	b.WriteString("【吉思广益】")
	for _, n := range p.Notices {
		b.WriteString("\n· " + n.Text())
		if at := link(address, n); at != "" {
			b.WriteString("\n  " + at)
		}
	}
	return b.String()
}
