package catalog

// OutcomeStatus says what became of what a consultation produced
// (批示、采纳、转化).
type OutcomeStatus string

// The states of an outcome.
const (
	OutcomeSubmitted   OutcomeStatus = "SUBMITTED"   // 已报送
	OutcomeEndorsed    OutcomeStatus = "ENDORSED"    // 获批示
	OutcomeAdopted     OutcomeStatus = "ADOPTED"     // 被采纳
	OutcomeImplemented OutcomeStatus = "IMPLEMENTED" // 已转化落实
	OutcomeNotAdopted  OutcomeStatus = "NOT_ADOPTED" // 未采纳
	OutcomeUnstated    OutcomeStatus = "UNSTATED"    // 未写明: never a guess
)

var outcomeStatusEnum = &Enum{Name: "OutcomeStatus", Values: []EnumChoice{
	{string(OutcomeSubmitted), "已报送", []string{"报送"}},
	{string(OutcomeEndorsed), "获批示", []string{"批示", "已批示"}},
	{string(OutcomeAdopted), "被采纳", []string{"采纳", "已采纳"}},
	{string(OutcomeImplemented), "已转化落实", []string{"转化", "落实", "已落实", "已转化"}},
	{string(OutcomeNotAdopted), "未采纳", nil},
	{string(OutcomeUnstated), "未写明", []string{"未载明", "未记载", "未说明"}},
}}

// Valid reports whether s is one of the states.
func (s OutcomeStatus) Valid() bool { return outcomeStatusEnum.Has(string(s)) }

// Label is the state's name in Chinese.
func (s OutcomeStatus) Label() string { return outcomeStatusEnum.Label(string(s)) }

// Outcome is what a consultation or a proposal produced (协商成果).
type Outcome struct {
	RecordID   ID // of the case or proposal
	Position   int
	Form       string // 成果表达形式
	UsedBy     *string
	Use        *string
	Effect     *string
	Status     OutcomeStatus
	OccurredOn *PartialDate
}

// OutcomeInput is an Outcome as it is written.
type OutcomeInput struct {
	Form       string        `json:"form"`
	UsedBy     string        `json:"usedBy,omitempty"`
	Use        string        `json:"use,omitempty"`
	Effect     string        `json:"effect,omitempty"`
	Status     OutcomeStatus `json:"status"` // left out: UNSTATED
	OccurredOn PartialDate   `json:"occurredOn,omitempty"`
}

var outcomeNoun = describe[OutcomeInput]("",
	NounField{
		Name: "form", Label: Words{"成果表达形式", "form"}, Meaning: Words{"成果表达形式", "in what form the result was put"},
		Shape: ShapeLine, Required: true, Most: MaxTitle, Aliases: []string{"成果形式"},
	},
	NounField{Name: "usedBy", Label: Words{"运用主体", "used by"}, Meaning: Words{"成果运用主体", "who uses it"}, Shape: ShapeLine, Most: MaxTitle},
	NounField{Name: "use", Label: Words{"运用方式", "use"}, Meaning: Words{"成果运用方式", "how it is used"}, Shape: ShapeText, Most: MaxText},
	NounField{Name: "effect", Label: Words{"有效性", "effect"}, Meaning: Words{"成果的有效性", "what it changed"}, Shape: ShapeText, Most: MaxText},
	NounField{
		Name: "status", Label: Words{"成果状态", "status"}, Shape: ShapeEnum, Enum: outcomeStatusEnum,
		Meaning: Words{"成果状态，不写即为未写明", "where the outcome stands: submitted, endorsed, adopted, implemented, not adopted, or not stated, which it is where nothing is said"},
	},
	occurredOnField,
)

// unstated fills what outcomes do not say of what became of them.
func unstated(outcomes []OutcomeInput) {
	for i := range outcomes {
		if outcomes[i].Status == "" {
			outcomes[i].Status = OutcomeUnstated
		}
	}
}
