package catalog

// Supervision is a leader's charge of seeing a proposal through (领衔督办).
type Supervision struct {
	ProposalID   ID
	Position     int
	SupervisorID *ID
	Office       *string // in which the supervisor acted
	Year         *int
	Visits       *int // 督办调研视察
	Meetings     *int // 办理协商座谈会
	Note         *string
}

// SupervisionEntryKind is what was done on one occasion of a supervision.
type SupervisionEntryKind string

// The kinds of entries.
const (
	EntrySurvey      SupervisionEntryKind = "SURVEY"      // 督办调研
	EntryMeeting     SupervisionEntryKind = "MEETING"     // 座谈
	EntryInstruction SupervisionEntryKind = "INSTRUCTION" // 批示
	EntryOther       SupervisionEntryKind = "OTHER"       // 其他
)

var supervisionEntryKindEnum = &Enum{Name: "SupervisionEntryKind", Values: []EnumChoice{
	{string(EntrySurvey), "督办调研", []string{"调研", "视察", "调研视察", "督办视察"}},
	{string(EntryMeeting), "督办座谈", []string{"座谈", "座谈会", "会议", "协商座谈", "办理协商座谈"}},
	{string(EntryInstruction), "批示", nil},
	{string(EntryOther), "其他", nil},
}}

// Label is the kind's name in Chinese.
func (k SupervisionEntryKind) Label() string { return supervisionEntryKindEnum.Label(string(k)) }

// SupervisionEntry is one visit, meeting or instruction of a supervision (督办记录).
type SupervisionEntry struct {
	ProposalID  ID
	Supervision int // the position of its supervision
	Position    int
	Kind        SupervisionEntryKind
	OccurredOn  *PartialDate
	Note        *string
	By          []ID // persons
}

// SupervisionInput is a Supervision as it is written.
type SupervisionInput struct {
	Supervisor string                  `json:"supervisor,omitempty"`
	Office     string                  `json:"office,omitempty"`
	Year       *int                    `json:"year,omitempty"`
	Visits     *int                    `json:"visits,omitempty"`
	Meetings   *int                    `json:"meetings,omitempty"`
	Note       string                  `json:"note,omitempty"`
	NewPerson  *NewPerson              `json:"newPerson,omitempty"`
	Entries    []SupervisionEntryInput `json:"entries,omitempty"` // in the order in which they took place
}

// SupervisionEntryInput is a SupervisionEntry as it is written.
type SupervisionEntryInput struct {
	Kind       SupervisionEntryKind `json:"kind"`
	OccurredOn PartialDate          `json:"occurredOn,omitempty"`
	By         []string             `json:"by,omitempty"`
	Note       string               `json:"note,omitempty"`
}

var supervisionNoun = describe[SupervisionInput]("",
	NounField{
		Name: "supervisor", Label: Words{"督办人", "supervisor"}, Meaning: Words{"领衔督办人的 slug", "who supervised, by its slug"},
		Shape: ShapeReference, Kind: KindPerson, Most: MaxTitle,
	},
	officeField,
	yearField,
	NounField{Name: "visits", Label: Words{"督办调研视察次数", "visits"}, Meaning: Words{"督办调研视察次数", "how many visits of inspection"}, Shape: ShapeCount},
	NounField{Name: "meetings", Label: Words{"办理协商座谈会次数", "meetings"}, Meaning: Words{"办理协商座谈会次数", "how many meetings on the handling"}, Shape: ShapeCount},
	noteField,
	newPersonField,
	NounField{
		Name: "entries", Label: Words{"督办记录", "entries"}, Meaning: Words{"历次督办", "each visit, meeting or instruction, dated"},
		Shape: ShapeEntry, Many: true, Entry: supervisionEntryNoun,
	},
)

var supervisionEntryNoun = describe[SupervisionEntryInput]("",
	NounField{
		Name: "kind", Label: Words{"督办方式", "kind"}, Meaning: Words{"督办方式", "a visit, a meeting, an instruction, or something else"},
		Shape: ShapeEnum, Required: true, Enum: supervisionEntryKindEnum,
	},
	occurredOnField,
	NounField{
		Name: "by", Label: Words{"督办人员", "by"}, Meaning: Words{"参加督办的人物的 slug", "who did it, by the person's slug"},
		Shape: ShapeReference, Many: true, Kind: KindPerson, Most: MaxTitle,
	},
	noteField,
)

// references collects whom a supervision names.
func (in *SupervisionInput) references(r *references, path string) {
	r.one(path+".supervisor", KindPerson, &in.Supervisor)
	for i := range in.Entries {
		r.many(at(path+".entries", i)+".by", KindPerson, in.Entries[i].By)
	}
}

// check reports a supervision by nobody, unless somebody may yet be filled in.
func (in SupervisionInput) check(c *checker, path string, unfilled bool) {
	if !unfilled && in.Supervisor == "" && in.Office == "" && in.NewPerson == nil {
		c.invalid(path, "请写督办人或其职务", "name the supervisor or the office")
	}
	c.checkNewPerson(path, in.Supervisor, in.NewPerson)
	for i, e := range in.Entries {
		unique(c, at(path+".entries", i)+".by", e.By)
	}
}
