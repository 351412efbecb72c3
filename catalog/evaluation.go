package catalog

import "math"

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
	in.check(&c)
	c.year("year", &in.Year)
	c.required("department", in.Department, MaxTitle)
	if in.Score != nil && (math.IsNaN(*in.Score) || math.IsInf(*in.Score, 0)) {
		c.invalid("score", "不是数字", "is not a number")
	}
	c.count("raters", in.Raters)
	return c.problems.Or()
}
