package catalog

import (
	"fmt"
	"slices"
	"time"
)

// ReportRelation says how what a public page says stands to what the record says.
type ReportRelation string

// The relations of a public report to its record.
const (
	ReportSupports ReportRelation = "SUPPORTS" // says the same
	ReportDiffers  ReportRelation = "DIFFERS"  // says otherwise
	ReportAdds     ReportRelation = "ADDS"     // says what the record does not
	ReportPossibly ReportRelation = "POSSIBLY" // may be about something else
)

var reportRelationEnum = &Enum{Name: "ReportRelation", Values: []EnumChoice{
	{string(ReportSupports), "印证", []string{"一致"}},
	{string(ReportDiffers), "说法不同", []string{"不同", "不一致"}},
	{string(ReportAdds), "补充", nil},
	{string(ReportPossibly), "可能有关", []string{"存疑"}},
}}

// Label is the relation's name in Chinese.
func (r ReportRelation) Label() string { return reportRelationEnum.Label(string(r)) }

// MaxReports is how many reports stand beside one record at most, those that were
// withdrawn left out of account.
const MaxReports = 100

// Report is what a public page says of a record (公开报道), in our own words. It
// stands beside the record, and fills none of its fields.
type Report struct {
	Meta
	RecordKind  RecordKind
	RecordID    ID
	Fields      []string // of the record, that the statement is about
	Relation    ReportRelation
	Statement   string
	Title       string // of the page, as Publisher, PublishedOn and URL are
	Publisher   *string
	PublishedOn *PartialDate
	URL         string
	CheckedOn   *PartialDate // a whole day, when somebody opened the page; nil is never
	EnteredByID *ID          // the committee that entered it; nil for those that come with the binary
}

// Kind is REPORT.
func (*Report) Kind() RecordKind { return KindReport }

// GlobalID is the opaque id by which clients know the report.
func (r *Report) GlobalID() string { return EncodeID(KindReport, r.ID) }

// CheckedDay returns the day on which somebody opened the page, nil where nobody has.
func (r *Report) CheckedDay() *time.Time {
	if r.CheckedOn == nil {
		return nil
	}
	day, err := time.Parse(time.DateOnly, string(*r.CheckedOn))
	if err != nil {
		return nil
	}
	return &day
}

// ReportedKinds are the kinds of records that reports stand beside.
var ReportedKinds = []RecordKind{KindSource, KindCase, KindBrand, KindProposal, KindPractice, KindCommittee}

// ReportedRecord names the record that a report stands beside: exactly one of its
// fields is filled. ID is a global id, whatever the record's kind.
type ReportedRecord struct {
	ID        string `json:"-"`
	Source    string `json:"source,omitempty"`
	Case      string `json:"case,omitempty"`
	Brand     string `json:"brand,omitempty"`
	Proposal  string `json:"proposal,omitempty"`
	Practice  string `json:"practice,omitempty"`
	Committee string `json:"committee,omitempty"`
}

// slots are the fields for slugs, by the kind of the record.
func (r *ReportedRecord) slots() []Reference {
	return []Reference{
		{"source", KindSource, &r.Source}, {"case", KindCase, &r.Case}, {"brand", KindBrand, &r.Brand},
		{"proposal", KindProposal, &r.Proposal}, {"practice", KindPractice, &r.Practice}, {"committee", KindCommittee, &r.Committee},
	}
}

// IsReportedName reports whether a field of ReportInput names the record that the
// report stands beside.
func IsReportedName(field string) bool {
	return slices.ContainsFunc((&ReportedRecord{}).slots(), func(s Reference) bool { return s.Path == field })
}

// Named returns what is named, and its kind; "" where nothing or more than one is.
func (r *ReportedRecord) Named() (kind RecordKind, name string) {
	for _, s := range r.slots() {
		switch {
		case *s.Name == "":
		case name != "":
			return "", ""
		default:
			kind, name = s.Kind, *s.Name
		}
	}
	return kind, name
}

// settle moves a global id to the field of its kind, as another way to name the
// record there. An id that is none, or of a kind without reports, stays.
func (r *ReportedRecord) settle() {
	kind, _, err := DecodeID(r.ID)
	if err != nil {
		return
	}
	for _, s := range r.slots() {
		if s.Kind == kind && *s.Name == "" {
			*s.Name, r.ID = r.ID, ""
			return
		}
	}
}

// ReportInput is a Report as it is written.
type ReportInput struct {
	InputMeta
	ReportedRecord
	Fields      []string       `json:"fields,omitempty"`
	Relation    ReportRelation `json:"relation"`
	Statement   string         `json:"statement"`
	Title       string         `json:"title"`
	Publisher   string         `json:"publisher,omitempty"`
	PublishedOn PartialDate    `json:"publishedOn,omitempty"`
	URL         string         `json:"url"`
	CheckedOn   PartialDate    `json:"checkedOn,omitempty"`
	EnteredBy   string         `json:"enteredBy,omitempty"`
}

