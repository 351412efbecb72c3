package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Input is a record as it is written: by an import, a mutation or the
// documented records that come with the binary. References are slugs; where a
// reader allows it, codes or names, which the store turns into slugs.
type Input interface {
	Kind() RecordKind
	Head() *InputMeta
	// Validate reports, as Problems, what is wrong with the input on its own;
	// whether the records exist that it refers to is the store's to say.
	Validate() error
	// References returns pointers to all references to other records, so that
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
	Origin    Origin          `json:"origin,omitempty"`    // "" is CONTRIBUTED
	Status    Status          `json:"status,omitempty"`    // "" is PUBLISHED
	Withdrawn string          `json:"withdrawn,omitempty"` // of an ARCHIVED record: why it was withdrawn
	LeadsTo   string          `json:"leadsTo,omitempty"`   // of a withdrawn one: which holds now what it held; see ParseRecordName
	Citations []CitationInput `json:"citations,omitempty"`
	// Given are the fields that a file has a place for, where it is a table; nil is
	// all. See KeepAbsent.
	Given []string `json:"-"`
	// Unfilled says that the record that is there may yet fill what is missing, as
	// WithUnseen does: Validate then does not ask who supervised.
	Unfilled bool `json:"-"`
	// FormerSlug is the slug that an earlier version made for the same record; where
	// one is there by it, the input is that one's.
	FormerSlug string `json:"-"`
}

// headFields are what every record has, before fields of its own.
func headFields(own ...NounField) []NounField {
	fields := []NounField{
		{
			Name: "slug", Label: Words{"永久链接", "permalink"}, Meaning: Words{"永久链接，同类记录中唯一", "the permalink, unique among records of the kind"},
			Shape: ShapeSlug, Most: MaxSlug, Required: true, Aliases: []string{"标识", "案例标识"},
		},
		{
			Name: "origin", Label: Words{"来源", "origin"}, Shape: ShapeEnum, Enum: originEnum,
			Meaning: Words{"来源", "where the record comes from: taken from a cited source, written in by a committee, of a reference table, made up by a generator"},
		},
		{
			Name: "status", Label: Words{"状态", "status"}, Meaning: Words{"状态", "where the record stands on its way to the public"},
			Shape: ShapeEnum, Enum: statusEnum, Aliases: []string{"发布状态"},
		},
		{
			Name: "withdrawn", Label: Words{"撤回原因", "reason of withdrawal"}, Shape: ShapeText, Most: MaxTitle,
			Meaning: Words{"已归档的记录为何撤回", "why an archived record was withdrawn"},
		},
		{
			Name: "leadsTo", Label: Words{"现见", "leads to"}, Shape: ShapeLine, Most: MaxTitle,
			Meaning: Words{"撤回的记录所载内容现在何处", "the record that holds now what a withdrawn one held, by its type and slug"},
		},
		{
			Name: "citations", Label: Words{"引证", "citations"}, Meaning: Words{"引证", "the quotes that the record rests on"},
			Shape: ShapeEntry, Many: true, Entry: citationNoun, Aliases: []string{"引用"},
		},
	}
	for i := range fields {
		fields[i].Head = true
	}
	return append(fields, own...)
}

// alsoCalled returns the field with more names that it goes by in files.
func alsoCalled(f NounField, aliases ...string) NounField {
	f.Aliases = append(slices.Clone(f.Aliases), aliases...)
	return f
}

