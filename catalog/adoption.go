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
	ResultingCaseID *ID     // the adopter's own case that came of it
	Thanks          *string // of the committee whose case it is
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
	Thanks        string      `json:"thanks,omitempty"` // not the adopter's to write: see ActionThank
}

var adoptionNoun = describe[AdoptionInput](KindAdoption, headFields(
	NounField{
		Name: "case", Label: Words{"案例", "case"}, Meaning: Words{"被推广的案例的 slug", "the case that was taken over, by its slug"},
		Shape: ShapeReference, Required: true, Kind: KindCase, Most: MaxTitle,
	},
	NounField{
		Name: "adopter", Label: Words{"引进政协", "adopter"}, Meaning: Words{"引进的政协委员会的 slug", "the committee that took it over, by its slug"},
		Shape: ShapeReference, Required: true, Kind: KindCommittee, Most: MaxTitle, Aliases: []string{"引进单位"},
	},
	NounField{
		Name: "adoptedOn", Label: Words{"引进日期", "adopted on"}, Meaning: Words{"引进日期，精确到出处所载", "when, as exact as the source"},
		Shape: ShapeDate, Aliases: []string{"引进时间", "日期"},
	},
	NounField{
		Name: "changes", Label: Words{"调整内容", "changes"}, Meaning: Words{"作了哪些调整", "what was changed"},
		Shape: ShapeText, Most: MaxText, Aliases: []string{"调整"},
	},
	NounField{
		Name: "result", Label: Words{"推广效果", "result"}, Meaning: Words{"推广效果", "how it went"}, Shape: ShapeText, Most: MaxText, Aliases: []string{"效果"},
	},
	NounField{
		Name: "resultingCase", Label: Words{"形成案例", "resulting case"}, Shape: ShapeReference, Kind: KindCase, Most: MaxTitle,
		Meaning: Words{"引进方由此形成的案例的 slug", "the adopter's own case that came of it, by its slug"},
	},
	NounField{
		Name: "thanks", Label: Words{"致谢", "thanks"}, Meaning: Words{"案例所属政协的致谢", "what the committee whose case it is says to the adopter"},
		Shape: ShapeText, Most: MaxReason,
	},
)...)

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
	c.input(in)
	if in.ResultingCase != "" && in.ResultingCase == in.Case {
		c.invalid("resultingCase", "案例不能是对自己的推广", "a case cannot come of itself")
	}
	return c.inOrder(in)
}

// AdoptionFilter says which adoptions; values within a field are OR, fields are
// AND.
type AdoptionFilter struct {
	Status   []Status // none: those that are published
	Adopters []string // global ids
	Origins  []string // global ids of the committees whose cases were taken over
	Cases    []string // global ids
}
