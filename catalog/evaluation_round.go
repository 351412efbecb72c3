package catalog

// EvaluationRound is a committee's rating of a year: which departments, by which
// items (评价轮次). Its results are entered as totals; members do not vote here.
type EvaluationRound struct {
	Meta
	CommitteeID *ID
	Year        int
	Items       []string
	Departments []string
}

// Kind is EVALUATION_ROUND.
func (*EvaluationRound) Kind() RecordKind { return KindRound }

// GlobalID is the opaque id by which clients know the round.
func (r *EvaluationRound) GlobalID() string { return EncodeID(KindRound, r.ID) }

// EvaluationRoundInput is an EvaluationRound as it is written.
type EvaluationRoundInput struct {
	InputMeta
	Year        int      `json:"year"`
	Committee   string   `json:"committee,omitempty"`
	Items       []string `json:"items,omitempty"`
	Departments []string `json:"departments,omitempty"`
}

var roundNoun = describe[EvaluationRoundInput](KindRound, headFields(
	required(yearField),
	committeeField,
	NounField{
		Name: "items", Label: Words{"评价项目", "items"}, Meaning: Words{"评价的项目", "an item by which departments are rated"},
		Shape: ShapeLine, Many: true, Most: MaxTitle, Aliases: []string{"项目", "指标"},
	},
	NounField{
		Name: "departments", Label: Words{"参评部门", "departments"}, Meaning: Words{"参加评价的部门", "a department that is rated"},
		Shape: ShapeLine, Many: true, Most: MaxTitle, Aliases: []string{"部门", "被评价部门"},
	},
)...)

// Kind is EVALUATION_ROUND.
func (*EvaluationRoundInput) Kind() RecordKind { return KindRound }

// References are the committee and the citations' sources.
func (in *EvaluationRoundInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	return r
}

// Validate checks the input on its own.
func (in *EvaluationRoundInput) Validate() error {
	var c checker
	c.input(in)
	unique(&c, "items", in.Items)
	unique(&c, "departments", in.Departments)
	return c.inOrder(in)
}

// EvaluationRoundFilter says which rounds.
type EvaluationRoundFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
	Years      []int
}
