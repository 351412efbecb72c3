package catalog

// Committee is a committee of the CPPCC (政协委员会): it serves one region and
// may have a parent committee.
type Committee struct {
	Meta
	Name             string
	AlternativeNames []string
	Level            Level
	RegionCode       string
	ParentID         *ID
}

// Kind is COMMITTEE.
func (*Committee) Kind() RecordKind { return KindCommittee }

// GlobalID is the opaque id by which clients know the committee.
func (c *Committee) GlobalID() string { return EncodeID(KindCommittee, c.ID) }

// CommitteeInput is a Committee as it is written.
type CommitteeInput struct {
	InputMeta
	Name             string   `json:"name"`
	AlternativeNames []string `json:"alternativeNames,omitempty"`
	Level            Level    `json:"level"`
	Region           string   `json:"region"`
	Parent           string   `json:"parent,omitempty"`
}

var committeeNoun = describe[CommitteeInput](KindCommittee, headFields(
	nameField,
	alternativeNamesField,
	required(levelField),
	required(regionField),
	parentField(KindCommittee, Words{"上级政协", "committee above"}),
)...)

// Kind is COMMITTEE.
func (*CommitteeInput) Kind() RecordKind { return KindCommittee }

// References are the region, the parent and the citations' sources.
func (in *CommitteeInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("region", KindRegion, &in.Region)
	r.one("parent", KindCommittee, &in.Parent)
	return r
}

// Validate checks the input on its own.
func (in *CommitteeInput) Validate() error {
	var c checker
	c.input(in)
	if in.Level == LevelUnstated {
		c.oneOf("level", string(in.Level), false)
	}
	if in.Parent != "" && in.Parent == in.Slug {
		c.invalid("parent", "不能是自己的上级", "cannot be its own parent")
	}
	return c.inOrder(in)
}
