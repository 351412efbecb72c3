package catalog

// Evaluation is the members' yearly experience-based rating of a department
// (营商环境体验式评价).
type Evaluation struct {
	Meta
	Year           int
	Department     string
	Score          *float64
	Raters         *int // members who rated
	CountsInReview *bool
	CommitteeID    *ID // whose members rated
}

// Kind is EVALUATION.
func (*Evaluation) Kind() RecordKind { return KindEvaluation }

// GlobalID is the opaque id by which clients know the evaluation.
func (e *Evaluation) GlobalID() string { return EncodeID(KindEvaluation, e.ID) }

// EvaluationInput is an Evaluation as it is written.
type EvaluationInput struct {
	InputMeta
	Year           int      `json:"year"`
	Department     string   `json:"department"`
	Score          *float64 `json:"score,omitempty"`
	Raters         *int     `json:"raters,omitempty"`
	CountsInReview *bool    `json:"countsInReview,omitempty"`
	Committee      string   `json:"committee,omitempty"`
}

var evaluationNoun = describe[EvaluationInput](KindEvaluation, headFields(
	required(yearField),
	NounField{
		Name: "department", Label: Words{"被评价部门", "department"}, Meaning: Words{"被评价部门", "the department that was rated"},
		Shape: ShapeLine, Required: true, Most: MaxTitle, Aliases: []string{"部门"},
	},
	NounField{Name: "score", Label: Words{"得分", "score"}, Meaning: Words{"得分", "the score"}, Shape: ShapeNumber},
	NounField{Name: "raters", Label: Words{"评价人数", "raters"}, Meaning: Words{"参加评价的委员人数", "how many members rated"}, Shape: ShapeCount},
	NounField{
		Name: "countsInReview", Label: Words{"计入考核", "counts in review"}, Shape: ShapeFlag,
		Meaning: Words{"是否计入绩效考核", "whether it counted in the performance review"},
	},
	committeeField,
)...)

// Kind is EVALUATION.
func (*EvaluationInput) Kind() RecordKind { return KindEvaluation }

// References are the committee and the citations' sources.
func (in *EvaluationInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	return r
}

// Validate checks the input on its own.
func (in *EvaluationInput) Validate() error {
	var c checker
	c.input(in)
	return c.inOrder(in)
}
