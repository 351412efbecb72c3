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

var resolutionEnum = &Enum{Name: "Resolution", Values: []EnumChoice{
	{string(ResolutionA), "A 类（已解决）", []string{"A类", "已解决", "A 类：已解决"}},
	{string(ResolutionB), "B 类（正在解决或列入计划）", []string{"B类", "正在解决", "列入计划", "B 类：正在解决或列入计划"}},
	{string(ResolutionC), "C 类（留作参考）", []string{"C类", "留作参考", "C 类：留作参考"}},
}}

// Label is the resolution's name in Chinese.
func (r Resolution) Label() string { return resolutionEnum.Label(string(r)) }

var satisfactionEnum = &Enum{Name: "Satisfaction", Values: []EnumChoice{
	{string(Satisfied), "满意", nil},
	{string(BasicallySatisfied), "基本满意", nil},
	{string(Unsatisfied), "不满意", nil},
}}

// Label is the degree's name in Chinese.
func (s Satisfaction) Label() string { return satisfactionEnum.Label(string(s)) }

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

// ProposerInput names a person or a committee, or makes a person: one of the three.
type ProposerInput struct {
	Person    string     `json:"person,omitempty"`
	Committee string     `json:"committee,omitempty"`
	NewPerson *NewPerson `json:"newPerson,omitempty"`
}

// UndertakerInput is an Undertaker as it is written.
type UndertakerInput struct {
	Name   string `json:"name"`
	IsLead bool   `json:"isLead,omitempty"`
}

var proposalNoun = describe[ProposalInput](KindProposal, headFields(
	titleField,
	alternativeTitlesField,
	NounField{
		Name: "number", Label: Words{"案号", "number"}, Meaning: Words{"提案编号", "the proposal's number"},
		Shape: ShapeLine, Most: MaxTitle, Aliases: []string{"编号", "提案编号"},
	},
	summaryField,
	NounField{
		Name: "proposers", Label: Words{"提案者", "proposers"}, Meaning: Words{"提案者", "who put the proposal"},
		Shape: ShapeEntry, Many: true, Entry: proposerNoun, Aliases: []string{"提案人"},
	},
	NounField{
		Name: "addressedTo", Label: Words{"提交对象", "addressed to"}, Meaning: Words{"提交对象", "the body that it was put to"},
		Shape: ShapeLine, Most: MaxTitle,
	},
	NounField{Name: "isKey", Label: Words{"重点提案", "key proposal"}, Meaning: Words{"是否重点提案", "whether it is a key proposal"}, Shape: ShapeFlag},
	yearField,
	topicsField,
	NounField{
		Name: "supervisions", Label: Words{"领衔督办", "supervisions"}, Meaning: Words{"领衔督办", "who saw it through"},
		Shape: ShapeEntry, Many: true, Entry: supervisionNoun,
	},
	NounField{
		Name: "undertakers", Label: Words{"承办单位", "undertakers"}, Meaning: Words{"承办单位", "the departments that handle it"},
		Shape: ShapeEntry, Many: true, Entry: undertakerNoun,
	},
	NounField{
		Name: "events", Label: Words{"办理过程", "handling"}, Meaning: Words{"办理过程", "what happened to it, in order"},
		Shape: ShapeEntry, Many: true, Entry: proposalEventNoun,
	},
	NounField{
		Name: "resolution", Label: Words{"办理结果", "resolution"}, Shape: ShapeEnum, Enum: resolutionEnum,
		Meaning: Words{"办理结果", "how far it is solved: solved, being solved or planned, kept for reference"},
	},
	NounField{
		Name: "satisfaction", Label: Words{"满意度", "satisfaction"}, Meaning: Words{"提案人对办理的意见", "the proposers' word on the handling"},
		Shape: ShapeEnum, Enum: satisfactionEnum,
	},
	outcomesField,
)...)

var proposerNoun = describe[ProposerInput]("", personField, committeeField, newPersonField)

var undertakerNoun = describe[UndertakerInput]("",
	NounField{Name: "name", Label: Words{"名称", "name"}, Meaning: Words{"名称", "the name"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "isLead", Label: Words{"主办", "lead"}, Meaning: Words{"是否主办单位", "whether it is the lead department"}, Shape: ShapeFlag},
)

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
		in.Supervisions[i].references(&r, at("supervisions", i))
	}
	for i := range in.Events {
		r.one(at("events", i)+".person", KindPerson, &in.Events[i].Person)
	}
	return r
}

// Validate checks the input on its own.
func (in *ProposalInput) Validate() error {
	var c checker
	c.input(in)
	for i, p := range in.Proposers {
		named := 0
		for _, is := range []bool{p.Person != "", p.Committee != "", p.NewPerson != nil} {
			if is {
				named++
			}
		}
		if named != 1 {
			c.invalid(at("proposers", i), "请写 person、committee 或 newPerson 之一", "name a person or a committee, or make a person: one of the three")
		}
	}
	unique(&c, "proposers", in.Proposers)
	unique(&c, "topics", in.Topics)
	for i, s := range in.Supervisions {
		s.check(&c, at("supervisions", i), in.Unfilled)
	}
	return c.inOrder(in)
}
