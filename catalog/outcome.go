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
)

// Valid reports whether s is one of the states.
func (s OutcomeStatus) Valid() bool {
	switch s {
	case OutcomeSubmitted, OutcomeEndorsed, OutcomeAdopted, OutcomeImplemented, OutcomeNotAdopted:
		return true
	}
	return false
}

// Label is the state's name in Chinese.
func (s OutcomeStatus) Label() string {
	return map[OutcomeStatus]string{
		OutcomeSubmitted: "已报送", OutcomeEndorsed: "获批示", OutcomeAdopted: "被采纳", OutcomeImplemented: "已转化落实", OutcomeNotAdopted: "未采纳",
	}[s]
}

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
	Status     OutcomeStatus `json:"status"`
	OccurredOn PartialDate   `json:"occurredOn,omitempty"`
}

func checkOutcomes(c *checker, outcomes []OutcomeInput) {
	c.list("outcomes", len(outcomes))
	for i, o := range outcomes {
		path := at("outcomes", i)
		c.required(path+".form", o.Form, MaxTitle)
		c.line(path+".usedBy", o.UsedBy, MaxTitle)
		c.text(path+".use", o.Use, MaxText)
		c.text(path+".effect", o.Effect, MaxText)
		c.oneOf(path+".status", string(o.Status), o.Status.Valid())
		c.date(path+".occurredOn", o.OccurredOn)
	}
}