// The fields that several nouns have.
var (
	titleField = NounField{
		Name: "title", Label: Words{"标题", "title"}, Meaning: Words{"标题", "the title"}, Shape: ShapeLine, Required: true, Most: MaxTitle,
		Aliases: []string{"案例名称", "案例标题", "案例题目", "题目", "名称", "案例名", "题名", "材料标题", "材料题目", "案例（材料）名称"},
	}
	alternativeTitlesField = NounField{
		Name: "alternativeTitles", Label: Words{"其他标题", "other titles"}, Meaning: Words{"其他标题，含出处的误印", "another title, misprints of sources among them"},
		Shape: ShapeLine, Many: true, Most: MaxTitle, Aliases: []string{"其他名称", "别名", "又名", "又作"},
	}
	nameField = NounField{
		Name: "name", Label: Words{"名称", "name"}, Meaning: Words{"名称", "the name"}, Shape: ShapeLine, Required: true, Most: MaxTitle,
		Aliases: []string{"品牌名称", "议题名称", "姓名"},
	}
	alternativeNamesField = NounField{
		Name: "alternativeNames", Label: Words{"其他名称", "other names"}, Meaning: Words{"其他名称", "another name"},
		Shape: ShapeLine, Many: true, Most: MaxTitle, Aliases: []string{"又称"},
	}
	summaryField = NounField{
		Name: "summary", Label: Words{"摘要", "summary"}, Meaning: Words{"摘要", "the summary"}, Shape: ShapeProse, Most: MaxText,
		Aliases: []string{"案例摘要", "内容摘要", "内容提要", "提要", "案例简介", "案例概述", "导语", "内容简介", "概述", "摘要内容", "导读", "内容导读", "案例导读", "核心提示"},
	}
	yearField = NounField{
		Name: "year", Label: Words{"年份", "year"}, Meaning: Words{"年份", "the year"}, Shape: ShapeYear, Aliases: []string{"年度"},
	}
	levelField = NounField{
		Name: "level", Label: Words{"层级", "level"}, Meaning: Words{"层级", "the level: province, prefecture, county, or not stated by the source"},
		Shape: ShapeEnum, Enum: levelEnum, Aliases: []string{"级别", "案例层级", "单位层级", "单位级别", "政协层级", "行政级别", "行政层级"},
	}
	committeeField = NounField{
		Name: "committee", Label: Words{"政协", "committee"}, Meaning: Words{"政协委员会的 slug", "the committee, by its slug"},
		Shape: ShapeReference, Kind: KindCommittee, Most: MaxTitle,
		Aliases: []string{
			"单位", "县市区政协", "承办政协", "报送单位", "申报单位", "政协委员会", "所属政协", "委员会", "主办单位", "实施单位", "案例单位", "供稿单位", "组织单位",
			"填报单位", "推荐单位", "选送单位", "报送政协", "单位名称", "政协名称", "案例报送单位", "案例来源单位", "协商主体", "协商单位",
		},
	}
	regionField = NounField{
		Name: "region", Label: Words{"地区", "region"}, Meaning: Words{"行政区划代码（GB/T 2260）", "the region, by its code of GB/T 2260"},
		Shape: ShapeReference, Kind: KindRegion, Most: MaxTitle, Aliases: []string{"行政区划", "所在地区", "区域", "所属地区", "所在地", "所属县区", "所在县区", "所属县市区", "所在县市区", "县市区", "所属区县", "所属行政区", "所在行政区"},
	}
	topicsField = NounField{
		Name: "topics", Label: Words{"议题", "topics"}, Meaning: Words{"议题的 slug", "a topic, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindTopic, Most: MaxTitle, Aliases: []string{"主题", "协商议题", "协商主题", "类别", "领域", "案例类别", "案例主题", "议题类别", "所属领域", "涉及领域", "案例领域", "协商领域"},
	}
	outcomesField = NounField{
		Name: "outcomes", Label: Words{"协商成果", "outcomes"}, Meaning: Words{"协商成果", "what the consultation produced"},
		Shape: ShapeEntry, Many: true, Entry: outcomeNoun, Aliases: []string{"成果"},
	}
	proposalsField = NounField{
		Name: "proposals", Label: Words{"相关提案", "proposals"}, Meaning: Words{"相关提案的 slug", "a proposal, by its slug"},
		Shape: ShapeReference, Many: true, Kind: KindProposal, Most: MaxTitle, Aliases: []string{"提案"},
	}
	enteredByField = NounField{
		Name: "committee", Label: Words{"政协", "committee"}, Meaning: Words{"录入人物的政协的 slug", "the committee that entered the person, by its slug"},
		Shape: ShapeReference, Kind: KindCommittee, Most: MaxTitle, Aliases: []string{"录入政协", "录入单位", "单位"},
	}
	personField = NounField{
		Name: "person", Label: Words{"人物", "person"}, Meaning: Words{"人物的 slug", "the person, by its slug"},
		Shape: ShapeReference, Kind: KindPerson, Most: MaxTitle,
	}
	noteField       = NounField{Name: "note", Label: Words{"说明", "note"}, Meaning: Words{"说明", "a note"}, Shape: ShapeText, Most: MaxText}
	officeField     = NounField{Name: "office", Label: Words{"职务", "office"}, Meaning: Words{"职务", "the office"}, Shape: ShapeLine, Most: MaxTitle}
	occurredOnField = NounField{
		Name: "occurredOn", Label: Words{"日期", "date"}, Meaning: Words{"日期，精确到出处所载", "when, as exact as the source"}, Shape: ShapeDate,
	}
	urlField = NounField{
		Name: "url", Label: Words{"网址", "address"}, Meaning: Words{"网址", "the address"}, Shape: ShapeAddress,
	}
)

// parentField is the reference to the record of the same kind above.
func parentField(kind RecordKind, label Words, aliases ...string) NounField {
	return NounField{
		Name: "parent", Label: label, Meaning: Words{"上级记录的 slug", "the record above, by its slug"},
		Shape: ShapeReference, Kind: kind, Most: MaxTitle, Aliases: append(aliases, "上级"),
	}
}

// required returns the field as one that must be filled.
func required(f NounField) NounField {
	f.Required = true
	return f
}

// Head returns the meta itself, so that every input that embeds it has it.
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

// SetDefaults fills what an input may leave out, whatever its kind.
func SetDefaults(in Input) {
	in.Head().SetDefaults()
	switch in := in.(type) {
	case *CaseInput:
		unstated(in.Outcomes)
	case *ProposalInput:
		unstated(in.Outcomes)
	case *ReportInput:
		in.settle()
	case *CallInput:
		if in.ScoresVisibleTo == "" {
			in.ScoresVisibleTo = ScoresForCaller
		}
	}
}

func (m *InputMeta) citationReferences() []Reference {
	refs := make([]Reference, 0, len(m.Citations))
	for i := range m.Citations {
		refs = append(refs, Reference{at("citations", i) + ".source", KindSource, &m.Citations[i].Source})
	}
	return refs
}

// NewInput returns an empty input of the kind, nil where the kind is unknown.
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
	case KindNeed:
		return &NeedInput{}
	case KindReport:
		return &ReportInput{}
	case KindCall:
		return &CallInput{}
	case KindCollection:
		return &CollectionInput{}
	case KindActivity:
		return &ActivityInput{}
	case KindRound:
		return &EvaluationRoundInput{}
	}
	return nil
}

