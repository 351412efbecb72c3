package catalog

// Brand is a named form of consultation (协商品牌), such as 谏议朝阳.
type Brand struct {
	Meta
	Name             string
	AlternativeNames []string
	Description      *string
	CommitteeID      *ID
	RegionCode       *string
	ParentID         *ID
}

// Kind is BRAND.
func (*Brand) Kind() RecordKind { return KindBrand }

// GlobalID is the opaque id by which clients know the brand.
func (b *Brand) GlobalID() string { return EncodeID(KindBrand, b.ID) }

// BrandInput is a Brand as it is written.
type BrandInput struct {
	InputMeta
	Name             string   `json:"name"`
	AlternativeNames []string `json:"alternativeNames,omitempty"`
	Description      string   `json:"description,omitempty"`
	Committee        string   `json:"committee,omitempty"`
	Region           string   `json:"region,omitempty"` // left out: the committee's
	Parent           string   `json:"parent,omitempty"`
}

var brandNoun = describe[BrandInput](KindBrand, headFields(
	nameField,
	alternativeNamesField,
	NounField{
		Name: "description", Label: Words{"简介", "description"}, Meaning: Words{"简介", "the description"},
		Shape: ShapeProse, Most: MaxText, Aliases: []string{"介绍", "说明"},
	},
	committeeField,
	regionField,
	parentField(KindBrand, Words{"上级品牌", "brand above"}),
)...)

// Kind is BRAND.
func (*BrandInput) Kind() RecordKind { return KindBrand }

// References are the committee, region, parent and the citations' sources.
func (in *BrandInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("committee", KindCommittee, &in.Committee)
	r.one("region", KindRegion, &in.Region)
	r.one("parent", KindBrand, &in.Parent)
	return r
}

// Validate checks the input on its own.
func (in *BrandInput) Validate() error {
	var c checker
	c.input(in)
	if in.Parent != "" && in.Parent == in.Slug {
		c.invalid("parent", "不能是自己的上级", "cannot be its own parent")
	}
	return c.inOrder(in)
}
