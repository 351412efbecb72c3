package catalog

import "time"

// The longest that a token may be good for, and how long one is where nobody
// says.
const (
	MaxTokenLife     = 5 * 365 * 24 * time.Hour
	DefaultTokenLife = 90 * 24 * time.Hour
)

// AccessToken is what is known of a token that was given out; its secret is kept
// nowhere.
type AccessToken struct {
	ID        string // the part of its text that is no secret
	Name      string
	Role      Role
	Committee string // the committee's name, "" for none
	CreatedAt time.Time
	ExpiresAt time.Time
	// LastUsedAt is known to the hour, nil where it was never used.
	LastUsedAt *time.Time
	RevokedAt  *time.Time // nil where it is not revoked
}

// Live reports whether the token is good at that moment.
func (t *AccessToken) Live(now time.Time) bool { return t.RevokedAt == nil && now.Before(t.ExpiresAt) }

// AccessTokenInput is a token as it is asked for.
type AccessTokenInput struct {
	Name      string // as revisions will give it; one live token has it at a time
	Role      Role
	Committee string // slug, code or name; needed by editors and reviewers
	Life      time.Duration
}

// Validate checks the input on its own.
func (in *AccessTokenInput) Validate() error {
	var c checker
	c.required("name", in.Name, MaxTitle)
	if !in.Role.Valid() {
		c.invalid("role", "角色有 reader（读者）、editor（编辑）、reviewer（审核）、admin（管理员）", "the roles are reader, editor, reviewer and admin")
	}
	if in.Committee == "" && in.Role.OfCommittee() {
		c.invalid("committee", "编辑和审核须属于一个政协委员会", "an editor or a reviewer needs a committee")
	}
	c.line("committee", in.Committee, MaxTitle)
	if in.Life < time.Minute || in.Life > MaxTokenLife {
		c.invalid("expires", "有效期须为 1 分钟至 5 年", "a token lasts from a minute to five years")
	}
	return c.problems.Or()
}