// KeepAbsent sets, in the input of a record that is there, what old says in the fields
// that its file has no place for. A field without a value is something else: it
// empties the record's.
func KeepAbsent(in, old Input) {
	given := in.Head().Given
	if given == nil {
		return
	}
	if p, ok := in.(*ProposalInput); ok {
		p.keepParts(old.(*ProposalInput), given)
	}
	to, from := reflect.ValueOf(in).Elem(), reflect.ValueOf(old).Elem()
	for _, f := range NounOf(in.Kind()).Fields {
		if f.Name != "slug" && f.Name != "status" && !slices.Contains(given, f.Name) {
			to.FieldByIndex(f.index).Set(from.FieldByIndex(f.index))
		}
	}
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

// TitleOf returns what an input's record is called.
func TitleOf(in Input) string {
	switch in := in.(type) {
	case *CaseInput:
		return in.Title
	case *BrandInput:
		return in.Name
	case *ProposalInput:
		return in.Title
	case *PersonInput:
		return in.Name
	case *VenueInput:
		return in.Name
	case *ActivityInput:
		return in.Title
	case *PracticeInput:
		return in.Title
	case *NeedInput:
		return in.Problem
	case *EvaluationInput:
		return fmt.Sprintf("%d %s", in.Year, in.Department)
	case *EvaluationRoundInput:
		return strconv.Itoa(in.Year)
	}
	return in.Head().Slug
}
