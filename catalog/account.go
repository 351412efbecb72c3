package catalog

import (
	"fmt"
	"slices"
	"time"
)

// Account is somebody's access: a token that was given out, with when it was used
// (账号). Its secret is known to its holder only.
type Account struct {
	AccessToken
	CommitteeID *ID
	LastSignIn  *time.Time // nil where nobody signed in as it
	Manageable  bool       // by the context's viewer
}

// AccountState says whether an account is good.
type AccountState string

// The states of an account.
const (
	AccountGood    AccountState = "GOOD"
	AccountExpired AccountState = "EXPIRED"
	AccountRevoked AccountState = "REVOKED"
)

// Label is the state's name in Chinese.
func (s AccountState) Label() string {
	return map[AccountState]string{AccountGood: "有效", AccountExpired: "已过期", AccountRevoked: "已撤销"}[s]
}

// State returns whether the account is good now.
func (a *Account) State() AccountState {
	switch {
	case a.RevokedAt != nil:
		return AccountRevoked
	case !a.Live(time.Now()):
		return AccountExpired
	}
	return AccountGood
}

// AccountEventKind is what was done with an account.
type AccountEventKind string

// The kinds. The last two are no account's, but are watched over in the same place.
const (
	EventSignedIn       AccountEventKind = "SIGNED_IN"
	EventGiven          AccountEventKind = "GIVEN"
	EventRenewed        AccountEventKind = "RENEWED"
	EventLimited        AccountEventKind = "LIMITED"
	EventRevoked        AccountEventKind = "REVOKED"
	EventLinkMade       AccountEventKind = "LINK_MADE"
	EventContactChanged AccountEventKind = "CONTACT_CHANGED"
	EventWebhookChanged AccountEventKind = "WEBHOOK_CHANGED"
)

// Label is the kind's name in Chinese.
func (k AccountEventKind) Label() string {
	return map[AccountEventKind]string{
		EventSignedIn: "登录", EventGiven: "发放", EventRenewed: "续期", EventLimited: "调整权限", EventRevoked: "撤销",
		EventLinkMade: "发登录链接", EventContactChanged: "修改联系人", EventWebhookChanged: "修改通知地址",
	}[k]
}

// SignInWay is how somebody signed in.
type SignInWay string

// The ways.
const (
	SignInByToken    SignInWay = "TOKEN"
	SignInByLink     SignInWay = "LINK"
	SignInByProvider SignInWay = "PROVIDER"
)

// Label is the way's name in Chinese.
func (w SignInWay) Label() string {
	return map[SignInWay]string{SignInByToken: "令牌", SignInByLink: "一次性链接", SignInByProvider: "统一身份"}[w]
}

// AccountEvent is one thing that was done with an account (账号记录).
type AccountEvent struct {
	ID          ID
	At          time.Time
	Event       AccountEventKind
	Name        string
	Role        *Role
	CommitteeID *ID
	Way         *SignInWay // of a sign-in
	By          *string    // nil: the account itself, or the command line
	Detail      *string
}

// KeepAccountEvents is how long they are kept; six months is the least that the
// Cybersecurity Law (网络安全法, article 21) asks for.
const KeepAccountEvents = 400 * 24 * time.Hour

// LinkPrefix is how sign-in links' secrets begin. A link is good for LinkLife and
// one sign-in; making another ends the one before.
const (
	LinkPrefix = "jisilink"
	LinkLife   = 72 * time.Hour
)

// SignInLink is a link that was made: its secret, which is shown once, and until
// when it is good.
type SignInLink struct {
	Secret    string
	ExpiresAt time.Time
}

// MayAdmit returns nil where the viewer may give, change or take away an account of
// the role for the committee, 0 for none: whoever may ADMIT there, and for those
// below an admin only roles below their own.
func MayAdmit(v *Viewer, committee ID, role Role) error {
	if err := May(v, ActionAdmit, committee, StatusPublished); err != nil {
		return err
	}
	if v.Role != RoleAdmin && slices.Index(Roles, role) >= slices.Index(Roles, v.Role) {
		return &Error{
			Kind: KindForbidden, Path: "role",
			Zh: fmt.Sprintf("您的身份是%s，只能管理本会编辑和读者的账号", v.Role.Label()),
			En: "a reviewer manages accounts of its own committee's editors and readers only",
		}
	}
	return nil
}

// MayAdmitAny reports whether the viewer manages any accounts.
func MayAdmitAny(v *Viewer) bool {
	return v != nil && (MayAdmit(v, 0, RoleReader) == nil || v.Committee != 0 && MayAdmit(v, v.Committee, RoleReader) == nil)
}
