package catalog

import (
	"context"
	"slices"
)

// Role is what a signed-in caller is to the knowledge base. Each may do what
// the one before it may; permission.go says what that is.
type Role string

// The roles.
const (
	RoleReader   Role = "READER"   // reads what is published, as anonymous readers do
	RoleEditor   Role = "EDITOR"   // writes for its own committee
	RoleReviewer Role = "REVIEWER" // publishes for its committee and those below it
	RoleAdmin    Role = "ADMIN"    // does all, for every committee
)

// Roles are all roles, from the least to the most.
var Roles = []Role{RoleReader, RoleEditor, RoleReviewer, RoleAdmin}

// Valid reports whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Label is the role's name in Chinese.
func (r Role) Label() string {
	return map[Role]string{RoleReader: "读者", RoleEditor: "编辑", RoleReviewer: "审核", RoleAdmin: "管理员"}[r]
}

// OfCommittee reports whether whoever has the role acts for a committee, without
// which the role is worth nothing.
func (r Role) OfCommittee() bool { return r == RoleEditor || r == RoleReviewer }

// Viewer is a signed-in caller. It is made once a request and not changed
// afterwards, so that it is safe for concurrent use. An anonymous reader is a
// nil *Viewer, on which every method may be called.
type Viewer struct {
	// Name is who this is, as revisions record it: a token's name or the
	// identity provider's name for a person.
	Name string
	Role Role
	// Committee is the committee for which the viewer acts; 0 where there is
	// none, as for an admin or a reader.
	Committee ID
	// Below are the committees below Committee, at any depth, without it.
	Below []ID
}

// Relation is how a viewer's committee stands to the one that a record belongs to.
type Relation string

// The relations.
const (
	RelationOwn   Relation = "OWN"   // the same committee
	RelationBelow Relation = "BELOW" // the record's is below the viewer's
	RelationOther Relation = "OTHER" // any other, or the record belongs to none
)

// RelationTo says how the viewer's committee stands to owner, the committee to
// which a record belongs; 0 is a record that belongs to none.
func (v *Viewer) RelationTo(owner ID) Relation {
	switch {
	case v == nil || v.Committee == 0 || owner == 0:
		return RelationOther
	case v.Committee == owner:
		return RelationOwn
	case slices.Contains(v.Below, owner):
		return RelationBelow
	}
	return RelationOther
}

type viewerKey struct{}

// WithViewer returns a context in which v is the caller.
func WithViewer(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// ViewerFrom returns the caller, nil for an anonymous reader.
func ViewerFrom(ctx context.Context) *Viewer {
	v, _ := ctx.Value(viewerKey{}).(*Viewer)
	return v
}

type networkKey struct{}

// WithNetwork returns a context in which the caller comes from the network: an
// address, or the part of one that a caller usually has whole.
func WithNetwork(ctx context.Context, network string) context.Context {
	return context.WithValue(ctx, networkKey{}, network)
}

// NetworkFrom returns the caller's network, "" where it is not known.
func NetworkFrom(ctx context.Context) string {
	network, _ := ctx.Value(networkKey{}).(string)
	return network
}
