package catalog

// ProposalEventKind is a stage of the handling of a proposal (办理过程).
type ProposalEventKind string

// The stages.
const (
	EventSubmitted   ProposalEventKind = "SUBMITTED"    // 提出
	EventFiled       ProposalEventKind = "FILED"        // 立案
	EventAssigned    ProposalEventKind = "ASSIGNED"     // 交办
	EventSurveyed    ProposalEventKind = "SURVEYED"     // 督办调研
	EventMeetingHeld ProposalEventKind = "MEETING_HELD" // 办理协商座谈
	EventEndorsed    ProposalEventKind = "ENDORSED"     // 批示
	EventReplied     ProposalEventKind = "REPLIED"      // 答复
	EventAdopted     ProposalEventKind = "ADOPTED"      // 采纳
	EventImplemented ProposalEventKind = "IMPLEMENTED"  // 落实
)

// Valid reports whether k is one of the stages.
func (k ProposalEventKind) Valid() bool {
	switch k {
	case EventSubmitted, EventFiled, EventAssigned, EventSurveyed, EventMeetingHeld, EventEndorsed, EventReplied, EventAdopted, EventImplemented:
		return true
	}
	return false
}

// ProposalEvent is one thing that happened to a proposal.
type ProposalEvent struct {
	ProposalID ID
	Position   int
	Kind       ProposalEventKind
	OccurredOn *PartialDate
	Note       *string
	PersonID   *ID
}

// ProposalEventInput is a ProposalEvent as it is written.
type ProposalEventInput struct {
	Kind       ProposalEventKind `json:"kind"`
	OccurredOn PartialDate       `json:"occurredOn,omitempty"`
	Note       string            `json:"note,omitempty"`
	Person     string            `json:"person,omitempty"`
}

func (in ProposalEventInput) check(c *checker, path string) {
	c.oneOf(path+".kind", string(in.Kind), in.Kind.Valid())
	c.date(path+".occurredOn", in.OccurredOn)
	c.text(path+".note", in.Note, MaxText)
}
