package catalog

// Proposal is a formal proposal or suggestion (提案).
type Proposal struct {
	Meta
	Title             string
	AlternativeTitles []string
	Number            *string
	Summary           *string
	AddressedTo       *string // for instance 全国政协
	IsKey             bool    // 重点提案
	Year              *int
	Resolution        *Resolution
	Satisfaction      *Satisfaction
}

// Proposer is who may put a proposal: a Person or a Committee.
type Proposer interface{ IsProposer() }

// IsProposer marks a person as one who may put a proposal.
func (*Person) IsProposer() {}

// IsProposer marks a committee as one that may put a proposal.
func (*Committee) IsProposer() {}

// ProposerRef names who put a proposal: a person or a committee, one of the two.
type ProposerRef struct {
	ProposalID  ID
	PersonID    *ID
	CommitteeID *ID
}

// Resolution says how far a proposal is solved (办理结果), apart from whether
// it was answered.
type Resolution string

// The resolutions.
const (
	ResolutionA Resolution = "A" // 已解决
	ResolutionB Resolution = "B" // 正在解决或列入计划
	ResolutionC Resolution = "C" // 留作参考
)

// Satisfaction is the proposers' word on the handling (满意度).
type Satisfaction string

// The degrees of satisfaction.
const (
	Satisfied          Satisfaction = "SATISFIED"
	BasicallySatisfied Satisfaction = "BASICALLY_SATISFIED"
	Unsatisfied        Satisfaction = "UNSATISFIED"
)

// Undertaker is a department that handles a proposal (承办单位).
type Undertaker struct {
	ProposalID ID
	Name       string
	IsLead     bool // 主办; otherwise 会办
}

// Kind is PROPOSAL.
func (*Proposal) Kind() RecordKind { return KindProposal }

// GlobalID is the opaque id by which clients know the proposal.
func (p *Proposal) GlobalID() string { return EncodeID(KindProposal, p.ID) }

// ProposalInput is a Proposal as it is written.
type ProposalInput struct {
	InputMeta
	Title             string               `json:"title"`
	AlternativeTitles []string             `json:"alternativeTitles,omitempty"`
	Number            string               `json:"number,omitempty"`
	Summary           string               `json:"summary,omitempty"`
	Proposers         []ProposerInput      `json:"proposers,omitempty"`
	AddressedTo       string               `json:"addressedTo,omitempty"`
	IsKey             bool                 `json:"isKey,omitempty"`
	Year              *int                 `json:"year,omitempty"`
	Topics            []string             `json:"topics,omitempty"`
	Supervisions      []SupervisionInput   `json:"supervisions,omitempty"`
	Undertakers       []UndertakerInput    `json:"undertakers,omitempty"`
	Events            []ProposalEventInput `json:"events,omitempty"` // in the order in which they took place
	Resolution        Resolution           `json:"resolution,omitempty"`
	Satisfaction      Satisfaction         `json:"satisfaction,omitempty"`
	Outcomes          []OutcomeInput       `json:"outcomes,omitempty"`
}

// ProposerInput names a person or a committee, one of the two.
type ProposerInput struct {
	Person    string `json:"person,omitempty"`
	Committee string `json:"committee,omitempty"`
}

// UndertakerInput is an Undertaker as it is written.
type UndertakerInput struct {
	Name   string `json:"name"`
	IsLead bool   `json:"isLead,omitempty"`
}

// Kind is PROPOSAL.
func (*ProposalInput) Kind() RecordKind { return KindProposal }

// References are all records that the proposal names.
func (in *ProposalInput) References() []Reference {
	r := references(in.citationReferences())
	for i := range in.Proposers {
		r.one(at("proposers", i)+".person", KindPerson, &in.Proposers[i].Person)
		r.one(at("proposers", i)+".committee", KindCommittee, &in.Proposers[i].Committee)
	}
	r.many("topics", KindTopic, in.Topics)
	for i := range in.Supervisions {
		r.one(at("supervisions", i)+".supervisor", KindPerson, &in.Supervisions[i].Supervisor)
	}
	for i := range in.Events {
		r.one(at("events", i)+".person", KindPerson, &in.Events[i].Person)
	}
	return r
}

// Validate checks the input on its own.
func (in *ProposalInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("title", in.Title, MaxTitle)
	c.lines("alternativeTitles", in.AlternativeTitles)
	c.line("number", in.Number, MaxTitle)
	c.text("summary", in.Summary, MaxText)
	c.line("addressedTo", in.AddressedTo, MaxTitle)
	c.year("year", in.Year)
	c.lines("topics", in.Topics)
	unique(&c, "topics", in.Topics)
	in.checkPeople(&c)
	in.checkHandling(&c)
	checkOutcomes(&c, in.Outcomes)
	return c.problems.Or()
}

func (in *ProposalInput) checkPeople(c *checker) {
	c.list("proposers", len(in.Proposers))
	for i, p := range in.Proposers {
		if (p.Person == "") == (p.Committee == "") {
			c.invalid(at("proposers", i), "请写 person 或 committee 之一", "name a person or a committee, one of the two")
		}
	}
	unique(c, "proposers", in.Proposers)
	c.list("undertakers", len(in.Undertakers))
	for i, u := range in.Undertakers {
		c.required(at("undertakers", i)+".name", u.Name, MaxTitle)
	}
	c.list("supervisions", len(in.Supervisions))
	for i, s := range in.Supervisions {
		s.check(c, at("supervisions", i))
	}
}

func (in *ProposalInput) checkHandling(c *checker) {
	c.list("events", len(in.Events))
	for i, e := range in.Events {
		e.check(c, at("events", i))
	}
	switch in.Resolution {
	case "", ResolutionA, ResolutionB, ResolutionC:
	default:
		c.oneOf("resolution", string(in.Resolution), false)
	}
	switch in.Satisfaction {
	case "", Satisfied, BasicallySatisfied, Unsatisfied:
	default:
		c.oneOf("satisfaction", string(in.Satisfaction), false)
	}
}
