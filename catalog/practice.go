package catalog

// Practice is a way of working that a source describes as a highlight
// (特色亮点、特色做法).
type Practice struct {
	Meta
	Ordinal     int // its place in the document, or among its committee's
	Title       string
	Text        string
	CommitteeID *ID
}

// Kind is PRACTICE.
func (*Practice) Kind() RecordKind { return KindPractice }

// GlobalID is the opaque id by which clients know the practice.
func (p *Practice) GlobalID() string { return EncodeID(KindPractice, p.ID) }

// PracticeInput is a Practice as it is written.
type PracticeInput struct {
	InputMeta
	Ordinal    int      `json:"ordinal"` // 0 has the store number it after its committee's last one
	Title      string   `json:"title"`
	Text       string   `json:"text"`
	Cases      []string `json:"cases,omitempty"`
	Brands     []string `json:"brands,omitempty"`
	Proposals  []string `json:"proposals,omitempty"`
	Indicators []string `json:"indicators,omitempty"`
	Committee  string   `json:"committee,omitempty"`
}

var practiceNoun = describe[PracticeInput](KindPractice, headFields(
	NounField{Name: "ordinal", Label: Words{"序号", "number"}, Meaning: Words{"序号", "the place in the document's order, or among its committee's"}, Shape: ShapeCount},
	titleField,
	NounField{
		Name: "text", Label: Words{"正文", "text"}, Meaning: Words{"正文", "the whole text"},
		Shape: ShapeProse, Required: true, Most: MaxText, Aliases: []string{"全文"},
	},
	NounField{
		Name: "cases", Label: Words{"相关案例", "cases"}, Meaning: Words{"相关案例的 slug", "a case, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindCase, Most: MaxTitle, Aliases: []string{"案例"},
	},
	NounField{
		Name: "brands", Label: Words{"相关品牌", "brands"}, Meaning: Words{"相关品牌的 slug", "a brand, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindBrand, Most: MaxTitle, Aliases: []string{"品牌"},
	},
	proposalsField,
	NounField{
		Name: "indicators", Label: Words{"相关指标", "indicators"}, Meaning: Words{"相关指标的 slug", "an indicator, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindIndicator, Most: MaxTitle, Aliases: []string{"指标"},
	},
	committeeField,
)...)

// Kind is PRACTICE.
func (*PracticeInput) Kind() RecordKind { return KindPractice }

// References are all records that the practice names.
func (in *PracticeInput) References() []Reference {
	r := references(in.citationReferences())
	r.many("cases", KindCase, in.Cases)
	r.many("brands", KindBrand, in.Brands)
	r.many("proposals", KindProposal, in.Proposals)
	r.many("indicators", KindIndicator, in.Indicators)
	r.one("committee", KindCommittee, &in.Committee)
	return r
}

// Validate checks the input on its own.
func (in *PracticeInput) Validate() error {
	var c checker
	c.input(in)
	if in.Ordinal < 0 || in.Ordinal > 10_000 {
		c.invalid("ordinal", "序号从 1 开始", "counts from 1")
	}
	return c.inOrder(in)
}

// PracticeFilter says which practices.
type PracticeFilter struct {
	Status     []Status // none: those that are published
	Committees []string // global ids
}
