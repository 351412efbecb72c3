package graph

import (
	"context"
	"net/url"
	"time"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// AccountReader returns accounts and what was done with them. Its methods fail with
// FORBIDDEN for whoever looks after none.
type AccountReader interface {
	Accounts(ctx context.Context, most int) ([]*catalog.Account, error)
	AccountEvents(ctx context.Context, most int) ([]*catalog.AccountEvent, error)
}

// AccountWriter changes accounts in the name of the context's viewer.
type AccountWriter interface {
	GiveAccess(ctx context.Context, in *catalog.AccessTokenInput) (token string, made *catalog.Account, err error)
	RenewAccess(ctx context.Context, id string, life time.Duration) (*catalog.Account, error)
	LimitAccess(ctx context.Context, id string, role catalog.Role, committee string) (*catalog.Account, error)
	RevokeAccess(ctx context.Context, id string) (*catalog.Account, error)
	MakeSignInLink(ctx context.Context, id string) (*catalog.SignInLink, *catalog.Account, error)
	SetContact(ctx context.Context, committee catalog.ID, contact catalog.Contact) error
}

// Bounds on lists of accounts and what goes with them.
const (
	manyAccounts = 500
	someAccounts = 100
)

// upTo returns how many are asked for, or INVALID.
func upTo(first *int) (int, error) {
	switch {
	case first == nil:
		return someAccounts, nil
	case *first < 1 || *first > manyAccounts:
		return 0, &catalog.Error{Kind: catalog.KindInvalid, Path: "first", Zh: "first 须为 1 至 500", En: "first must be 1 to 500"}
	}
	return *first, nil
}

func (r *Resolver) giveAccess(ctx context.Context, in model.AccessInput) (*model.AccessPayload, error) {
	life := catalog.DefaultTokenLife
	if in.Days != nil {
		life = daysLong(*in.Days)
	}
	token, made, err := r.Writer.GiveAccess(ctx, &catalog.AccessTokenInput{Name: in.Name, Role: in.Role, Committee: value(in.Committee), Life: life})
	if err != nil {
		return accessErrors(err)
	}
	return &model.AccessPayload{Account: made, Token: &token, UserErrors: []*model.UserError{}}, nil
}

// daysLong returns so many days; what is past any limit stays so without turning over.
func daysLong(days int) time.Duration {
	return time.Duration(max(min(days, 100_000), 0)) * 24 * time.Hour
}

// linkPath is where a sign-in link leads; the page is web's.
const linkPath = "/sign-in/link?"

func (r *Resolver) makeSignInLink(ctx context.Context, id string) (*model.AccessPayload, error) {
	link, of, err := r.Writer.MakeSignInLink(ctx, id)
	if err != nil {
		return accessErrors(err)
	}
	address := r.Address + linkPath + url.Values{"code": {link.Secret}}.Encode()
	return &model.AccessPayload{Account: of, Link: &address, LinkExpiresAt: &link.ExpiresAt, UserErrors: []*model.UserError{}}, nil
}

func access(of *catalog.Account, err error) (*model.AccessPayload, error) {
	if err != nil {
		return accessErrors(err)
	}
	return &model.AccessPayload{Account: of, UserErrors: []*model.UserError{}}, nil
}

func accessErrors(err error) (*model.AccessPayload, error) {
	mend, err := payloadErrors(err, "")
	return &model.AccessPayload{UserErrors: mend}, err
}
