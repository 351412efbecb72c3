package catalog

import "fmt"

// Input is a record as it is written: by an import, a mutation or the
// documented records that come with the binary. References are slugs; where a
// reader allows it, codes or names, which the store turns into slugs.
type Input interface {
	Kind() RecordKind
	Head() *InputMeta
	// Validate reports, as Problems, what is wrong with the input on its own;
	// whether the records exist that it refers to is the store's to say.
	Validate() error
	// References gives pointers to all references to other records, so that
	// the store can put slugs in the place of codes and names.
	References() []Reference
}

// Reference is one mention of another record in an input.
type Reference struct {
	Path string // the field, as in "participants.0.committee"
	Kind RecordKind
	Name *string // a slug, code or name; a slug after the store has resolved it
}

// InputMeta is what every input has.
type InputMeta struct {
	Slug      string          `json:"slug"`
	Origin    Origin          `json:"origin,omitempty"` // "" is CONTRIBUTED
	Status    Status          `json:"status,omitempty"` // "" is PUBLISHED
	Citations []CitationInput `json:"citations,omitempty"`
}

// Head gives the meta itself, so that every input that embeds it has it.
func (m *InputMeta) Head() *InputMeta { return m }

// SetDefaults fills what an import may leave out.
func (m *InputMeta) SetDefaults() {
	if m.Origin == "" {
		m.Origin = OriginContributed
	}
	if m.Status == "" {
		m.Status = StatusPublished
	}
}

func (m *InputMeta) check(c *checker) {
	if !ValidSlug(m.Slug) {
		c.invalid("slug", fmt.Sprintf("“%s”不能作为永久链接：只用小写字母、数字和单个连字符，最多 %d 个字符", clip(m.Slug, 40), MaxSlug),
			fmt.Sprintf("%q is not a slug: lower-case letters, digits and single hyphens, at most %d characters", clip(m.Slug, 40), MaxSlug))
	}
	c.oneOf("origin", string(m.Origin), m.Origin == "" || m.Origin.Valid())
	c.oneOf("status", string(m.Status), m.Status == "" || m.Status.Valid())
	c.list("citations", len(m.Citations))
	for i := range m.Citations {
		m.Citations[i].check(c, at("citations", i))
	}
}

func (m *InputMeta) citationReferences() []Reference {
	refs := make([]Reference, 0, len(m.Citations))
	for i := range m.Citations {
		refs = append(refs, Reference{at("citations", i) + ".source", KindSource, &m.Citations[i].Source})
	}
	return refs
}

// NewInput gives an empty input of the kind, nil where the kind is unknown.
func NewInput(kind RecordKind) Input {
	switch kind {
	case KindRegion:
		return &RegionInput{}
	case KindCommittee:
		return &CommitteeInput{}
	case KindTopic:
		return &TopicInput{}
	case KindPerson:
		return &PersonInput{}
	case KindSource:
		return &SourceInput{}
	case KindBrand:
		return &BrandInput{}
	case KindCase:
		return &CaseInput{}
	case KindProposal:
		return &ProposalInput{}
	case KindPractice:
		return &PracticeInput{}
	case KindIndicator:
		return &IndicatorInput{}
	case KindEvaluation:
		return &EvaluationInput{}
	case KindAdoption:
		return &AdoptionInput{}
	case KindVenue:
		return &VenueInput{}
	}
	return nil
}

// references collects the references of an input, leaving out empty ones.
type references []Reference

func (r *references) one(path string, kind RecordKind, name *string) {
	if *name != "" {
		*r = append(*r, Reference{path, kind, name})
	}
}

func (r *references) many(path string, kind RecordKind, names []string) {
	for i := range names {
		r.one(at(path, i), kind, &names[i])
	}
}
