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

// The payloads of the schema, by the names that it has for them.
type (
	AdoptionPayload   = Payload[catalog.Adoption]
	BrandPayload      = Payload[catalog.Brand]
	CasePayload       = Payload[catalog.Case]
	EvaluationPayload = Payload[catalog.Evaluation]
	NeedPayload       = Payload[catalog.Need]
	CallPayload       = Payload[catalog.Call]
	SubmissionPayload = Payload[catalog.Submission]
	CollectionPayload = Payload[catalog.Collection]
	ProposalPayload   = Payload[catalog.Proposal]
	ReportPayload     = Payload[catalog.Report]
	PersonPayload     = Payload[catalog.Person]
	VenuePayload      = Payload[catalog.Venue]
	ActivityPayload   = Payload[catalog.Activity]
	PracticePayload   = Payload[catalog.Practice]

	EvaluationRoundPayload = Payload[catalog.EvaluationRound]
)

// FollowPayload is what became of a change of what somebody follows.
type FollowPayload struct {
	Follow     *catalog.Follow
	UserErrors []*UserError
}

// MarkNoticesReadPayload is what became of marking notices.
type MarkNoticesReadPayload struct {
	Marked     int
	Unread     int
	UserErrors []*UserError
}

// WritingPayload is what became of keeping what somebody writes.
type WritingPayload struct {
	Writing    *catalog.Writing
	UserErrors []*UserError
}

// DiscardPayload is what became of discarding it.
type DiscardPayload struct {
	Discarded  bool
	UserErrors []*UserError
}

// CallReviewerPayload is what became of a change of who scores for a call.
type CallReviewerPayload struct {
	Reviewers  []*catalog.CallReviewer
	Token      *string // of a new reviewer's link, shown once
	UserErrors []*UserError
}

// RemindPayload is what became of reminding the committees that a call asks.
type RemindPayload struct {
	Told       int
	UserErrors []*UserError
}
