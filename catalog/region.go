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
	in.check(&c)
	if !validCode(in.Slug) {
		c.invalid("slug", "行政区划代码是六位数字", "a region's code has six digits")
	}
	if in.FormerCode != "" && !validCode(in.FormerCode) {
		c.invalid("formerCode", "行政区划代码是六位数字", "a region's code has six digits")
	}
	c.required("name", in.Name, MaxTitle)
	c.lines("alternativeNames", in.AlternativeNames)
	c.oneOf("level", string(in.Level), in.Level.Valid() && in.Level != LevelUnstated)
	if (in.Level == LevelProvince) != (in.Parent == "") {
		c.invalid("parent", "省没有上级，其他区划必须有上级", "a province has no parent, every other region has one")
	}
	return c.problems.Or()
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
