package catalog

// Adoption is one committee's taking over of a peer's case in its own place
// (复制推广、互学互鉴): an edge of cross-county learning.
type Adoption struct {
	Meta
	CaseID          ID
	AdopterID       ID // the committee
	AdoptedOn       *PartialDate
	Changes         *string
	Result          *string
	ResultingCaseID *ID // the adopter's own case that came of it
}

// Kind is ADOPTION.
func (*Adoption) Kind() RecordKind { return KindAdoption }

// GlobalID is the opaque id by which clients know the adoption.
func (a *Adoption) GlobalID() string { return EncodeID(KindAdoption, a.ID) }

// AdoptionInput is an Adoption as it is written.
type AdoptionInput struct {
	InputMeta
	Case          string      `json:"case"`
	Adopter       string      `json:"adopter"`
	AdoptedOn     PartialDate `json:"adoptedOn,omitempty"`
	Changes       string      `json:"changes,omitempty"`
	Result        string      `json:"result,omitempty"`
	ResultingCase string      `json:"resultingCase,omitempty"`
}

// Kind is ADOPTION.
func (*AdoptionInput) Kind() RecordKind { return KindAdoption }

// References are the cases, the adopter and the citations' sources.
func (in *AdoptionInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("case", KindCase, &in.Case)
	r.one("adopter", KindCommittee, &in.Adopter)
	r.one("resultingCase", KindCase, &in.ResultingCase)
	return r
}

// Validate checks the input on its own; that the case is not the adopter's own
// is the store's to check.
func (in *AdoptionInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("case", in.Case, MaxTitle)
	c.required("adopter", in.Adopter, MaxTitle)
	c.date("adoptedOn", in.AdoptedOn)
	c.text("changes", in.Changes, MaxText)
	c.text("result", in.Result, MaxText)
	if in.ResultingCase != "" && in.ResultingCase == in.Case {
		c.invalid("resultingCase", "案例不能是对自己的推广", "a case cannot come of itself")
	}
	return c.problems.Or()
}
