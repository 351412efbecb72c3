package model

import (
	"time"

	"github.com/jisiguangyi/jisi/catalog"
)

// AccessInput is an account as it is asked for.
type AccessInput struct {
	Name      string
	Role      catalog.Role
	Committee *string
	Days      *int
}

// AccessPayload is what became of a change of an account.
type AccessPayload struct {
	Account       *catalog.Account
	Token         *string
	Link          *string
	LinkExpiresAt *time.Time
	UserErrors    []*UserError
}

// ContactInput is a contact as it is written.
type ContactInput struct {
	Name  *string
	Phone *string
	Email *string
}

// ContactPayload is what became of a change of a contact.
type ContactPayload struct {
	Committee  *catalog.Committee
	UserErrors []*UserError
}

// DeliveryChoiceInput is how somebody wants to be told of one kind of notices.
type DeliveryChoiceInput struct {
	Kind    catalog.NoticeKind
	Email   catalog.EmailPace
	Webhook bool
}

// DeliverySettingsPayload is what became of a change of how somebody is told.
type DeliverySettingsPayload struct {
	Delivery   *catalog.DeliverySettings
	UserErrors []*UserError
}

// WebhookPayload is what became of a change of a webhook or delivery.
type WebhookPayload struct {
	Webhook    *catalog.Webhook
	Secret     *string
	UserErrors []*UserError
}