// reportedField is the reference to a record of the kind that a report stands beside.
func reportedField(name string, kind RecordKind) NounField {
	return NounField{
		Name: name, Label: Words{"所涉" + kind.Label(), "about the " + name}, Shape: ShapeReference, Kind: kind, Most: MaxTitle,
		Meaning: Words{"报道所涉" + kind.Label() + "的 slug，六类中只填一类", "the " + name + " that the report stands beside, by its slug; one of the six kinds is filled"},
	}
}

var reportNoun = describe[ReportInput](KindReport, headFields(
	reportedField("source", KindSource),
	reportedField("case", KindCase),
	reportedField("brand", KindBrand),
	reportedField("proposal", KindProposal),
	reportedField("practice", KindPractice),
	reportedField("committee", KindCommittee),
	NounField{
		Name: "fields", Label: Words{"所涉字段", "fields"}, Meaning: Words{"报道所涉的字段名", "a field of the record that the statement is about"},
		Shape: ShapeLine, Many: true, Most: MaxTitle,
	},
	NounField{
		Name: "relation", Label: Words{"与记录的关系", "relation"}, Shape: ShapeEnum, Enum: reportRelationEnum, Required: true,
		Meaning: Words{"与记录的关系", "how it stands to the record: says the same, says otherwise, adds to it, or may be about something else"},
	},
	NounField{
		Name: "statement", Label: Words{"报道内容", "statement"}, Shape: ShapeText, Required: true, Most: MaxReason,
		Meaning: Words{"报道所称，用自己的话写，不抄原文", "what the page says, in our own words"},
	},
	NounField{
		Name: "title", Label: Words{"报道标题", "title"}, Meaning: Words{"网页标题", "the page's title"}, Shape: ShapeLine, Required: true, Most: MaxTitle,
	},
	NounField{Name: "publisher", Label: Words{"发布单位", "publisher"}, Meaning: Words{"网页的发布单位", "who published the page"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{
		Name: "publishedOn", Label: Words{"发布日期", "published on"}, Meaning: Words{"网页的发布日期", "when the page was published"}, Shape: ShapeDate,
	},
	required(urlField),
	NounField{
		Name: "checkedOn", Label: Words{"核对日期", "checked on"}, Shape: ShapeDate,
		Meaning: Words{"打开网页核对的日期，空为未经核实", "the day on which somebody opened the page; empty where nobody has"},
	},
	NounField{
		Name: "enteredBy", Label: Words{"录入政协", "entered by"}, Meaning: Words{"录入政协的 slug", "the committee that entered it, by its slug"},
		Shape: ShapeReference, Kind: KindCommittee, Most: MaxTitle,
	},
)...)

// Kind is REPORT.
func (*ReportInput) Kind() RecordKind { return KindReport }

// References are the record, the committee that enters it and the citations' sources.
func (in *ReportInput) References() []Reference {
	r := references(in.citationReferences())
	for _, s := range in.slots() {
		r.one(s.Path, s.Kind, s.Name)
	}
	r.one("enteredBy", KindCommittee, &in.EnteredBy)
	return r
}

// Validate checks the input on its own.
func (in *ReportInput) Validate() error {
	var c checker
	c.input(in)
	in.checkRecord(&c)
	unique(&c, "fields", in.Fields)
	if in.CheckedOn == "" || !in.CheckedOn.Valid() {
		return c.inOrder(in)
	}
	switch {
	case len(in.CheckedOn) != len(time.DateOnly):
		c.invalid("checkedOn", "请写到日，如 2026-11-27", "must be a whole day, as in 2026-11-27")
	case in.CheckedOn > DayOf(time.Now()):
		c.invalid("checkedOn", "核对日期不能晚于今天", "the page cannot have been opened in the future")
	case in.PublishedOn != "" && in.PublishedOn.Valid() && string(in.CheckedOn) < string(in.PublishedOn):
		c.invalid("checkedOn", "核对日期不能早于发布日期", "the page cannot have been opened before it was published")
	}
	return c.inOrder(in)
}

// checkRecord checks that one record is named, and that the fields are its.
func (in *ReportInput) checkRecord(c *checker) {
	kind, name := in.Named()
	switch {
	case in.ID != "":
		c.invalid("record", "编号不是出处、案例、品牌、提案、特色做法或政协的，或与其他项重复", "the id is not one of a source, case, brand, proposal, practice or committee, or stands beside another name")
		return
	case name == "":
		c.invalid("record", "须指明一条记录，也只能指明一条", "must name one record, and one only")
		return
	}
	for i, f := range in.Fields {
		if FieldAt(kind, f) == nil {
			c.invalid(at("fields", i), fmt.Sprintf("%s没有“%s”这个字段", kind.Label(), f), fmt.Sprintf("a %s has no field %q", kind, f))
		}
	}
}

// ReportFilter says which reports; fields are AND.
type ReportFilter struct {
	Status     []Status         // none: those that are published
	Relations  []ReportRelation `json:"relation"`
	Checked    *bool            // whether somebody has opened the page
	Committees []string         // that entered them, by global id
}
