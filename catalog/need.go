package catalog

// NeedState says how far a need has come.
type NeedState string

// The states of a need. It is answered by a published case, and open again where
// the last one is withdrawn.
const (
	NeedOpen     NeedState = "OPEN"
	NeedAnswered NeedState = "ANSWERED"
	NeedClosed   NeedState = "CLOSED"
)

var needStateEnum = &Enum{Name: "NeedState", Values: []EnumChoice{
	{string(NeedOpen), "待回应", nil}, {string(NeedAnswered), "已有案例回应", nil}, {string(NeedClosed), "已了结", nil},
}}

// Need is a matter that a committee faces and that nobody's case answers yet (需求).
type Need struct {
	Meta
	Problem     string
	Closed      bool
	CommitteeID *ID // who registered it
}

// Kind is NEED.
func (*Need) Kind() RecordKind { return KindNeed }

// GlobalID is the opaque id by which clients know the need.
func (n *Need) GlobalID() string { return EncodeID(KindNeed, n.ID) }

// NeedFigures are what is known of a need beside what it says.
type NeedFigures struct {
	NeedID ID
	State  NeedState
	Askers int // who asked: its committee, others, and anonymous readers
}

// NeedInput is a Need as it is written.
type NeedInput struct {
	InputMeta
	Problem   string   `json:"problem"`
	Committee string   `json:"committee,omitempty"`
	Topics    []string `json:"topics,omitempty"`
	Closed    bool     `json:"closed,omitempty"`
	Answers   []string `json:"answers,omitempty"` // not the owner's alone to write: see ActionAnswer
}

var needNoun = describe[NeedInput](KindNeed, headFields(
	NounField{
		Name: "problem", Label: Words{"需求", "problem"}, Meaning: Words{"所遇到的问题", "the matter that the committee faces"},
		Shape: ShapeText, Required: true, Most: MaxReason, Aliases: []string{"问题"},
	},
	committeeField,
	topicsField,
	NounField{Name: "closed", Label: Words{"已了结", "closed"}, Meaning: Words{"是否已了结", "whether it is no longer asked"}, Shape: ShapeFlag},
	NounField{
		Name: "answers", Label: Words{"回应案例", "answers"}, Meaning: Words{"回应案例的 slug", "a case that answers it, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindCase, Most: MaxTitle,
	},
)...)

// Kind is NEED.
func (*NeedInput) Kind() RecordKind { return KindNeed }

// References are the committee, the topics, the cases and the citations' sources.
func (in *NeedInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.many("topics", KindTopic, in.Topics)
	r.many("answers", KindCase, in.Answers)
	return r
}

// Validate checks the input on its own.
func (in *NeedInput) Validate() error {
	var c checker
	c.input(in)
	unique(&c, "topics", in.Topics)
	unique(&c, "answers", in.Answers)
	return c.inOrder(in)
}

// NeedFilter says which needs; fields are AND.
type NeedFilter struct {
	Status     []Status // none: those that are published
	Open       *bool    // whether no case answers it yet and it is still asked
	Topics     []string // slugs; each with all below it
	Committees []string // global ids
}
