package catalog

import (
	"fmt"
	"slices"
)

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
	RoundID        *ID
}

// ItemScore is what a department got for one item of a round.
type ItemScore struct {
	EvaluationID ID
	Item         string
	Score        float64 // 0 to 100
	Raters       *int
}

// Kind is EVALUATION.
func (*Evaluation) Kind() RecordKind { return KindEvaluation }

// GlobalID is the opaque id by which clients know the evaluation.
func (e *Evaluation) GlobalID() string { return EncodeID(KindEvaluation, e.ID) }

// EvaluationInput is an Evaluation as it is written.
type EvaluationInput struct {
	InputMeta
	Year           int              `json:"year"`
	Department     string           `json:"department"`
	Score          *float64         `json:"score,omitempty"`
	Raters         *int             `json:"raters,omitempty"`
	CountsInReview *bool            `json:"countsInReview,omitempty"`
	Committee      string           `json:"committee,omitempty"`
	Round          string           `json:"round,omitempty"`
	Items          []ItemScoreInput `json:"items,omitempty"`
}

// ItemScoreInput is an ItemScore as it is written.
type ItemScoreInput struct {
	Item   string  `json:"item"`
	Score  float64 `json:"score"`
	Raters *int    `json:"raters,omitempty"`
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
	NounField{
		Name: "round", Label: Words{"评价轮次", "round"}, Meaning: Words{"所属评价轮次的 slug", "the round that it belongs to, by its slug"},
		Shape: ShapeReference, Kind: KindRound, Most: MaxTitle, Aliases: []string{"轮次"},
	},
	NounField{
		Name: "items", Label: Words{"分项得分", "items"}, Meaning: Words{"各项得分", "what it got for each item"},
		Shape: ShapeEntry, Many: true, Entry: itemScoreNoun, Aliases: []string{"分项"},
	},
)...)

var itemScoreNoun = describe[ItemScoreInput]("",
	NounField{Name: "item", Label: Words{"项目", "item"}, Meaning: Words{"评价的项目", "the item"}, Shape: ShapeLine, Required: true, Most: MaxTitle},
	NounField{Name: "score", Label: Words{"得分", "score"}, Meaning: Words{"得分", "the score"}, Shape: ShapeNumber, Required: true},
	NounField{Name: "raters", Label: Words{"评价人数", "raters"}, Meaning: Words{"参加评价的委员人数", "how many members rated"}, Shape: ShapeCount},
)

// Kind is EVALUATION.
func (*EvaluationInput) Kind() RecordKind { return KindEvaluation }

// References are the committee and the citations' sources.
func (in *EvaluationInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("round", KindRound, &in.Round)
	return r
}

// Validate checks the input on its own.
func (in *EvaluationInput) Validate() error {
	var c checker
	c.input(in)
	if in.Score != nil {
		c.score("score", *in.Score)
	}
	items := make([]string, len(in.Items))
	for i, one := range in.Items {
		items[i] = one.Item
		c.score(at("items", i)+".score", one.Score)
	}
	unique(&c, "items", items)
	return c.inOrder(in)
}

// score reports a figure that is no score.
func (c *checker) score(path string, score float64) {
	if score < 0 || score > MaxScore {
		c.invalid(path, "分数在 0 至 100 之间", "must be from 0 to 100")
	}
}

// MaxScore is the best score; 0 is the worst.
const MaxScore = 100

// EvaluationFilter says which evaluations.
type EvaluationFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
	Year       *int
}

// Against says, as Problems, what of an evaluation is not as its round has it; owner
// is the round's committee, by its slug.
func (in *EvaluationInput) Against(round *EvaluationRoundInput) error {
	var c checker
	if in.Year != round.Year {
		c.invalid("year", fmt.Sprintf("所选轮次是 %d 年的", round.Year), fmt.Sprintf("the round is of %d", round.Year))
	}
	if in.Committee != round.Committee {
		c.invalid("committee", "所选轮次是别的政协的", "the round is another committee's")
	}
	if len(round.Departments) > 0 && !slices.Contains(round.Departments, in.Department) {
		c.invalid("department", "所选轮次没有这个部门", "the round does not have this department")
	}
	for i, one := range in.Items {
		if len(round.Items) > 0 && !slices.Contains(round.Items, one.Item) {
			c.invalid(at("items", i)+".item", "所选轮次没有这个项目", "the round does not have this item")
		}
	}
	return c.problems.Or()
}
