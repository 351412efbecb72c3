package catalog

// Region is an administrative division with its GB/T 2260 code, which is its
// slug as well.
type Region struct {
	Meta
	Code             string
	Name             string
	AlternativeNames []string
	Level            Level
	ParentCode       *string
	FormerCode       *string // the code it had before; accepted wherever a code is
}

// Kind is REGION.
func (*Region) Kind() RecordKind { return KindRegion }

// GlobalID is the opaque id by which clients know the region.
func (r *Region) GlobalID() string { return EncodeID(KindRegion, r.ID) }

// RegionInput is a Region as it is written; its slug is its code.
type RegionInput struct {
	InputMeta
	Name             string   `json:"name"`
	AlternativeNames []string `json:"alternativeNames,omitempty"`
	Level            Level    `json:"level"`
	Parent           string   `json:"parent,omitempty"`
	FormerCode       string   `json:"formerCode,omitempty"`
}

var regionNoun = describe[RegionInput](KindRegion, headFields(
	nameField,
	alternativeNamesField,
	required(levelField),
	parentField(KindRegion, Words{"上级区划", "region above"}),
	NounField{
		Name: "formerCode", Label: Words{"原代码", "former code"}, Meaning: Words{"原行政区划代码", "the code that the region had before"},
		Shape: ShapeLine, Most: MaxTitle,
	},
)...)

// Kind is REGION.
func (*RegionInput) Kind() RecordKind { return KindRegion }

// References are the parent and the citations' sources.
func (in *RegionInput) References() []Reference {
	r := references(in.citationReferences())
	r.one("parent", KindRegion, &in.Parent)
	return r
}

// Validate checks the input on its own.
func (in *RegionInput) Validate() error {
	var c checker
	c.input(in)
	if !validCode(in.Slug) {
		c.invalid("slug", "行政区划代码是六位数字", "a region's code has six digits")
	}
	if in.FormerCode != "" && !validCode(in.FormerCode) {
		c.invalid("formerCode", "行政区划代码是六位数字", "a region's code has six digits")
	}
	if in.Level == LevelUnstated {
		c.oneOf("level", string(in.Level), false)
	}
	if (in.Level == LevelProvince) != (in.Parent == "") {
		c.invalid("parent", "省没有上级，其他区划必须有上级", "a province has no parent, every other region has one")
	}
	return c.inOrder(in)
}

func validCode(s string) bool {
	if len(s) != 6 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// UnknownRegion is the error of a filter with a code that is no region's.
func UnknownRegion(code string) *Error {
	code = Clipped(code)
	return &Error{
		Kind: KindInvalid, Path: "filter.regions",
		Zh: "没有代码为“" + code + "”的行政区划，请用六位的 GB/T 2260 代码，如 220104", En: "there is no region " + code + "; write a GB/T 2260 code of six digits such as 220104",
	}
}
