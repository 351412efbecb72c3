package catalog

// Practice is a way of working that a source describes as a highlight
// (特色亮点、特色做法).
type Practice struct {
	Meta
	Ordinal int
	Title   string
	Text    string
}

// Kind is PRACTICE.
func (*Practice) Kind() RecordKind { return KindPractice }

// GlobalID is the opaque id by which clients know the practice.
func (p *Practice) GlobalID() string { return EncodeID(KindPractice, p.ID) }

// PracticeInput is a Practice as it is written.
type PracticeInput struct {
	InputMeta
	Ordinal    int      `json:"ordinal"`
	Title      string   `json:"title"`
	Text       string   `json:"text"`
	Cases      []string `json:"cases,omitempty"`
	Brands     []string `json:"brands,omitempty"`
	Proposals  []string `json:"proposals,omitempty"`
	Indicators []string `json:"indicators,omitempty"`
}

// Kind is PRACTICE.
func (*PracticeInput) Kind() RecordKind { return KindPractice }

// References are all records that the practice names.
func (in *PracticeInput) References() []Reference {
	r := references(in.citationReferences())
	r.many("cases", KindCase, in.Cases)
	r.many("brands", KindBrand, in.Brands)
	r.many("proposals", KindProposal, in.Proposals)
	r.many("indicators", KindIndicator, in.Indicators)
	return r
}

// Validate checks the input on its own.
func (in *PracticeInput) Validate() error {
	var c checker
	in.check(&c)
	c.required("title", in.Title, MaxTitle)
	if in.Ordinal < 1 || in.Ordinal > 10_000 {
		c.invalid("ordinal", "序号从 1 开始", "counts from 1")
	}
	if in.Text == "" {
		c.invalid("text", "不能为空", "is required")
	}
	c.text("text", in.Text, MaxText)
	c.lines("cases", in.Cases)
	c.lines("brands", in.Brands)
	c.lines("proposals", in.Proposals)
	c.lines("indicators", in.Indicators)
	return c.problems.Or()
}
