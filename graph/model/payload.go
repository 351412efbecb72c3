package model

import "github.com/jisiguangyi/jisi/catalog"

// Payload is what became of a change: the record as it is now, or what is wrong.
type Payload[T any] struct {
	Record     *T
	Version    *int // the one that the change made
	UserErrors []*UserError
}

// UserError is what is wrong with a change, for a person to mend.
type UserError struct {
	Path      []string
	Code      catalog.ErrorKind
	Message   string
	MessageZh string
	Conflict  *catalog.ConflictDetail
}

// The payloads of the schema, by the names that it gives them.
type (
	AdoptionPayload   = Payload[catalog.Adoption]
	BrandPayload      = Payload[catalog.Brand]
	CasePayload       = Payload[catalog.Case]
	EvaluationPayload = Payload[catalog.Evaluation]
	ProposalPayload   = Payload[catalog.Proposal]
)
