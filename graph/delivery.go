package graph

import (
	"context"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph/model"
)

// DeliveryReader returns how people are told outside the site, and what was sent.
type DeliveryReader interface {
	DeliverySettings(ctx context.Context) (*catalog.DeliverySettings, error)
	Webhooks(ctx context.Context) ([]*catalog.Webhook, error)
	Deliveries(ctx context.Context, states []catalog.DeliveryState, most int) ([]*catalog.Delivery, error)
}

// DeliveryWriter changes it in the name of the context's viewer.
type DeliveryWriter interface {
	ChooseDelivery(ctx context.Context, choices []catalog.DeliveryChoice) error
	AskEmail(ctx context.Context, address *string) error
	ConfirmEmail(ctx context.Context, code string) error
	AddWebhook(ctx context.Context, in *catalog.WebhookInput) (made *catalog.Webhook, secret string, err error)
	RemoveWebhook(ctx context.Context, global string) error
	TestWebhook(ctx context.Context, global string) error
	RetryDelivery(ctx context.Context, global string) error
}

// settled returns the settings after a change of them.
func (r *Resolver) settled(ctx context.Context, err error) (*model.DeliverySettingsPayload, error) {
	if err != nil {
		mend, err := payloadErrors(err, "")
		return &model.DeliverySettingsPayload{UserErrors: mend}, err
	}
	now, err := r.Store.DeliverySettings(ctx)
	return &model.DeliverySettingsPayload{Delivery: now, UserErrors: []*model.UserError{}}, err
}

func (r *Resolver) chooseDelivery(ctx context.Context, kinds []*model.DeliveryChoiceInput) (*model.DeliverySettingsPayload, error) {
	if len(kinds) > len(catalog.NoticeKinds)*2 {
		return nil, &catalog.Error{Kind: catalog.KindLimit, Path: "kinds", Zh: "各类通知最多写一次", En: "at most one of each kind"}
	}
	choices := make([]catalog.DeliveryChoice, len(kinds))
	for i, k := range kinds {
		choices[i] = catalog.DeliveryChoice{Kind: k.Kind, Email: k.Email, Webhook: k.Webhook}
	}
	return r.settled(ctx, r.Writer.ChooseDelivery(ctx, choices))
}

func (r *Resolver) setEmail(ctx context.Context, email *string) (*model.DeliverySettingsPayload, error) {
	if email != nil && !r.Mail {
		return r.settled(ctx, &catalog.Error{Kind: catalog.KindInvalid, Path: "email", Zh: "本站没有设置邮件服务器，不能发邮件", En: "the server has no mail server and sends no e-mail"})
	}
	return r.settled(ctx, r.Writer.AskEmail(ctx, email))
}

// addWebhook looks where the address leads before it is kept. Only for an admin: others
// are not to learn which names stand for what in the server's own network.
func (r *Resolver) addWebhook(ctx context.Context, in *catalog.WebhookInput) (*model.WebhookPayload, error) {
	if r.Reachable != nil && catalog.MayAdmit(catalog.ViewerFrom(ctx), 0, catalog.RoleAdmin) == nil {
		if err := r.Reachable(ctx, in.URL); err != nil {
			return hooked(nil, "", err)
		}
	}
	return hooked(r.Writer.AddWebhook(ctx, in))
}

func hooked(of *catalog.Webhook, secret string, err error) (*model.WebhookPayload, error) {
	if err != nil {
		mend, err := payloadErrors(err, "")
		return &model.WebhookPayload{UserErrors: mend}, err
	}
	p := &model.WebhookPayload{Webhook: of, UserErrors: []*model.UserError{}}
	if secret != "" {
		p.Secret = &secret
	}
	return p, nil
}
