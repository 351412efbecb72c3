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

var proposalEventKindEnum = &Enum{Name: "ProposalEventKind", Values: []EnumChoice{
	{string(EventSubmitted), "提出", nil},
	{string(EventFiled), "立案", nil},
	{string(EventAssigned), "交办", nil},
	{string(EventSurveyed), "督办调研", nil},
	{string(EventMeetingHeld), "办理协商座谈", nil},
	{string(EventEndorsed), "批示", nil},
	{string(EventReplied), "答复", nil},
	{string(EventAdopted), "采纳", nil},
	{string(EventImplemented), "落实", nil},
}}

// Valid reports whether k is one of the stages.
func (k ProposalEventKind) Valid() bool { return proposalEventKindEnum.Has(string(k)) }

// Label is the stage's name in Chinese.
func (k ProposalEventKind) Label() string { return proposalEventKindEnum.Label(string(k)) }

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

var proposalEventNoun = describe[ProposalEventInput]("",
	NounField{
		Name: "kind", Label: Words{"办理环节", "stage"}, Meaning: Words{"办理环节", "the stage of the handling"},
		Shape: ShapeEnum, Required: true, Enum: proposalEventKindEnum,
	},
	occurredOnField,
	noteField,
	personField,
)
